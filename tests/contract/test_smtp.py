"""Email on a real mail server: what arrives, and how each of its answers is treated."""

from __future__ import annotations

import re
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

import pytest

from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.contract.mail_server import HANG_UP, MailServer
from tests.contract.rigs import BODY, NOW, SECRETS, SENDER, SmtpRig, message


@pytest.fixture(params=["one question after another", "three at once"])
def smtp(request: pytest.FixtureRequest, mailer: Callable[..., None]) -> Iterator[SmtpRig]:
    """A mail server that takes questions one after another, and one that takes them at once (RFC 2920)."""
    server = MailServer().start()
    server.script.pipelining = request.param == "three at once"
    mailer(server.port)
    rig = SmtpRig(server)
    yield rig
    rig.close()


def flat(data: bytes | str) -> str:
    return (data.decode() if isinstance(data, bytes) else data).replace("\r\n", "\n")


# What arrives


def test_the_letter_arrives_as_it_was_given(smtp: SmtpRig) -> None:
    sent = smtp.message(1)
    smtp.carrier.send([sent], NOW)
    [taken] = smtp.server.script.taken
    mail = taken.mail
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert mail["Subject"] == BODY.subject
    assert parseaddr(str(mail["From"])) == (BODY.sender_name, SENDER)
    assert mail["To"] == sent.to == taken.to
    assert mail["Reply-To"] == BODY.reply_to
    assert mail["Message-ID"] == f"<{sent.reference}@eastmere.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    assert plain is not None
    assert html is not None
    assert flat(plain.get_content()) == BODY.text + "\n"
    assert flat(html.get_content()) == BODY.html
    assert mail.get_content_type() == "multipart/alternative"
    assert list(mail.iter_attachments()) == []


def test_the_letter_is_seven_bit_with_short_lines(smtp: SmtpRig) -> None:
    smtp.carrier.send([smtp.message(1)], NOW)
    raw = smtp.server.script.taken[0].raw
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_letters_differ_in_nothing_but_address_and_reference(smtp: SmtpRig) -> None:
    for number in (1, 2, 3):
        smtp.carrier.send([smtp.message(number)], NOW)
    own = re.compile(rb"^(To|Message-ID): .*\r\n", re.MULTILINE)
    assert len({own.sub(b"", one.raw) for one in smtp.server.script.taken}) == 1


def test_a_new_body_is_built_and_the_old_one_not_kept(smtp: SmtpRig) -> None:
    other = replace(BODY, key="another", subject="Another letter")
    smtp.carrier.send([smtp.message(1)], NOW)
    smtp.carrier.send([smtp.message(2, body=other)], NOW)
    smtp.carrier.send([smtp.message(3)], NOW)
    subjects = [one.mail["Subject"] for one in smtp.server.script.taken]
    assert subjects == [BODY.subject, "Another letter", BODY.subject]


def test_a_letter_without_html_is_plain(smtp: SmtpRig) -> None:
    smtp.carrier.send([smtp.message(1, body=replace(BODY, html=None))], NOW)
    mail = smtp.server.script.taken[0].mail
    assert mail.get_content_type() == "text/plain"
    assert flat(mail.get_content()) == BODY.text + "\n"


def test_a_domain_in_another_script_is_written_in_ascii(smtp: SmtpRig) -> None:
    smtp.carrier.send([smtp.message(1, to="adult-1@môr.example.com")], NOW)
    assert smtp.server.script.taken[0].to == "adult-1@xn--mr-8ja.example.com"


@pytest.mark.parametrize(
    "address", ["zoë@example.com", "adult-1@", "a@example.com\r\nBcc: b@example.com", "", "a b"]
)
def test_an_address_that_no_email_can_carry_fails_by_itself(smtp: SmtpRig, address: str) -> None:
    wrong = replace(smtp.message(1), to=address)
    assert smtp.carrier.send([wrong], NOW)[0].status is AttemptStatus.PERMANENT_FAILURE
    assert smtp.carrier.send([smtp.message(2)], NOW)[0].status is AttemptStatus.ACCEPTED
    assert len(smtp.taken()) == 1


# How each answer is treated


def outcome(rig: SmtpRig, number: int = 1) -> str:
    """The status of one message, or the name of what was raised; nothing of it may hold a contact value."""
    try:
        [answer] = rig.carrier.send([rig.message(number)], NOW)
    except EveryfamilyError as problem:
        told = "".join(traceback.format_exception(problem))
        chain: list[BaseException | None] = [problem.__cause__, problem.__context__]
        assert not any(part in told for part in SECRETS)
        assert not any(part in repr(one.args) for one in chain if one is not None for part in SECRETS)
        return type(problem).__name__
    assert not any(part in answer.reason for part in SECRETS)
    return answer.status.value


