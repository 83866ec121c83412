"""Email leaves encrypted and signed in, to a server whose certificate is good, or it does not leave at all."""

from __future__ import annotations

import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily.channels.email.answers import Answer
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.errors import CarrierRefused
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.contract.certificates import Authority
from tests.contract.imap_server import certificate
from tests.contract.mail_server import MailServer
from tests.contract.rigs import NOW, SENDER, message

PASSWORD = "seven quiet herons"
SIGNED_IN = {"EVERYFAMILY_SMTP_USER": "eastmere", "EVERYFAMILY_SMTP_PASSWORD": PASSWORD}


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority that this machine trusts."""
    made = Authority(tmp_path / "trusted")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> Callable[..., DjangoMail]:
    """The carrier that the settings make of some variables."""

    def make(**environment: str) -> DjangoMail:
        from django.conf import settings

        from everyfamily.config.smtp import smtp

        options = smtp(environment) | {"timeout": 5.0}
        backend = "django.core.mail.backends.smtp.EmailBackend"
        monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": backend, "OPTIONS": options}})
        return DjangoMail(sender=SENDER)

    return make


@pytest.fixture
def serving() -> Iterator[Callable[..., MailServer]]:
    """Starts mail servers, and stops them."""
    started: list[MailServer] = []

    def start(**how: Any) -> MailServer:
        started.append(MailServer(**how).start())
        return started[-1]

    yield start
    for server in started:
        server.stop()


ANSWER = Answer(
    "a1",
    "ana@example.org",
    "en",
    "Eastmere",
    "help@eastmere.example",
    "Thank you",
    "If a child is in danger, ring 999.",
)


def both(carrier: DjangoMail) -> list[AttemptStatus | str]:
    """What happens with a letter and an automatic answer: the code and sentence of what was raised."""
    came: list[AttemptStatus | str] = []
    for send in (lambda: carrier.send([message(Channel.EMAIL, 1)], NOW)[0], lambda: carrier.answer(ANSWER, NOW)):
        try:
            came.append(send().status)
        except EveryfamilyError as problem:
            assert PASSWORD not in "".join(traceback.format_exception(problem))
            came.append(f"{type(problem).__name__}: {problem.fact}")
    carrier.close()
    return came


TAKEN: list[AttemptStatus | str] = [AttemptStatus.ACCEPTED, AttemptStatus.ACCEPTED]


@pytest.mark.slow
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_letters_and_answers_go_encrypted_and_signed_in(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer], tls: str
) -> None:
    how: dict[str, Any] = {tls: authority.context_for("127.0.0.1")}
    server = serving(password=PASSWORD, **how)
    carrier = set_to(EVERYFAMILY_SMTP_TLS=tls, EVERYFAMILY_SMTP_PORT=str(server.port), **SIGNED_IN)
    assert both(carrier) == TAKEN
    assert [one.to for one in server.script.taken] == ["adult-1@example.com", "ana@example.org"]
    assert server.script.said == ["password", "sender", "sender"]


@pytest.mark.slow
def test_a_name_is_checked_against_the_certificate(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer]
) -> None:
    server = serving(starttls=authority.context_for("localhost"))
    where = {"EVERYFAMILY_SMTP_TLS": "starttls", "EVERYFAMILY_SMTP_PORT": str(server.port)}
    assert both(set_to(EVERYFAMILY_SMTP_HOST="localhost", **where)) == TAKEN
    refused = both(set_to(EVERYFAMILY_SMTP_HOST="127.0.0.1", **where))
    assert (
        refused
        == ["CarrierBroken: The mail server's certificate is not valid for its name, so nothing was sent to it."]
        * 2
    )
    assert len(server.script.taken) == 2


@pytest.mark.slow
@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("wrong", "fact"),
    [
        ("of somebody else's authority", "is of an authority that this machine does not know"),
        ("for another name", "is not valid for its name"),
        ("expired", "has expired"),
        ("signed by itself", "is signed by itself"),
    ],
)
def test_a_wrong_certificate_gets_nothing(
    authority: Authority,
    set_to: Callable[..., DjangoMail],
    serving: Callable[..., MailServer],
    tmp_path: Path,
    tls: str,
    wrong: str,
    fact: str,
) -> None:
    context = {
        "of somebody else's authority": lambda: Authority(tmp_path / "other").context_for("127.0.0.1"),
        "for another name": lambda: authority.context_for("mail.example.org"),
        "expired": lambda: authority.context_for("127.0.0.1", expired=True),
        "signed by itself": lambda: _signed_by_itself(tmp_path),
    }[wrong]()
    how: dict[str, Any] = {tls: context}
    server = serving(password=PASSWORD, **how)
    came = both(set_to(EVERYFAMILY_SMTP_TLS=tls, EVERYFAMILY_SMTP_PORT=str(server.port), **SIGNED_IN))
    assert came == [f"CarrierBroken: The mail server's certificate {fact}, so nothing was sent to it."] * 2
    assert server.script.said == []


def _signed_by_itself(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate(folder))
    return context


@pytest.mark.slow
def test_a_server_without_starttls_gets_nothing(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer]
) -> None:
    server = serving()
    came = both(set_to(EVERYFAMILY_SMTP_TLS="starttls", EVERYFAMILY_SMTP_PORT=str(server.port), **SIGNED_IN))
    assert all(
        str(one).startswith("CarrierBroken: The mail server does not offer the encryption") for one in came
    )
    assert server.script.said == []


@pytest.mark.slow
def test_a_server_that_speaks_no_tls_gets_nothing(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer]
) -> None:
    server = serving()
    came = both(set_to(EVERYFAMILY_SMTP_TLS="tls", EVERYFAMILY_SMTP_PORT=str(server.port)))
    assert all(
        str(one).startswith("CarrierBroken: The mail server does not speak the encryption") for one in came
    )
    assert server.script.said == []


@pytest.mark.slow
def test_a_wrong_password_pauses_with_a_plain_reason(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer]
) -> None:
    server = serving(starttls=authority.context_for("127.0.0.1"), password="another")
    came = both(set_to(EVERYFAMILY_SMTP_TLS="starttls", EVERYFAMILY_SMTP_PORT=str(server.port), **SIGNED_IN))
    assert came == ["CarrierBroken: The mail server refuses the user or the password (code 535)."] * 2
    assert set(server.script.said) == {"password"}


@pytest.mark.slow
def test_a_server_without_sign_in_is_not_used_without(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer]
) -> None:
    server = serving(starttls=authority.context_for("127.0.0.1"))
    carrier = set_to(EVERYFAMILY_SMTP_TLS="starttls", EVERYFAMILY_SMTP_PORT=str(server.port), **SIGNED_IN)
    server.script.hides_sign_in = True
    assert all(str(one).startswith("CarrierBroken") for one in both(carrier))
    assert server.script.said == []


@pytest.mark.slow
def test_a_server_that_cannot_encrypt_now_is_asked_again_later(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer]
) -> None:
    server = serving()
    server.script.claims_starttls = True
    came = both(set_to(EVERYFAMILY_SMTP_TLS="starttls", EVERYFAMILY_SMTP_PORT=str(server.port)))
    assert all(str(one).startswith(CarrierRefused.__name__) for one in came)
    assert server.script.said == []


@pytest.mark.slow
def test_a_server_that_cannot_look_at_passwords_now_is_asked_again_later(
    authority: Authority, set_to: Callable[..., DjangoMail], serving: Callable[..., MailServer]
) -> None:
    server = serving(starttls=authority.context_for("127.0.0.1"), password=PASSWORD)
    server.script.sign_in = "454 4.7.0 Temporary authentication failure"
    came = both(set_to(EVERYFAMILY_SMTP_TLS="starttls", EVERYFAMILY_SMTP_PORT=str(server.port), **SIGNED_IN))
    assert all(str(one).startswith(CarrierRefused.__name__) for one in came)
    assert set(server.script.said) == {"password"}


@pytest.mark.slow
def test_a_server_that_hangs_up_while_it_begins_to_encrypt_is_asked_again_later(
    authority: Authority, set_to: Callable[..., DjangoMail]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)

        def hang_up() -> None:
            for _ in range(2):
                one, _ = listening.accept()
                one.recv(5)
                one.shutdown(socket.SHUT_WR)
                while one.recv(1000):
                    pass
                one.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        port = listening.getsockname()[1]
        came = both(set_to(EVERYFAMILY_SMTP_TLS="tls", EVERYFAMILY_SMTP_PORT=str(port)))
        thread.join()
    assert all(str(one).startswith(CarrierRefused.__name__) for one in came)


def test_a_carrier_in_the_clear_to_another_machine_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where somebody writes MAILERS by hand."""
    from django.conf import settings

    from everyfamily.channels.email.encryption import MailInTheClear

    options = {"host": "mail.example.org", "port": 25}
    monkeypatch.setattr(settings, "MAILERS", {"default": {"OPTIONS": options}})
    with pytest.raises(MailInTheClear):
        DjangoMail(sender=SENDER)
