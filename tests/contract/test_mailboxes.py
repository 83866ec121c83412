"""What both kinds of mailbox keep to, on real files and on a real IMAP server."""

from __future__ import annotations

import imaplib
import os
import socket
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from everyfamily.channels.email.imap import Imap, ImapAccount
from everyfamily.channels.email.mailbox import (
    MOST_BYTES,
    Mailbox,
    MailboxAddressNotRight,
    MailboxNotThere,
    MailboxRefusesUs,
)
from everyfamily.channels.email.mailbox_address import mailbox_at
from everyfamily.channels.email.maildir import Maildir
from tests.contract.imap_server import PASSWORD, USER, ImapServer, certificate

pytestmark = pytest.mark.slow

LETTER = b"From: ana@example.org\r\nSubject: %d\r\n\r\nA line.\r\nAnother.\r\n"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Box(ABC):
    """A mailbox and the other side of it, where mail comes in and a person reads."""

    mailbox: Mailbox

    @abstractmethod
    def deliver(self, data: bytes) -> None: ...

    @abstractmethod
    def unread(self, folder: str = "") -> list[bytes]: ...

    @abstractmethod
    def lose(self) -> None:
        """The oldest message is gone, by somebody else's hand."""

    def close(self) -> None:
        self.mailbox.close()


class MaildirBox(Box):
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "mail"
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(parents=True)
        self.mailbox = mailbox_at(f"maildir:{self.folder}")
        self.delivered = 0

    def deliver(self, data: bytes) -> None:
        self.delivered += 1
        name = f"{1_800_000_000 + self.delivered}.M{self.delivered}P1.host"
        (self.folder / "tmp" / name).write_bytes(data)
        (self.folder / "tmp" / name).rename(self.folder / "new" / name)
        moment = datetime.now(UTC).timestamp() - 100 + self.delivered
        os.utime(self.folder / "new" / name, (moment, moment))

    def unread(self, folder: str = "") -> list[bytes]:
        place = self.folder / f".{folder}" if folder else self.folder
        return [path.read_bytes() for path in sorted((place / "new").iterdir())] if place.exists() else []

    def lose(self) -> None:
        min((self.folder / "new").iterdir()).unlink()


class ImapBox(Box):
    def __init__(self, folder: Path) -> None:
        self.server = ImapServer().start()
        self.mailbox = mailbox_at(
            f"imap://{USER}@127.0.0.1:{self.server.port}", PASSWORD, insecure_for_tests=True
        )

    def person(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.server.port, timeout=5)
        client.login(USER, PASSWORD)
        return client

    def deliver(self, data: bytes) -> None:
        with self.person() as client:
            client.append("INBOX", "", "", data)

    def unread(self, folder: str = "") -> list[bytes]:
        with self.person() as client:
            if client.select(folder or "INBOX", readonly=True)[0] != "OK":
                return []
            numbers = client.search(None, "UNSEEN")[1][0].split()
            return [client.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in numbers]  # type: ignore[index]

    def lose(self) -> None:
        with self.person() as client:
            client.select("INBOX")
            client.store("1", "+FLAGS", "(\\Deleted)")
            client.expunge()

    def close(self) -> None:
        super().close()
        self.server.stop()