RECIPIENT = {
    "250 2.1.5 OK": "accepted",
    "450 4.2.0 <adult-1@example.com> try later": "CarrierRefused",
    "452 4.2.2 mailbox full": "CarrierRefused",
    "550 5.1.1 <adult-1@example.com> no such user": "permanent-failure",
    "550 no such user": "permanent-failure",
    "551 user not local": "permanent-failure",
    "550 5.1.10 no such recipient": "permanent-failure",
    "550 5.2.1 mailbox disabled": "permanent-failure",
    "552 5.2.2 mailbox full": "temporary-failure",
    "552 mailbox full": "temporary-failure",
    # These speak of us. Read as "no such address" they would mark a whole city's addresses as dead.
    "554 5.7.1 <adult-1@example.com>: Relay access denied": "CarrierBroken",
    "550 5.7.1 blocked": "CarrierBroken",
    "550 5.1.8 sender's domain not found": "CarrierBroken",
    "530 5.7.0 sign in first": "CarrierBroken",
    "553 not in my list of allowed hosts": "CarrierBroken",
    "421 4.3.2 closing": "CarrierRefused",
    HANG_UP: "CarrierRefused",
}


@pytest.mark.parametrize("answer", RECIPIENT)
def test_an_answer_at_the_recipient_has_one_meaning(smtp: SmtpRig, answer: str) -> None:
    smtp.server.script.recipient["adult-1"] = answer
    assert outcome(smtp) == RECIPIENT[answer]
    assert len(smtp.taken()) == (RECIPIENT[answer] == "accepted")
    assert outcome(smtp, 2) == "accepted"


LETTER = {
    "451 4.3.0 try later": "CarrierRefused",
    "421 4.3.2 closing": "CarrierRefused",
    "554 5.6.0 refused": "CarrierBroken",
    "552 5.3.4 too big": "CarrierBroken",
    HANG_UP: "NoAnswer",
}


@pytest.mark.parametrize("answer", LETTER)
def test_an_answer_to_the_letter_has_one_meaning(smtp: SmtpRig, answer: str) -> None:
    smtp.server.script.letter["adult-1"] = answer
    assert outcome(smtp) == LETTER[answer]
    assert len(smtp.taken()) == (answer == HANG_UP)
    assert outcome(smtp, 2) == "accepted"


@pytest.mark.parametrize(
    ("answer", "meaning"), [("451 4.3.0 later", "CarrierRefused"), ("550 5.7.1 not you", "CarrierBroken")]
)
def test_an_answer_to_our_own_address_is_never_about_the_family(smtp: SmtpRig, answer: str, meaning: str) -> None:
    smtp.server.script.sender = answer
    assert outcome(smtp) == meaning
    smtp.server.script.sender = None
    assert outcome(smtp) == "accepted"


def test_a_letter_that_was_refused_goes_with_the_same_reference(smtp: SmtpRig) -> None:
    smtp.server.script.recipient["adult-1"] = "450 4.7.1 greylisted"
    assert outcome(smtp) == "CarrierRefused"
    smtp.server.script.recipient.clear()
    smtp.carrier.send([smtp.message(1, calls=1)], NOW)
    assert smtp.taken() == [(smtp.message(1).reference, "adult-1@example.com")]


# The connection


def test_one_connection_is_kept_also_after_a_refused_address(smtp: SmtpRig) -> None:
    smtp.server.script.recipient["adult-2"] = "550 5.1.1 no such user"
    assert [outcome(smtp, number) for number in (1, 2, 3)] == ["accepted", "permanent-failure", "accepted"]
    assert smtp.server.script.connections == 1


@pytest.mark.slow
def test_a_connection_that_ended_while_idle_loses_nothing(smtp: SmtpRig) -> None:
    smtp.server.script.idle_after = 2
    for number in range(1, 7):
        assert outcome(smtp, number) == "accepted"
        time.sleep(0.03)
    assert len(smtp.taken()) == 6
    assert smtp.server.script.connections == 3


