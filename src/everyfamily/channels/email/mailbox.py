"""A mailbox that we read: one small port. A Maildir (maildir.py) and IMAP over TLS (imap.py) fill it in.

What was read is moved only when whoever read it says so, and never deleted; a crash in between gives it again. At most
a megabyte of a message is read, and a page of messages in one go.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from everyfamily.core.errors import EveryfamilyError

MOST_BYTES = 1_000_000
"""Of one message; the rest is not read. Bounces quote the letter, which has 30 kB."""
MOST_HEADER_BYTES = 64_000
"""Of a message of which the header alone is read."""

Place = Literal["done", "set-aside"]
"""Folders beside the inbox: what is settled, and what a person has to look at."""
PLACES: tuple[Place, ...] = ("done", "set-aside")


class MailboxAddressNotRight(EveryfamilyError):
    """A mailbox is named in a way that cannot be; the address may hold a password, so it is not quoted."""

    code = "EF611"


class MailboxNotThere(EveryfamilyError):
    """The mailbox did not answer, ended in the middle, or may not be read. The next look tries again."""

    code = "EF612"


class MailboxRefusesUs(EveryfamilyError):
    """The mailbox is there and does not let us in: the password, or a certificate that is not trusted."""

    code = "EF613"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it lies in the mailbox. `key` is the mailbox's own name of it; `came_at` is when it came in."""

    key: str
    came_at: datetime
    data: bytes


class Mailbox(ABC):
    """An inbox with two folders beside it. Every method raises MailboxNotThere or MailboxRefusesUs."""

    @abstractmethod
    def messages(self, most: int) -> Iterator[Mail]:
        """Up to `most` messages of the inbox, the oldest first, each up to MOST_BYTES. Nothing is marked as read."""

    @abstractmethod
    def headers(self, since: datetime, most: int, known: Collection[str]) -> Iterator[Mail]:
        """Headers alone of up to `most` messages of which the key is not known and that came in since then.

        A server that counts days may give some that came in before. Nothing is marked as read: a person reads this
        mailbox.
        """

    @abstractmethod
    def move(self, keys: Collection[str], place: Place) -> None:
        """Move messages out of the inbox; what is not there any more is let go."""

    @abstractmethod
    def count(self) -> dict[str, int]:
        """How many messages lie in "inbox" and in each of the places."""

    def close(self) -> None:
        """Give back the connection; the next call makes a new one."""
        return


def header_of(data: bytes) -> bytes:
    """The header of a message with the empty line after it; all that was read where none ends it."""
    ends = [at + len(line) for line in (b"\r\n\r\n", b"\n\n") if (at := data.find(line)) >= 0]
    return data[: min(ends)] if ends else data
