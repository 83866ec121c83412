"""A mailbox on an IMAP server, over TLS. A connection lasts for one look: a minute later the server may have gone.

Messages are known by their UID; should the server number its messages anew (UIDVALIDITY), nothing is moved, and what
was read comes again.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from everyfamily.channels.email.mailbox import (
    MOST_BYTES,
    MOST_HEADER_BYTES,
    PLACES,
    Mail,
    Mailbox,
    MailboxNotThere,
    MailboxRefusesUs,
    Place,
    header_of,
)

SECONDS = 30.0
"""A server that is silent for so long is not there."""
_AT_ONCE = 200
"""UIDs named in one command: a line has a limit."""
_FETCHED = re.compile(rb"UID (\d+)")
_CAME_AT = re.compile(rb'INTERNALDATE "([ 0-3]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_COUNT = re.compile(rb"MESSAGES (\d+)")
_NAMESPACE = re.compile(rb'^\(\("([^"]*)" (?:"([^"]+)"|NIL)')


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where the mailbox is and who signs in. `tls` is off in tests against this machine alone (places.py)."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True


class Imap(Mailbox):
    """One folder of an account, and the two places beside it."""

    def __init__(self, account: ImapAccount, *, seconds: float = SECONDS) -> None:
        self._account = account
        self._seconds = seconds
        self._open: imaplib.IMAP4 | None = None
        self._validity = ""
        self._can: frozenset[str] = frozenset()

    def messages(self, most: int) -> Iterator[Mail]:
        with self._talking():
            server = self._selected()
            for uid in _uids(server, "ALL")[:most]:
                mail = _fetch(server, uid, f"BODY.PEEK[]<0.{MOST_BYTES}>")
                if mail is not None:
                    yield replace(mail, key=self._key(uid))

    def headers(self, since: datetime, most: int, known: Collection[str]) -> Iterator[Mail]:
        with self._talking():
            server = self._selected(read_only=True)
            # SINCE knows days only, and a server counts them where it stands.
            day = since.astimezone(UTC) - timedelta(days=1)
            for uid in _uids(server, f"SINCE {_day(day)}"):
                if most <= 0:
                    return
                if self._key(uid) in known:
                    continue
                mail = _fetch(server, uid, f"BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>")
                if mail is not None:
                    most -= 1
                    yield Mail(self._key(uid), mail.came_at, header_of(mail.data))

    def move(self, keys: Collection[str], place: Place) -> None:
        if not keys:
            return
        with self._talking():
            server = self._selected()
            folder = self._make(server, place)
            named = [key.partition(".") for key in keys]
            uids = sorted((uid for validity, _, uid in named if validity == self._validity), key=int)
            for start in range(0, len(uids), _AT_ONCE):
                self._move(server, ",".join(uids[start : start + _AT_ONCE]), folder, seen=place == "done")

    def count(self) -> dict[str, int]:
        with self._talking():
            server = self._signed_in()
            found = {"inbox": _count(server, self._account.folder)}
            return found | {place: _count(server, self._beside(server, place)) for place in PLACES}

    def close(self) -> None:
        """Sign off; a server that is gone is let go."""
        server, self._open = self._open, None
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()

    def _selected(self, *, read_only: bool = False) -> imaplib.IMAP4:
        server = self._signed_in()
        _done(server.select(_quoted(self._account.folder), readonly=read_only), "A mailbox has no such folder.")
        answer: tuple[str, list[Any]] = server.response("UIDVALIDITY")
        self._validity = _text(answer[1][0]) if answer[1] and answer[1][0] else ""
        return server

    def _signed_in(self) -> imaplib.IMAP4:
        if self._open is None:
            account = self._account
            if account.tls:
                context = ssl.create_default_context()
                self._open = imaplib.IMAP4_SSL(
                    account.host, account.port, ssl_context=context, timeout=self._seconds
                )
            else:
                self._open = imaplib.IMAP4(account.host, account.port, timeout=self._seconds)
            # imaplib raises with the server's own words where it says no, and they may name the account.
            try:
                self._open.login(account.user, account.password)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                raise _Refused from None
            # Only now does a server say all that it can do.
            self._can = frozenset(_text(self._open.capability()[1][-1]).upper().split())
        return self._open

    def _key(self, uid: str) -> str:
        return f"{self._validity}.{uid}"

    def _make(self, server: imaplib.IMAP4, place: Place) -> str:
        folder = self._beside(server, place)
        if server.create(_quoted(folder))[0] == "OK":  # else it is there, or moving into it will say why not
            server.subscribe(_quoted(folder))
        return folder

    def _beside(self, server: imaplib.IMAP4, place: Place) -> str:
        """The place's whole name: some servers keep every folder under INBOX."""
        if "NAMESPACE" not in self._can:
            return place
        answer = _done(server.namespace(), "A mailbox does not say how folders are named.")
        found = _NAMESPACE.match(answer[0] or b"") if answer else None
        return f"{_text(found[1])}{place}" if found else place

    def _move(self, server: imaplib.IMAP4, uids: str, folder: str, *, seen: bool) -> None:
        """Move in one step where the server can; else copy and delete, which a crash may leave as two copies."""
        if seen:
            _done(server.uid("STORE", uids, "+FLAGS.SILENT", "(\\Seen)"), "A message cannot be marked.")
        if "MOVE" in self._can:
            _done(server.uid("MOVE", uids, _quoted(folder)), "A message cannot be moved.")
            return
        _done(server.uid("COPY", uids, _quoted(folder)), "A message cannot be moved.")
        _done(server.uid("STORE", uids, "+FLAGS.SILENT", "(\\Deleted)"), "A message cannot be moved.")
        if "UIDPLUS" in self._can:
            _done(server.uid("EXPUNGE", uids), "A message cannot be moved.")

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Whatever goes wrong ends the connection and is one of two errors, without a word of the server's."""
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
        except (imaplib.IMAP4.error, OSError, ValueError):
            problem = MailboxNotThere(
                "A mailbox did not answer, or ended in the middle.",
                "It is tried again with the next look. Check that the server runs and can be reached.",
            )
        # The old connection may hang: no word of farewell.
        if self._open is not None:
            with suppress(OSError):
                self._open.shutdown()
            self._open = None
        raise problem from None