def test_a_server_that_is_not_there_refuses(mailer: Callable[[int], None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mailer(port)
    carrier = DjangoMail(sender=SENDER)
    with pytest.raises(CarrierRefused):
        carrier.send([message(Channel.EMAIL, 1)], NOW)
    carrier.close()


def test_a_server_that_comes_back_takes_the_next_letter(smtp: SmtpRig) -> None:
    assert outcome(smtp) == "accepted"
    smtp.server.stop()
    assert outcome(smtp, 2) == "CarrierRefused"
    smtp.server.start()
    assert outcome(smtp, 2) == "accepted"
    assert len(smtp.taken()) == 2


def test_settings_that_silence_failures_do_not_hide_them(smtp: SmtpRig, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"host": "127.0.0.1", "port": port, "fail_silently": True}
    monkeypatch.setattr(settings, "MAILERS", {"default": {"OPTIONS": options}})
    with pytest.raises(CarrierRefused):
        DjangoMail(sender=SENDER).send([message(Channel.EMAIL, 1)], NOW)


@contextmanager
def talking(*answers: bytes) -> Iterator[int]:
    """A server that gives these answers, one to each line that it reads, and then says nothing more."""
    done = threading.Event()

    def talk() -> None:
        client, _ = listening.accept()
        with client, client.makefile("rb") as lines:
            for answer in answers:
                client.sendall(answer)
                lines.readline()
            done.wait(5)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=talk)
        thread.start()
        yield listening.getsockname()[1]
        done.set()
        thread.join()


HELLO = (b"220 test\r\n", b"250 test\r\n")
AT_ONCE = (b"220 test\r\n", b"250-test\r\n250 PIPELINING\r\n")
OK = b"250 ok\r\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "meaning"),
    [
        ((), CarrierRefused),
        ((b"554 no mail here\r\n",), CarrierBroken),
        ((b"421 busy\r\n",), CarrierRefused),
        (HELLO, CarrierRefused),
        ((*HELLO, b"250 ok\r\n"), CarrierRefused),
        ((*HELLO, b"250 ok\r\n", b"250 ok\r\n"), CarrierRefused),
        ((*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"451 later\r\n"), CarrierRefused),
        ((*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"), NoAnswer),
        ((*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"what\r\n"), NoAnswer),
        (AT_ONCE, CarrierRefused),
        ((*AT_ONCE, OK), CarrierRefused),
        ((*AT_ONCE, OK, OK), CarrierRefused),
        ((*AT_ONCE, OK, OK, b"451 later\r\n"), CarrierRefused),
        ((*AT_ONCE, OK, OK, b"354 go\r\n"), NoAnswer),
        ((*AT_ONCE, OK, OK, b"354 go\r\n", b"what\r\n"), NoAnswer),
        ((*AT_ONCE, OK, b"421 closing\r\n", b"421 closing\r\n"), CarrierRefused),
        # It refuses the family's address and wants the letter all the same: it gets an empty one, to nobody.
        ((*AT_ONCE, OK, b"450 later\r\n", b"354 go\r\n", b"554 nobody\r\n"), CarrierRefused),
        ((*AT_ONCE, b"451 later\r\n", b"503 no sender\r\n", b"503 no sender\r\n"), CarrierRefused),
    ],
)
def test_silence_is_unknown_only_once_the_letter_was_asked_for(
    mailer: Callable[..., None], answers: tuple[bytes, ...], meaning: type[Exception]
) -> None:
    with talking(*answers) as port:
        mailer(port, 0.3)
        carrier = DjangoMail(sender=SENDER)
        with pytest.raises(meaning):
            carrier.send([message(Channel.EMAIL, 1)], NOW)
        carrier.close()


def test_a_refused_sign_in_pauses_the_mailing(monkeypatch: pytest.MonkeyPatch, smtp: SmtpRig) -> None:
    from django.conf import settings

    options = {"host": "127.0.0.1", "port": smtp.server.port, "username": "eastmere", "password": "wrong"}
    monkeypatch.setattr(settings, "MAILERS", {"default": {"OPTIONS": options}})
    carrier = DjangoMail(sender=SENDER)
    with pytest.raises(CarrierBroken):
        carrier.send([message(Channel.EMAIL, 1)], NOW)
    carrier.close()


# A backend that is not SMTP


class Elsewhere:
    """A backend that does what it is told."""

    answer: Any = 1

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def send_messages(self, mails: list[Any]) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        return


@pytest.mark.parametrize("answer", [1, 0, None, RuntimeError("adult-1@example.com is blocked")])
def test_another_backends_failure_is_silence(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    from django.core.mail import mailers

    monkeypatch.setattr(Elsewhere, "answer", answer)
    monkeypatch.setattr(type(mailers), "create_connection", lambda self, alias: Elsewhere(alias))
    carrier = DjangoMail(sender=SENDER)
    if answer == 1:
        assert carrier.send([message(Channel.EMAIL, 1)], NOW)[0].status is AttemptStatus.ACCEPTED
        return
    with pytest.raises(NoAnswer) as caught:
        carrier.send([message(Channel.EMAIL, 1)], NOW)
    assert not any(part in "".join(traceback.format_exception(caught.value)) for part in SECRETS)
    assert caught.value.__context__ is None
