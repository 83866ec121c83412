"""The header of a reply: whether it may be answered automatically, and which letter it is about (RFC 3834).

Only the header of a reply is ever read. Anything that looks like a machine, a list or ourselves gets no answer, because
two mailboxes that answer each other never stop.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256

from everyfamily.channels.email.return_path import PLAIN_ADDRESS, REFERENCE

_MACHINES = re.compile(
    r"(?:mailer-?daemon|postmaster|no-?reply|do-?not-?reply|donotreply|bounces?|listserv|majordomo|mdaemon|root|"
    r"auto-?(?:reply|responder|matic)|notifications?)(?:[+=._-].*)?|owner-.*|.*-(?:owner|request|bounces?)",
    re.IGNORECASE,
)
"""Names before the @ that nobody reads."""
_SUPPRESSED = re.compile(r"\b(?:all|oof|autoreply)\b", re.IGNORECASE)
_OF_MACHINES = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autorespond-To",
    "X-Auto-Reply-From",
    "X-Loop",
    "X-Failed-Recipients",
)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_MOST_IDS = 20
"""How many ids of a thread are looked at, and given back in the answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer needs to know. Addresses are in lower case, and neither logged nor stored."""

    sender: str
    """Whose reply it is, for counting "one answer a week"."""
    answer_to: str
    """Where an answer goes: the envelope's sender (RFC 3834, 4), or otherwise `sender`."""
    to: frozenset[str]
    identity: str
    """The same for every copy of the message: its Message-ID, or a digest of the header."""
    message_id: str
    """"" if there is none that can be written in a header."""
    thread: tuple[str, ...]
    """Message-IDs of what it answers, newest first."""

    def references(self, domain: str) -> tuple[str, ...]:
        """Our references in what it answers. `domain` is that of our Message-IDs."""
        ours = re.compile(rf"<({REFERENCE})@{re.escape(domain)}>", re.IGNORECASE)
        return tuple(found[1].lower() for one in self.thread if (found := ours.fullmatch(one)))


def reply_in(header: bytes, *, ours: Collection[str]) -> Reply | None:
    """The reply that a message's header describes, or None if it gets no answer. It takes any bytes at all.

    `ours` are the addresses that we write from and read.
    """
    try:
        mail = message_from_bytes(header)
        return None if _is_of_a_machine(mail) else _reply(mail, header, frozenset(one.lower() for one in ours))
    # Parsers of other people's headers fail in every possible way, and no answer is the safe choice.
    except Exception:
        return None


def _is_of_a_machine(mail: Message) -> bool:
    submitted = str(mail["Auto-Submitted"] or "no").partition(";")[0].partition("(")[0].strip().lower()
    precedence = str(mail["Precedence"] or "").strip().lower()
    return (
        submitted != "no"
        or precedence in ("bulk", "list", "junk", "auto_reply")
        or any(name.lower().startswith("list-") for name in mail)
        or any(mail[name] for name in _OF_MACHINES)
        or _SUPPRESSED.search(str(mail["X-Auto-Response-Suppress"] or "")) is not None
        or str(mail["X-Spam-Flag"] or mail["X-Spam-Status"] or "").strip().lower().startswith("yes")
        or mail.get_content_type() == "multipart/report"
    )


def _reply(mail: Message, header: bytes, ours: frozenset[str]) -> Reply | None:
    senders = _addresses(mail, "From")
    paths = mail.get_all("Return-Path", [])
    if len(senders) != 1 or len(paths) > 1:
        return None
    [sender] = senders
    answer_to = sender
    if paths:
        path = str(paths[0]).strip().removeprefix("<").removesuffix(">").strip().lower()
        if not path:
            return None  # the null sender: a bounce, or an answer like ours
        if _MACHINES.fullmatch(path.partition("@")[0]):
            return None
        # Some servers sign the envelope's sender (BATV). If no letter could be sent to it, the header's sender is used.
        answer_to = path if PLAIN_ADDRESS.fullmatch(path) else sender
    if not _is_of_a_person(sender, ours) or not _is_of_a_person(answer_to, ours):
        return None
    ids = _MESSAGE_ID.findall(str(mail["Message-ID"] or ""))
    thread = [*_MESSAGE_ID.findall(str(mail["In-Reply-To"] or ""))[:_MOST_IDS]]
    thread += reversed(_MESSAGE_ID.findall(str(mail["References"] or ""))[-_MOST_IDS:])
    return Reply(
        sender=sender,
        answer_to=answer_to,
        to=frozenset((*_addresses(mail, "To"), *_addresses(mail, "Cc"))),
        identity=ids[0] if ids else sha256(header).hexdigest(),
        message_id=ids[0] if ids else "",
        thread=tuple(dict.fromkeys(thread)),
    )


def _addresses(mail: Message, name: str) -> list[str]:
    found = getaddresses([str(value) for value in mail.get_all(name, [])])
    return [address.lower() for _, address in found if address]


def _is_of_a_person(address: str, ours: frozenset[str]) -> bool:
    local, _, domain = address.rpartition("@")
    untagged = f"{local.partition('+')[0]}@{domain}"
    return (
        PLAIN_ADDRESS.fullmatch(address) is not None
        and len(address) <= 254
        and address not in ours
        and untagged not in ours
        and _MACHINES.fullmatch(local) is None
    )
