"""A mailbox on an IMAP server, over TLS. A connection lasts for one look, because a minute later the server may have
gone.

Messages are identified by their UID. If the server renumbers its messages (UIDVALIDITY), nothing is moved, and what was
read comes again. IMAPClient speaks the protocol.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from everyfamily.channels.email.mailbox import (
    MAIL_FOLDERS,
    MOST_BYTES,
    MOST_HEADER_BYTES,
    Mail,
    Mailbox,
    MailboxNotThere,
    MailboxRefusesUs,
    MailFolder,
    header_of,
)

# At its lowest level the library logs what goes over the connection, and that is people's mail.
logging.getLogger("imapclient").setLevel(logging.WARNING)

SECONDS = 30.0
"""A server that is silent for this long counts as not there."""
_AT_ONCE = 200
"""UIDs named in one command, because a line has a limit."""


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where the mailbox is and who signs in. `tls` is off only in tests with this machine (mailbox_address.py)."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True


class Imap(Mailbox):
    """One folder of an account, and the two folders next to it."""

    def __init__(self, account: ImapAccount, *, seconds: float = SECONDS) -> None:
        self._account = account
        self._seconds = seconds
        self._open: IMAPClient | None = None
        self._validity = ""

    def messages(self, most: int) -> Iterator[Mail]:
        with self._talking():
            server = self._selected()
            for uid in _uids(server)[:most]:
                found = _fetch(server, uid, f"BODY.PEEK[]<0.{MOST_BYTES}>")
                if found is not None:
                    yield Mail(self._key(uid), *found)

    def headers(self, since: datetime, most: int, known: Collection[str]) -> Iterator[Mail]:
        with self._talking():
            server = self._selected(read_only=True)
            # SINCE works only in days, and a server counts them in its own time zone.
            day = (since.astimezone(UTC) - timedelta(days=1)).date()
            for uid in _uids(server, "SINCE", day):
                if most <= 0:
                    return
                if self._key(uid) in known:
                    continue
                found = _fetch(server, uid, f"BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>")
                if found is not None:
                    most -= 1
                    came_at, data = found
                    yield Mail(self._key(uid), came_at, header_of(data))

    def move(self, keys: Collection[str], place: MailFolder) -> None:
        if not keys:
            return
        with self._talking():
            server = self._selected()
            folder = self._make(server, place)
            named = [key.partition(".") for key in keys]
            uids = sorted(int(uid) for validity, _, uid in named if validity == self._validity)
            for some in batched(uids, _AT_ONCE):
                with _where_it_says_no("A message cannot be moved."):
                    _move(server, some, folder, seen=place == "done")

    def count(self) -> dict[str, int]:
        with self._talking():
            server = self._signed_in()
            found = {"inbox": _count(server, self._account.folder)}
            return found | {place: _count(server, self._beside(server, place)) for place in MAIL_FOLDERS}

    def close(self) -> None:
        """Sign off. If the server is gone, ignore it."""
        server, self._open = self._open, None
        if server is not None:
            with suppress(IMAPClientError, OSError):
                server.logout()

    def _selected(self, *, read_only: bool = False) -> IMAPClient:
        server = self._signed_in()
        with _where_it_says_no("A mailbox has no such folder."):
            said = server.select_folder(self._account.folder, readonly=read_only)
        self._validity = str(said.get(b"UIDVALIDITY", ""))
        return server

    def _signed_in(self) -> IMAPClient:
        if self._open is None:
            account = self._account
            context = ssl.create_default_context() if account.tls else None
            self._open = IMAPClient(
                account.host, account.port, ssl=account.tls, ssl_context=context, timeout=self._seconds
            )
            # With the time zone that the server gives, because without it two moments could not be compared.
            self._open.normalise_times = False
            # If the server says no, the error has the server's own words, and they may name the account.
            try:
                self._open.login(account.user, account.password)
            except LoginError as problem:
                if isinstance(problem.__context__, IMAPClientAbortError):
                    raise problem.__context__ from None
                raise _Refused from None
        return self._open

    def _key(self, uid: int) -> str:
        return f"{self._validity}.{uid}"

    def _make(self, server: IMAPClient, place: MailFolder) -> str:
        folder = self._beside(server, place)
        with _where_it_says_no():  # It already exists, or moving into it will say why not.
            server.create_folder(folder)
            server.subscribe_folder(folder)
        return folder

    def _beside(self, server: IMAPClient, place: MailFolder) -> str:
        """The folder's full name, because some servers keep every folder under INBOX."""
        if not server.has_capability("NAMESPACE"):
            return place
        with _where_it_says_no("A mailbox does not say how folders are named."):
            personal = server.namespace().personal
        return f"{personal[0][0]}{place}" if personal else place

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Any error ends the connection and becomes one of two errors, without the server's own words."""
        problem: MailboxNotThere | MailboxRefusesUs
        try:
            yield
            return
        except GeneratorExit:
            raise
        except (MailboxNotThere, MailboxRefusesUs):
            self.close()
            raise
        except _Refused:
            problem = MailboxRefusesUs(
                "A mailbox refuses our user and password.",
                "Correct the user in the mailbox's setting, or its password.",
            )
        except ssl.SSLCertVerificationError:
            problem = MailboxRefusesUs(
                "A mailbox's certificate is not one that this machine trusts.",
                "Use the name in the certificate, or make the machine trust the body that signed it.",
            )
        except (IMAPClientError, OSError, ValueError):
            problem = MailboxNotThere(
                "A mailbox did not answer, or ended in the middle.",
                "It is tried again with the next look. Check that the server runs and can be reached.",
            )
        # The old connection may hang, so do not say goodbye.
        if self._open is not None:
            with suppress(OSError):
                self._open.shutdown()
            self._open = None
        raise problem from None


