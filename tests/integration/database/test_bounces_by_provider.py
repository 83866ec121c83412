"""A letter by a provider behind django-anymail, and what the provider calls us with, up to the family's outcome."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from everyfamily.core.accounting.coverage import Outcome
from tests.contract.provider_server import Provider, settings_of
from tests.factories.city import NOW, City, address, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

SECRET = "everyfamily:a-password-of-a-test-and-long"
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    from django.conf import settings

    provider = Provider().start()
    backend = "anymail.backends.postmark.EmailBackend"
    monkeypatch.setattr(settings, "MAILERS", {"anymail": {"BACKEND": backend}})
    monkeypatch.setattr(settings, "ANYMAIL", settings_of(provider, WEBHOOK_SECRET=SECRET))
    monkeypatch.setattr(settings, "EVERYFAMILY_ANYMAIL", backend)
    monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "anymail")
    yield provider
    provider.stop()


@pytest.fixture
def sent(city: City, provider: Provider) -> Iterator[City]:
    """Two families with an email and a postal address each; the provider has accepted both emails."""
    from everyfamily.mailings.installation.carriers import carriers, close_carriers
    from everyfamily_demo.clock import set_simulated

    carriers.cache_clear()
    rows = [
        adult(f"P{number}", f"{name} Testing", EMAIL=f"{name.lower()}@example.org", **address(number))
        for number, name in ((1, "Ana"), (2, "Bea"))
    ]
    city.school(900001, rows)
    city.open()
    city.send()
    assert sorted(one["To"] for one in provider.taken) == ["ana@example.org", "bea@example.org"]
    set_simulated(LATER)
    yield city
    close_carriers()


def calls(
    provider: Provider, to: str, kind: str, *, secret: str = SECRET, twice: bool = False, **more: Any
) -> int:
    """The provider calls about the letter to one address; `twice`: with a key that occurs twice."""
    from django.test import Client

    [taken] = [one for one in provider.taken if one["To"] == to]
    body = {"RecordType": kind, "Recipient": to, "Metadata": taken["Metadata"], "MessageID": "m-1", **more}
    data = json.dumps(body)
    if twice:
        data = data.replace('{"RecordType":', '{"RecordType": "Delivery", "RecordType":', 1)
    token = base64.b64encode(secret.encode()).decode()
    response = Client(headers={"authorization": f"Basic {token}", "host": "localhost"}).post(
        "/receipts/anymail", data, content_type="application/json", secure=True
    )
    return int(response.status_code)


def test_what_the_provider_says_is_delivered_is_reached(sent: City, provider: Provider) -> None:
    at = "2027-03-02T09:05:00Z"
    for _ in range(2):
        assert calls(provider, "ana@example.org", "Delivery", DeliveredAt=at) == 200
    sent.send(LATER)
    assert sent.coverage(LATER).total.outcomes == {Outcome.REACHED: 1, Outcome.ON_ITS_WAY: 1}


def test_what_bounced_is_followed_by_paper(sent: City, provider: Provider) -> None:
    said = {"Type": "HardBounce", "Details": "smtp;550 5.1.1 no such user", "BouncedAt": "2027-03-02T09:05:00Z"}
    assert calls(provider, "ana@example.org", "Bounce", **said) == 200
    sent.send(LATER)
    assert sent.coverage(LATER).messages["post"] == {"accepted": 1}
    assert sent.coverage(LATER).messages["email"] == {"accepted": 1, "permanent-failure": 1}
    assert len(provider.taken) == 2


def test_a_call_in_which_a_key_stands_twice_is_turned_away(sent: City, provider: Provider) -> None:
    assert calls(provider, "ana@example.org", "Bounce", twice=True, Type="HardBounce", TypeCode=1) == 400


def test_opens_clicks_and_forged_calls_change_nothing(sent: City, provider: Provider) -> None:
    before = sent.coverage(LATER).messages
    assert calls(provider, "ana@example.org", "Open", ReceivedAt="2027-03-02T09:05:00Z") == 200
    assert calls(provider, "ana@example.org", "Click", ReceivedAt="2027-03-02T09:05:00Z") == 200
    assert calls(provider, "ana@example.org", "Delivery", secret="everyfamily:a-guess") == 401
    assert sent.coverage(LATER).messages == before


def test_a_call_holds_nothing_that_is_stored_or_logged(
    sent: City, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant

    said = {"Type": "HardBounce", "Details": "smtp;550 5.1.1 <ana@example.org> Ana Testing unknown"}
    assert calls(provider, "ana@example.org", "Bounce", **said, BouncedAt="2027-03-02T09:05:00Z") == 200
    with tenant(sent.schools[900001]), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM mailings_deliveryevent e")
        kept = caplog.text + "".join(row for (row,) in cursor.fetchall())
    assert "bounced: the address does not exist" in kept
    assert "ana@" not in kept
    assert "Testing" not in kept
