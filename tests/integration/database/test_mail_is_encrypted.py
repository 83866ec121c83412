"""Everything that goes by email goes encrypted: letters to families, links to schools, automatic answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from everyfamily.core.actors import Actor
from tests.contract.certificates import Authority
from tests.contract.mail_server import MailServer
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

FAMILIES, SENDS_ITSELF = 900001, 900101
PASSWORD = "seven quiet herons"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority that this machine trusts."""
    made = Authority(tmp_path / "trusted")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def through(
    city: City, trusted: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[MailServer], None]]:
    """Points every carrier at a server, by STARTTLS and with a password; a reply is in the mailbox of replies."""
    from django.conf import settings

    from everyfamily.config.smtp import smtp
    from everyfamily.mailings.edges import replies
    from everyfamily.mailings.installation.carriers import carriers, close_carriers

    for part in ("tmp", "new", "cur"):
        (tmp_path / "replies" / part).mkdir(parents=True)
    reply = tmp_path / "replies" / "new" / "1.reply"
    reply.write_text(
        "Return-Path: <ana@example.org>\nFrom: Ana <ana@example.org>\nTo: letters@eastmere.example\n"
        "Message-ID: <1@mail.example.org>\n\nThank you.\n"
    )
    os.utime(reply, ((NOW + MINUTE).timestamp(),) * 2)
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    monkeypatch.setattr(
        settings, "EVERYFAMILY_REPLIES", {"mailbox": f"maildir:{tmp_path / 'replies'}", "password": ""}
    )
    monkeypatch.setattr(settings, "SECRET_KEY", "a key that only this test knows, and long enough")

    def point(server: MailServer) -> None:
        options = smtp(
            {
                "EVERYFAMILY_SMTP_PORT": str(server.port),
                "EVERYFAMILY_SMTP_TLS": "starttls",
                "EVERYFAMILY_SMTP_USER": "eastmere",
                "EVERYFAMILY_SMTP_PASSWORD": PASSWORD,
            }
        )
        backend = "django.core.mail.backends.smtp.EmailBackend"
        monkeypatch.setattr(
            settings, "MAILERS", {"default": {"BACKEND": backend, "OPTIONS": options | {"timeout": 5}}}
        )
        carriers.cache_clear()
        replies.replies.cache_clear()

    yield point
    close_carriers()
    replies.replies.cache_clear()


def everything(city: City) -> None:
    """A letter to a family, the link to a school that sends itself, and an answer to a reply."""
    from everyfamily.mailings.actions.returns.reminders import remind_schools
    from everyfamily.mailings.actions.returns.return_links import open_returns
    from everyfamily.mailings.edges.post_to_schools import post_to_schools
    from everyfamily.mailings.edges.replies import look_at_replies
    from everyfamily.mailings.installation.carriers import close_carriers
    from everyfamily.people.models import School

    city.school(FAMILIES, [adult("P1", "Bea Testing", EMAIL="bea@example.org")])
    city.school(SENDS_ITSELF, sends="school")
    School.objects.filter(urn=SENDS_ITSELF).update(mailbox="office@example.org")
    city.open()
    open_returns(
        city.mailing, due_on=date(2027, 3, 12), close_on=date(2027, 3, 25), by=Actor.typed("team"), now=NOW
    )
    city.send()
    remind_schools(city.mailing, post_to_schools("https://letters.eastmere.example"), NOW)
    look_at_replies(NOW + 2 * MINUTE)
    # A server that is stopped would wait half a minute for the other side of an encrypted connection.
    close_carriers()


def test_letters_links_and_answers_go_encrypted_and_signed_in(
    city: City, trusted: Authority, through: Callable[[MailServer], None]
) -> None:
    server = MailServer(starttls=trusted.context_for("127.0.0.1"), password=PASSWORD).start()
    through(server)
    everything(city)
    server.stop()
    assert [one.to for one in server.script.taken] == ["bea@example.org", "office@example.org", "ana@example.org"]


@pytest.mark.parametrize("server", ["does not offer STARTTLS", "has a certificate for another name"])
def test_a_server_that_is_not_as_set_gets_nothing_and_the_mailing_pauses(
    city: City, trusted: Authority, through: Callable[[MailServer], None], server: str
) -> None:
    from everyfamily.mailings.models import Mailing, MailingTask

    context = None if server == "does not offer STARTTLS" else trusted.context_for("mail.example.org")
    serving = MailServer(starttls=context, password=PASSWORD if context else None).start()
    through(serving)
    everything(city)
    serving.stop()
    assert (serving.script.taken, serving.script.said) == ([], [])
    assert Mailing.objects.get().state == "paused"
    said = " ".join(MailingTask.objects.values_list("fact", flat=True))
    assert "does not offer the encryption" in said or "certificate is not valid for its name" in said