class _Refused(Exception):
    """The server refused the user and password."""


@contextmanager
def _where_it_says_no(fact: str | None = None) -> Iterator[None]:
    """Continue, or raise MailboxNotThere with this fact. A broken connection is not a no, and its error is passed
    on."""
    try:
        yield
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        if fact is not None:
            raise MailboxNotThere(fact, "Correct the mailbox's setting, or make the folder.") from None


def _uids(server: IMAPClient, *criteria: Any) -> list[int]:
    """UIDs of the messages that are not deleted, oldest first."""
    with _where_it_says_no("A mailbox cannot be searched."):
        return sorted(server.search(["UNDELETED", *criteria]))


def _fetch(server: IMAPClient, uid: int, what: str) -> tuple[datetime, bytes] | None:
    """When a message came in, and its bytes. None if it is no longer there, or the server cannot give it, so that the
    others are not held up. Raises ValueError if the server does not say when it came in."""
    found: dict[bytes, Any] = {}
    with _where_it_says_no():
        found = server.fetch([uid], ["INTERNALDATE", what]).get(uid, {})
    data = next((value for name, value in found.items() if name.startswith(b"BODY[")), None)
    if not isinstance(data, bytes):
        return None
    came_at = found.get(b"INTERNALDATE")
    if not isinstance(came_at, datetime) or came_at.tzinfo is None:
        raise ValueError("no INTERNALDATE")
    return came_at.astimezone(UTC), data


def _move(server: IMAPClient, uids: Collection[int], folder: str, *, seen: bool) -> None:
    """Move in one step if the server can. Otherwise copy and delete, and a crash in between may leave two copies."""
    if seen:
        server.add_flags(uids, [b"\\Seen"], silent=True)
    if server.has_capability("MOVE"):
        server.move(uids, folder)
        return
    server.copy(uids, folder)
    server.add_flags(uids, [b"\\Deleted"], silent=True)
    if server.has_capability("UIDPLUS"):
        server.expunge(uids)


def _count(server: IMAPClient, folder: str) -> int:
    with _where_it_says_no():
        return int(server.folder_status(folder, ["MESSAGES"]).get(b"MESSAGES", 0))
    return 0