class _Refused(Exception):
    """The server said no to user and password."""


def _done(answer: tuple[str, Any], fact: str) -> Any:
    """What a command gave; raises MailboxNotThere where the server said no."""
    if answer[0] != "OK":
        raise MailboxNotThere(fact, "Correct the mailbox's setting, or make the folder.")
    return answer[1]


def _uids(server: imaplib.IMAP4, criterion: str) -> list[str]:
    """UIDs of the messages that are not deleted, the oldest first."""
    found = _done(server.uid("SEARCH", f"UNDELETED {criterion}"), "A mailbox cannot be searched.")
    return sorted(_text(found[0]).split(), key=int) if found and found[0] else []


def _fetch(server: imaplib.IMAP4, uid: str, what: str) -> Mail | None:
    """One message; None when it is not there any more, or the server cannot give it: the others are not held up."""
    status, answer = server.uid("FETCH", uid, f"(INTERNALDATE {what})")
    for piece in answer if status == "OK" else ():
        if isinstance(piece, tuple) and len(piece) == 2:
            # What stands after the literal belongs to it: some servers give the date there.
            rest = b" ".join(one for one in answer if isinstance(one, bytes))
            about = piece[0] + b" " + rest
            named = _FETCHED.search(about)
            if named is not None and _text(named[1]) == uid:
                return Mail(uid, _came_at(about), piece[1])
    return None


def _came_at(about: bytes) -> datetime:
    """The moment at which the server took the message in. Raises ValueError where it does not say."""
    found = _CAME_AT.search(about)
    if found is None:
        raise ValueError("no INTERNALDATE")
    day, month, year, hour, minute, second, sign, hours, minutes = (_text(piece) for piece in found.groups())
    east = timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1)
    number = _MONTHS.index(month.capitalize()) + 1
    local = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=timezone(east))
    return local.astimezone(UTC)


def _count(server: imaplib.IMAP4, folder: str) -> int:
    status, answer = server.status(_quoted(folder), "(MESSAGES)")
    found = _COUNT.search(answer[0] or b"") if status == "OK" and answer else None
    return int(found[1]) if found else 0


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(data: bytes | str) -> str:
    return data if isinstance(data, str) else data.decode("ascii", "replace")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _day(moment: datetime) -> str:
    return f"{moment.day:02}-{_MONTHS[moment.month - 1]}-{moment.year}"
