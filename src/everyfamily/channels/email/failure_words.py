"""What a mail server's refusal says about an address: first the codes of RFC 3463, then words from a short list.

The two kinds of error are not equally bad. If a message about policy is read as "no such address", good addresses are
marked as dead, by the thousand when it is about a block list. If less is read than was said, that costs one family only
a message by the next way. So an address counts as gone only if the server says so and says nothing about policy.
"""

from __future__ import annotations

import re

from everyfamily.core.sending.fallback import AttemptStatus

# RFC 3463: what is wrong with the address itself. 5.1.7 and 5.1.8 are about our own address, and 5.7 is about policy.
NO_SUCH_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"})
MAILBOX_CANNOT = frozenset({"5.2.2", "5.2.3"})
_ABOUT_US = re.compile(r"5\.7\.\d+|5\.1\.[789]|5\.3\.4|5\.6\.\d+")
"""Policy, our own address, the letter itself."""

_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_QUOTED = re.compile(r"<[^>]*>|\S*@\S*|(?:https?://|www\.)\S*")
"""Addresses and links may contain any word."""
_POLICY = re.compile(
    r"\bspam\w*|\bblock(?:ed|list|s|ing)?\b|\bblack-?list\w*|\bdeny-?list\w*|\bpolicy\b|\bpolicies\b|\breputation\b|"
    r"\bdnsbl\b|\brbl\b|\bspf\b|\bdkim\b|\bdmarc\b|\brelay\w*|\bunsolicited\b|\bvirus\b|\bauthenticat\w*|\bbanned\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:user|recipient|mailbox|address|account)\b[^.\n]{0,30}\b(?:unknown|not found|does ?n[o’']t exist|not exist|"
    r"disabled|invalid)\b|\b(?:unknown|no such|invalid) (?:user|recipient|mailbox|address|account)\b|"
    r"\bno mailbox here\b|\bunrouteable address\b|\bdoesn't have a .{0,30}account\b",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"\b(?:quota|mailbox|inbox|storage)\b[^.\n]{0,30}\b(?:full|exceeded|over)\b|\bover quota\b", re.I
)
MOST_WORDS = 4_000
"""How many characters of a refusal are looked at."""


def failure_of(words: str, status: str = "") -> tuple[AttemptStatus, str]:
    """What a final refusal means, and its code or "": permanent, temporary, or technical if it is about us.

    `status` is the code of a delivery report (RFC 3464), which is often only 5.0.0 when the words say more.
    """
    words = _QUOTED.sub(" ", words[:MOST_WORDS])
    code = _telling(status, words)
    if code in MAILBOX_CANNOT:
        return AttemptStatus.TEMPORARY_FAILURE, code
    if _ABOUT_US.fullmatch(code) or _POLICY.search(words):
        return AttemptStatus.TECHNICAL_FAILURE, code
    if code in NO_SUCH_ADDRESS:
        return AttemptStatus.PERMANENT_FAILURE, code
    if code.startswith("4") or _FULL.search(words):
        # Tried for days, and then given up.
        return AttemptStatus.TEMPORARY_FAILURE, code
    if code in ("", "5.0.0", "5.1.0") and _GONE.search(words):
        return AttemptStatus.PERMANENT_FAILURE, code
    return AttemptStatus.TEMPORARY_FAILURE, code


def counted_as(status: AttemptStatus) -> AttemptStatus:
    """The status that a bounce is recorded with. One server that refuses us is no reason to stop a whole mailing, as a
    technical failure would; where many do, their number is (core/sending/failure_rate.py)."""
    return AttemptStatus.TEMPORARY_FAILURE if status is AttemptStatus.TECHNICAL_FAILURE else status


def _telling(status: str, words: str) -> str:
    """The code that says most: the report's, unless it says nothing and the words contain another."""
    found = _CODE.search(status)
    code = found[1] if found else ""
    if code and not code.endswith(".0.0"):
        return code
    inside = _CODE.search(words)
    return inside[1] if inside else code