@pytest.fixture(params=["maildir", "imap"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Box]:
    made: Box = MaildirBox(tmp_path) if request.param == "maildir" else ImapBox(tmp_path)
    yield made
    made.close()


def test_it_gives_messages_whole_and_the_oldest_first(box: Box) -> None:
    for number in range(3):
        box.deliver(LETTER % number)
    assert [mail.data for mail in box.mailbox.messages(10)] == [LETTER % number for number in range(3)]


def test_it_gives_a_page_and_what_was_moved_never_again(box: Box) -> None:
    for number in range(5):
        box.deliver(LETTER % number)
    first = list(box.mailbox.messages(2))
    box.mailbox.move([first[0].key], "done")
    box.mailbox.move([first[1].key], "set-aside")
    assert [mail.data for mail in box.mailbox.messages(2)] == [LETTER % 2, LETTER % 3]
    assert box.mailbox.count() == {"inbox": 3, "done": 1, "set-aside": 1}


def test_reading_alone_moves_and_marks_nothing(box: Box) -> None:
    box.deliver(LETTER % 1)
    list(box.mailbox.messages(10))
    list(box.mailbox.headers(LONG_AGO, 10, ()))
    assert [mail.data for mail in box.mailbox.messages(10)] == [LETTER % 1]
    assert box.unread() == [LETTER % 1]


def test_what_a_person_has_to_look_at_is_unread_and_what_is_done_is_not(box: Box) -> None:
    box.deliver(LETTER % 1)
    box.deliver(LETTER % 2)
    one, two = box.mailbox.messages(10)
    box.mailbox.move([one.key], "set-aside")
    box.mailbox.move([two.key], "done")
    assert box.unread("set-aside") == [LETTER % 1]
    assert box.unread("done") == []


def test_a_message_that_somebody_else_took_is_let_go(box: Box) -> None:
    box.deliver(LETTER % 1)
    box.deliver(LETTER % 2)
    both = [mail.key for mail in box.mailbox.messages(10)]
    box.lose()
    box.mailbox.move(both, "done")
    box.mailbox.move(both, "done")
    assert box.mailbox.count() == {"inbox": 0, "done": 1, "set-aside": 0}


def test_no_more_than_its_share_of_a_message_is_read(box: Box) -> None:
    box.deliver(LETTER % 1 + b"x" * 70 * 20_000)
    [mail] = box.mailbox.messages(10)
    assert len(mail.data) == MOST_BYTES


def test_headers_come_without_bodies_and_without_those_that_are_known(box: Box) -> None:
    for number in range(3):
        box.deliver(LETTER % number)
    first = list(box.mailbox.headers(LONG_AGO, 2, ()))
    assert [mail.data for mail in first] == [(LETTER % number).partition(b"A line")[0] for number in range(2)]
    known = {mail.key for mail in first}
    assert [mail.data for mail in box.mailbox.headers(LONG_AGO, 2, known)] == [
        (LETTER % 2).partition(b"A line")[0]
    ]


def test_headers_of_what_came_before_are_not_asked_for(box: Box) -> None:
    box.deliver(LETTER % 1)
    assert list(box.mailbox.headers(datetime.now(UTC) + timedelta(days=3), 10, ())) == []


def test_a_message_is_known_by_one_key_also_after_a_person_has_read_it(tmp_path: Path) -> None:
    box = MaildirBox(tmp_path)
    box.deliver(LETTER % 1)
    [mail] = box.mailbox.headers(LONG_AGO, 10, ())
    [path] = (box.folder / "new").iterdir()
    path.rename(box.folder / "cur" / f"{path.name}:2,S")
    assert list(box.mailbox.headers(LONG_AGO, 10, {mail.key})) == []


# Faults


def quiet(problem: BaseException) -> None:
    """Nothing of what is raised names the account or quotes the server."""
    said = "".join(traceback.format_exception(problem))
    assert PASSWORD not in said
    assert USER not in str(problem)


def test_a_link_in_a_maildir_is_never_followed(tmp_path: Path) -> None:
    box = MaildirBox(tmp_path)
    (tmp_path / "secret").write_bytes(b"not a letter")
    (box.folder / "new" / "1.link").symlink_to(tmp_path / "secret")
    assert list(box.mailbox.messages(10)) == []


def test_a_folder_that_is_no_maildir_is_said(tmp_path: Path) -> None:
    with pytest.raises(MailboxNotThere, match="no folder `new`"):
        list(mailbox_at(f"maildir:{tmp_path}").messages(10))


def test_a_file_in_the_way_of_a_place_is_said(tmp_path: Path) -> None:
    box = MaildirBox(tmp_path)
    box.deliver(LETTER % 1)
    (box.folder / ".done").write_bytes(b"")
    [mail] = box.mailbox.messages(10)
    with pytest.raises(MailboxNotThere, match="cannot be read or written"):
        box.mailbox.move([mail.key], "done")
    assert box.unread() == [LETTER % 1]


def test_a_wrong_password_is_said_without_quoting_it(tmp_path: Path) -> None:
    box = ImapBox(tmp_path)
    wrong = mailbox_at(f"imap://{USER}@127.0.0.1:{box.server.port}", "wrong", insecure_for_tests=True)
    with pytest.raises(MailboxRefusesUs) as caught:
        list(wrong.messages(10))
    quiet(caught.value)
    box.close()


def test_a_server_that_is_not_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(MailboxNotThere) as caught:
        list(mailbox_at(f"imap://{USER}@127.0.0.1:{port}", PASSWORD, insecure_for_tests=True).messages(10))
    quiet(caught.value)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = ImapAccount("127.0.0.1", silent.getsockname()[1], USER, PASSWORD, tls=False)
        with pytest.raises(MailboxNotThere):
            Imap(account, seconds=0.2).count()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    box = ImapBox(tmp_path)
    wrong = mailbox_at(f"imap://{USER}@127.0.0.1:{box.server.port}/Elsewhere", PASSWORD, insecure_for_tests=True)
    with pytest.raises(MailboxNotThere, match="no such folder"):
        list(wrong.messages(10))
    box.close()


def test_a_server_that_hangs_up_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    box = ImapBox(tmp_path)
    for number in range(3):
        box.deliver(LETTER % number)
    reading = box.mailbox.messages(10)
    first = next(reading)
    box.server.hang_up()
    with pytest.raises(MailboxNotThere):
        next(reading)
    box.mailbox.move([first.key], "done")  # on a new connection
    assert [mail.data for mail in box.mailbox.messages(10)] == [LETTER % 1, LETTER % 2]
    box.close()


def test_a_server_that_numbers_anew_has_nothing_moved(tmp_path: Path) -> None:
    box = ImapBox(tmp_path)
    box.deliver(LETTER % 1)
    [mail] = box.mailbox.messages(10)
    _, _, uid = mail.key.partition(".")
    box.mailbox.move([f"1.{uid}"], "done")
    assert len(list(box.mailbox.messages(10))) == 1
    box.close()


def able(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Servers say of themselves that they can do this and no more."""
    said = tuple(word.encode() for word in words)
    monkeypatch.setattr(IMAPClient, "capabilities", lambda self: said)


@pytest.mark.parametrize("can", [("UIDPLUS",), ()], ids=["and expunge one", "and mark it"])
def test_a_server_that_cannot_move_is_asked_to_copy_and_delete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can: tuple[str, ...]
) -> None:
    able(monkeypatch, "IMAP4rev1", *can)
    box = ImapBox(tmp_path)
    box.deliver(LETTER % 1)
    box.deliver(LETTER % 2)
    first, _ = box.mailbox.messages(10)
    box.mailbox.move([first.key], "set-aside")
    assert [mail.data for mail in box.mailbox.messages(10)] == [LETTER % 2]
    assert box.unread("set-aside") == [LETTER % 1]
    box.close()


def test_places_are_named_as_the_server_names_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    able(monkeypatch, "IMAP4rev1", "UIDPLUS", "MOVE", "NAMESPACE")
    said: tuple[str, list[bytes]] = ("OK", [b'(("INBOX/" "/")) NIL NIL'])
    monkeypatch.setattr(imaplib.IMAP4, "namespace", lambda self: said)
    box = ImapBox(tmp_path)
    box.deliver(LETTER % 1)
    [mail] = box.mailbox.messages(10)
    box.mailbox.move([mail.key], "set-aside")
    assert box.unread("INBOX/set-aside") == [LETTER % 1]
    assert box.mailbox.count() == {"inbox": 0, "done": 0, "set-aside": 1}
    said = ("OK", [b'(("" "/")) NIL NIL'])
    box.deliver(LETTER % 2)
    [mail] = box.mailbox.messages(10)
    box.mailbox.move([mail.key], "done")
    assert box.mailbox.count()["done"] == 1
    said = ("NO", [b"nothing"])
    with pytest.raises(MailboxNotThere, match="how folders are named"):
        box.mailbox.count()
    box.close()


def test_a_message_that_the_server_cannot_give_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = ImapBox(tmp_path)
    for number in range(3):
        box.deliver(LETTER % number)
    second = [mail.key for mail in box.mailbox.messages(10)][1].partition(".")[2]
    asked = imaplib.IMAP4._command

    def broken(self: imaplib.IMAP4, command: str, *words: str):  # type: ignore[no-untyped-def]
        if words[:2] in (("FETCH", second), ("FETCH", second.encode())):
            words = ("FETCH", second, "(NOTHING)")
        return asked(self, command, *words)

    monkeypatch.setattr(imaplib.IMAP4, "_command", broken)
    assert [mail.data for mail in box.mailbox.messages(10)] == [LETTER % 0, LETTER % 2]
    assert len(list(box.mailbox.headers(LONG_AGO, 10, ()))) == 2
    box.close()


def test_a_server_that_does_not_say_when_a_message_came_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = ImapBox(tmp_path)
    box.deliver(LETTER % 1)
    answer = {1: {b"BODY[]<0>": LETTER % 1, b"INTERNALDATE": None}}
    monkeypatch.setattr(IMAPClient, "fetch", lambda self, uids, what: dict.fromkeys(uids, answer[1]))
    with pytest.raises(MailboxNotThere):
        list(box.mailbox.messages(10))
    box.close()


@pytest.mark.parametrize("said", [b" 2-Mar-2027 10:30:00 +0100", b"02-Mar-2027 04:00:00 -0530"])
def test_the_moment_that_a_message_came_is_read_in_any_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    box = ImapBox(tmp_path)
    box.deliver(LETTER % 1)
    # Some servers give the date after the message.
    answer = [(b"1 (UID 101 BODY[]<0> {4}", b"A: B"), b' INTERNALDATE "' + said + b'")']
    monkeypatch.setattr(IMAPClient, "search", lambda self, criteria: [101])
    asked = imaplib.IMAP4._untagged_response

    def given(self: imaplib.IMAP4, kind: str, data: object, name: str):  # type: ignore[no-untyped-def]
        return ("OK", answer) if name == "FETCH" else asked(self, kind, data, name)

    monkeypatch.setattr(imaplib.IMAP4, "_untagged_response", given)
    [mail] = box.mailbox.messages(10)
    assert mail.came_at == datetime(2027, 3, 2, 9, 30, tzinfo=UTC)
    assert mail.data == b"A: B"
    monkeypatch.undo()
    box.close()


def test_tls_is_checked_and_a_certificate_that_nobody_trusts_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = certificate(tmp_path)
    server = ImapServer(files).start()
    address = f"imaps://{USER}@127.0.0.1:{server.port}/INBOX"
    with pytest.raises(MailboxRefusesUs, match="certificate"):
        list(mailbox_at(address, PASSWORD).messages(10))
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    mailbox = mailbox_at(address, PASSWORD)
    assert list(mailbox.messages(10)) == []
    mailbox.close()
    server.stop()


# Settings


@pytest.mark.parametrize(
    ("address", "password", "fact"),
    [
        ("maildir:mail", "", "whole path"),
        ("imap://bounces@mail.example.org", PASSWORD, "must begin with"),
        ("imaps://bounces:secret@mail.example.org", PASSWORD, "contains its password"),
        ("imaps://mail.example.org", PASSWORD, "has no user"),
        ("imaps://bounces@mail.example.org", "", "password is not set"),
        ("imaps://bounces@mail.example.org:port/", PASSWORD, "cannot be read"),
        ("imaps://bounces@mail.example.org/IN%0D%0ABOX", PASSWORD, "has no user"),
        ("/var/mail", "", "must begin with"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_without_quoting_it(address: str, password: str, fact: str) -> None:
    with pytest.raises(MailboxAddressNotRight, match=fact) as caught:
        mailbox_at(address, password)
    assert "secret" not in str(caught.value)
    assert "example.org" not in caught.value.fact


def test_plain_imap_is_refused_elsewhere_also_in_tests() -> None:
    with pytest.raises(MailboxAddressNotRight):
        mailbox_at("imap://bounces@mail.example.org", PASSWORD, insecure_for_tests=True)


def test_a_user_may_hold_an_at_sign() -> None:
    mailbox = mailbox_at("imaps://bounces@letters.example.org@mail.example.org", PASSWORD)
    assert isinstance(mailbox, Imap)
    assert PASSWORD not in repr(mailbox.__dict__)
    assert "user='bounces@letters.example.org', folder='INBOX'" in repr(mailbox.__dict__)


def test_a_maildir_is_named_by_its_path(tmp_path: Path) -> None:
    assert isinstance(mailbox_at(f"maildir:{tmp_path}"), Maildir)
