"""One message in the bounce mailbox: whether it is a bounce of one of our letters, which letter, and what it says.

A bounce can only make a delivery less certain, never more. Nothing here means *delivered*, whatever a report says. To
forge one, somebody would need the reference, which only the letter's own recipient knows. They would only gain the
letter by the next way. docs/howto/read-bounces-and-replies.md says how each form is treated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import Enum

from flufl.bounce import all_failures

from everyfamily.channels.email.failure_words import counted_as, failure_of
from everyfamily.channels.email.return_path import REFERENCE, BounceAddress
from everyfamily.core.sending.fallback import AttemptStatus

_OUR_RECIPIENT = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Original-Recipient")
"""Where a mail server writes which address a bounce came for, in the order in which we look."""
_NOT_A_PERSON = re.compile(r"(?:mailer-?daemon|postmaster|mail delivery|delivery (?:sub)?system)", re.IGNORECASE)
_MOST_BLOCKS = 20
"""Recipients in one report. A letter has one, and an alias has a few."""
_MOST_TEXT = 20_000


class What(Enum):
    """What a message in the bounce mailbox is."""

    BOUNCE = "bounce"
    """One of our letters failed. `Reading.status` says how."""
    NO_NEWS = "no news"
    """It is about one of our letters, but nothing that counts: it is still being tried, or is said to have arrived."""
    NOT_OURS = "not ours"
    """Anything else, for a person to look at."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message means. `reason` contains no word of the message."""

    what: What
    reference: str = ""
    status: AttemptStatus = AttemptStatus.TEMPORARY_FAILURE
    reason: str = ""


NOT_OURS = Reading(What.NOT_OURS)


class Bounces:
    """Reads messages that came to one bounce address. `domain` is that of our Message-IDs."""

    def __init__(self, address: BounceAddress, domain: str) -> None:
        self._address = address
        self._message_id = re.compile(rf"<({REFERENCE})@{re.escape(domain)}>", re.IGNORECASE)

    def read(self, data: bytes) -> Reading:
        """Say what a message is. Any bytes at all become one of the three."""
        try:
            return self._read(message_from_bytes(data))
        # Parsers of other people's mail fail in every possible way. If one cannot read a message, a person looks at it.
        except Exception:
            return NOT_OURS

    def _read(self, mail: Message) -> Reading:
        blocks = list(_blocks(mail))
        if not blocks and not _is_from_a_server(mail):
            return NOT_OURS  # a person's answer, or somebody's holiday notice
        reference = self._reference(mail)
        if reference is None:
            return NOT_OURS
        verdict = _by_blocks(blocks) if blocks else _by_words(mail)
        if verdict is None:
            return NOT_OURS
        status, code = verdict
        if status is AttemptStatus.ACCEPTED:
            return Reading(What.NO_NEWS, reference)
        said = f"{_SAID[status]} ({code})" if code else _SAID[status]
        return Reading(What.BOUNCE, reference, counted_as(status), said)

    def _reference(self, mail: Message) -> str | None:
        """The letter's reference: from the address that the bounce came to, or from what it quotes.

        The first one counts, because a bounce is about one letter.
        """
        for name in _OUR_RECIPIENT:
            for value in mail.get_all(name, []):
                if found := self._address.reference_in(str(value)):
                    return found
        for text in _quoted(mail):
            if found := self._address.reference_in(text):
                return found
            if named := self._message_id.search(text):
                return named[1].lower()
        return None


_SAID = {
    AttemptStatus.PERMANENT_FAILURE: "bounced: the address does not exist",
    AttemptStatus.TEMPORARY_FAILURE: "bounced: could not be delivered",
    AttemptStatus.TECHNICAL_FAILURE: "bounced: the server refused the sender",
}


def _blocks(mail: Message) -> Iterator[Message]:
    """The recipients' blocks of a delivery report (RFC 3464) at the top level. A report inside a forwarded message is
    not ours."""
    if not mail.is_multipart():
        return
    for part in mail.get_payload():
        if isinstance(part, Message) and part.get_content_type() in _REPORTS:
            inside = part.get_payload()
            blocks = inside if isinstance(inside, list) else []
            for block in blocks[: _MOST_BLOCKS + 1]:
                if isinstance(block, Message) and (block["Action"] or block["Status"]):
                    yield block


_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})


def _by_blocks(blocks: list[Message]) -> tuple[AttemptStatus, str] | None:
    """What a report says. ACCEPTED means "nothing that counts". None if it is not clear.

    An alias has several recipients. If one of them got it or may still get it, that is enough. An address is gone only
    if it is gone for all.
    """
    verdicts = []
    for block in blocks:
        action = re.match(r"\s*([a-z]+)", str(block["Action"] or "").lower())
        status = str(block["Status"] or "")
        said = action[1] if action else ""
        if said in ("delayed", "delivered", "relayed", "expanded"):
            return AttemptStatus.ACCEPTED, ""
        if said.startswith(("fail", "error")) or (not said and status.strip().startswith("5")):
            words = " ".join(str(value) for value in block.get_all("Diagnostic-Code", []))
            verdicts.append(failure_of(words, status))
    if not verdicts:
        return None
    return min(verdicts, key=lambda one: _MILDEST.index(one[0]))


_MILDEST = (AttemptStatus.TEMPORARY_FAILURE, AttemptStatus.TECHNICAL_FAILURE, AttemptStatus.PERMANENT_FAILURE)


def _by_words(mail: Message) -> tuple[AttemptStatus, str] | None:
    """What a bounce without a report says, in the forms that flufl.bounce knows."""
    warned, failed = all_failures(mail)
    if failed or mail["X-Failed-Recipients"]:
        # Below the notice is our own letter.
        return failure_of(_notice(mail))
    return (AttemptStatus.ACCEPTED, "") if warned else None


_BELOW = re.compile(
    r"^(?:-+ ?(?:below this line|this is a copy|original message|the header|returned message|unsent message)|"
    r"(?:received|return-path|message-id|mime-version): )",
    re.IGNORECASE | re.MULTILINE,
)


def _notice(mail: Message) -> str:
    text = next(_texts(mail), "")
    below = _BELOW.search(text)
    return text[: below.start()] if below else text


def _is_from_a_server(mail: Message) -> bool:
    """Whether a mail server wrote it. A person's out-of-office notice quotes as much as a bounce does."""
    return bool(mail["X-Failed-Recipients"] or _NOT_A_PERSON.search(str(mail["From"] or "")[:300]))


def _texts(mail: Message) -> Iterator[str]:
    """The readable parts at the top level, cut to a length."""
    parts = mail.get_payload() if mail.is_multipart() else [mail]
    for part in parts:
        if isinstance(part, Message) and part.get_content_maintype() == "text" and not part.is_multipart():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload[:_MOST_TEXT].decode("utf-8", "replace")


def _quoted(mail: Message) -> Iterator[str]:
    """Headers of the letter that came back, wherever a bounce puts them."""
    for name in ("In-Reply-To", "References"):
        yield str(mail[name] or "")
    parts = mail.get_payload() if mail.is_multipart() else []
    for part in parts:
        if isinstance(part, Message) and part.get_content_maintype() == "message":
            inside = part.get_payload()
            for letter in inside if isinstance(inside, list) else []:
                if isinstance(letter, Message):
                    yield f"{letter['Return-Path'] or ''} {letter['Message-ID'] or ''}"
    yield from _texts(mail)
