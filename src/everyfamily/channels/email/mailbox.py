"""A mailbox that we read: one small interface. A Maildir (maildir.py) and IMAP over TLS (imap.py) implement it.

A message that was read is moved only when the caller says so, and never deleted. After a crash in between, it comes
again. At most a megabyte of a message is read, and one page of messages at a time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from everyfamily.core.errors import EveryfamilyError

MOST_BYTES = 1_000_000
"""Bytes of one message. The rest is not read. Bounces quote the letter, which has 30 kB."""
MOST_HEADER_BYTES = 64_000
"""Bytes of a message when only the header is read."""

MailFolder = Literal["done", "set-aside"]
"""Folders next to the inbox: for what is settled, and for what a person has to look at."""
MAIL_FOLDERS: tuple[MailFolder, ...] = ("done", "set-aside")


class MailboxAddressNotRight(EveryfamilyError):
    """A mailbox's address is not valid. It may hold a password, so it is not quoted."""

    code = "EF611"


class MailboxNotThere(EveryfamilyError):
    """The mailbox did not answer, the connection ended in the middle, or it may not be read. The next look tries
    again."""

    code = "EF612"


class MailboxRefusesUs(EveryfamilyError):
    """The mailbox is there but does not let us in, because of the password or an untrusted certificate."""

    code = "EF613"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in the mailbox. `key` is the mailbox's own name for it. `came_at` is when it came in."""

    key: str
    came_at: datetime
    data: bytes


class Mailbox(ABC):
    """An inbox with two folders next to it. Every method raises MailboxNotThere or MailboxRefusesUs."""

    @abstractmethod
    def messages(self, most: int) -> Iterator[Mail]:
        """Up to `most` messages of the inbox, oldest first, each up to MOST_BYTES. Nothing is marked as read."""

    @abstractmethod
    def headers(self, since: datetime, most: int, known: Collection[str]) -> Iterator[Mail]:
        """Only the headers of up to `most` messages that came in since then and whose key is not known.

        A server that counts in days may also give some that came in before. Nothing is marked as read: a person reads
        this mailbox.
        """

    @abstractmethod
    def move(self, keys: Collection[str], place: MailFolder) -> None:
        """Move messages out of the inbox. Ignore those that are no longer there."""

    @abstractmethod
    def count(self) -> dict[str, int]:
        """How many messages are in "inbox" and in each of the folders."""

    def close(self) -> None:
        """Give back the connection. The next call makes a new one."""
        return


def header_of(data: bytes) -> bytes:
    """The header of a message with the empty line after it, or everything that was read if there is none."""
    ends = [at + len(line) for line in (b"\r\n\r\n", b"\n\n") if (at := data.find(line)) >= 0]
    return data[: min(ends)] if ends else data
