"""What is invented goes to no real carrier, and what is real goes to no stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from everyfamily.core.errors import EveryfamilyError
from tests.contract.mail_server import MailServer
from tests.factories.city import City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def server(database: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server that the settings take for a real one."""
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import close_carriers

    server = MailServer().start()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    options = {"host": "127.0.0.1", "port": server.port, "timeout": 5}
    monkeypatch.setattr(settings, "MAILERS", {"default": {"BACKEND": backend, "OPTIONS": options}})
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "smtp")
    monkeypatch.setattr(settings, "EVERYFAMILY_STAND_INS", False)
    monkeypatch.setattr(settings, "EVERYFAMILY_SENDER", "@".join(("letters", "council.gov.uk")))
    close_carriers()
    yield server
    close_carriers()
    server.stop()


def test_a_demonstration_is_not_given_to_a_mail_server(city: City, server: MailServer) -> None:
    from everyfamily.mailings.models import LedgerEntry, Mailing

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    assert Mailing.objects.get().state == "paused"
    assert (server.script.taken, LedgerEntry.objects.count()) == ([], 0)


def test_a_demonstration_is_not_given_to_a_print_folder(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.channels.post.print_folder import PrintFolder

    assert PrintFolder(city.folder / "print").refuses_demonstrations()


@pytest.mark.parametrize(("demonstration", "why"), [(True, None), (False, "letter is real")])
def test_stand_ins_are_given_demonstrations_alone(
    database: object, monkeypatch: pytest.MonkeyPatch, demonstration: bool, why: str | None
) -> None:
    from everyfamily.mailings.installation.stand_ins import why_not_carried

    said = why_not_carried(demonstration=demonstration)
    assert (said is None) if why is None else (said is not None and why in said)


@pytest.mark.parametrize("way", ["smtp", "anymail", "notify"])
def test_settings_that_call_a_real_carrier_a_stand_in_are_refused(
    database: object, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    from django.conf import settings

    from everyfamily.mailings.installation.stand_ins import why_not_carried

    key = "test-" + "-".join(["26785a09-ab16-4eb0-8407-a37497a57506"] * 2)
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", way)
    monkeypatch.setattr(settings, "MAILERS", {"default": {"OPTIONS": {"host": "mail.council.gov.uk"}}})
    monkeypatch.setattr(settings, "EVERYFAMILY_NOTIFY", {"key": key})
    with pytest.raises(EveryfamilyError) as refused:
        why_not_carried(demonstration=True)
    assert refused.value.code == "EF385"


def test_email_comes_from_no_address_that_leads_nowhere(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import carriers

    with monkeypatch.context() as demos:
        demos.setattr(settings, "EVERYFAMILY_SENDER", "letters@eastmere.example")
        with pytest.raises(EveryfamilyError) as refused:
            carriers()
    assert refused.value.code == "EF387"
