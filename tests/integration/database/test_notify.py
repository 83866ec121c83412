"""GOV.UK Notify from the call to the account: on the real server, by its stand-in, with receipts over real HTTP."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from everyfamily.core.accounting.coverage import Outcome, Reason
from tests.contract.notify_server import NotifyServer
from tests.contract.notify_service import Faults, Notification, Service
from tests.factories.city import NOW, City, address, adult
from tests.factories.each import each

pytestmark = [pytest.mark.database, pytest.mark.slow]

TOKEN = "a token that only this test knows"
FULL = {"EMAIL": "ana@example.org", "MOBILE": "07700900123", **address(1)}
PERSONAL = ("ana@example.org", "07700900123", "+447700900123", "Lantern Row", "Ana Ferris")


@dataclass
class Notified:
    """A city that sends by the stand-in, and hears of it at `base`."""

    city: City
    server: NotifyServer
    base: str
    now: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def service(self) -> Service:
        return self.server.service

    def send(self, now: datetime) -> None:
        self.now[0] = now
        self.city.send(now)

    def taken(self) -> list[tuple[str, str]]:
        return [(one.kind, one.to) for one in self.service.taken]

    def outcome(self) -> tuple[Outcome, Reason | None]:
        total = self.city.coverage(self.now[0]).total
        return next(iter(total.outcomes)), next(iter(total.reasons), None)

    def becomes(self, one: Notification, status: str, now: datetime) -> None:
        """The notification reaches a status at a time, and its receipt is recorded."""
        from everyfamily_demo.clock import set_simulated

        self.now[0] = now
        set_simulated(now)
        self.service.move(one, status)
        self.service.settled()


@pytest.fixture
def base(database: object) -> Iterator[str]:
    """The address of a web server on the test's database."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    server = waitress.create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=2)

    def run() -> None:
        # Its sockets are closed under it at the end.
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.fixture
def notified(city: City, base: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Notified]]:
    """Makes the city's installation send by a stand-in with the given faults."""
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import close_carriers

    made: list[Notified] = []

    def make(**faults: float) -> Notified:
        now = [NOW]
        service = Service(
            faults=Faults(**faults),
            callback=f"{base}/receipts/notify",
            returned=f"{base}/receipts/notify/returned-letters",
            token=TOKEN,
            clock=lambda: now[0],
        )
        server = NotifyServer(service).start()
        close_carriers()
        monkeypatch.setattr(settings, "EVERYFAMILY_CHANNELS", "notify")
        monkeypatch.setattr(settings, "EVERYFAMILY_NOTIFY", server.settings)
        monkeypatch.setattr(settings, "EVERYFAMILY_NOTIFY_TOKEN", TOKEN)
        made.append(Notified(city, server, base, now))
        return made[-1]

    yield make
    for one in made:
        close_carriers()
        one.server.stop()


def test_an_email_that_notify_delivered_reaches_the_child(notified: Callable[..., Notified]) -> None:
    world = notified()
    world.city.school(900001, [adult("P1", "Ana Ferris", **FULL)])
    world.city.open()
    world.send(NOW)
    assert world.taken() == [("email", "ana@example.org")]
    assert world.outcome() == (Outcome.ON_ITS_WAY, None)
    world.becomes(world.service.taken[0], "delivered", NOW + timedelta(minutes=5))
    world.send(NOW + timedelta(minutes=5))
    assert world.service.answers_to_receipts == [200]
    assert world.outcome() == (Outcome.REACHED, None)


def test_a_dead_address_leads_to_a_text_then_to_post_and_the_post_may_come_back(
    notified: Callable[..., Notified],
) -> None:
    world = notified()
    world.city.school(900001, [adult("P1", "Ana Ferris", **FULL)], order=["email", "text", "post"])
    world.city.open()
    world.send(NOW)
    world.becomes(world.service.taken[0], "permanent-failure", NOW + timedelta(hours=1))
    world.send(NOW + timedelta(hours=1))
    world.becomes(world.service.taken[1], "delivered", NOW + timedelta(hours=2))
    world.send(NOW + timedelta(hours=2))
    assert [one.kind for one in world.service.taken] == ["email", "sms", "letter"]
    text, letter = world.service.taken[1:]
    assert text.to == "+447700900123"
    assert letter.pdf.startswith(b"%PDF")
    assert letter.postage == "second"
    world.send(NOW + timedelta(days=16))
    assert world.outcome() == (Outcome.ACCEPTED, None)
    world.service.tell_returned(letter)
    world.service.settled()
    world.send(NOW + timedelta(days=16))
    assert world.outcome() == (Outcome.TOLD_BY_TEXT, None)


def test_receipts_twice_out_of_order_and_forged_change_nothing(notified: Callable[..., Notified]) -> None:
    world = notified(twice=1, out_of_order=1, forged=1)
    world.city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    world.city.open()
    world.send(NOW)
    world.becomes(world.service.taken[0], "delivered", NOW + timedelta(hours=1))
    world.send(NOW + timedelta(hours=1))
    assert sorted(world.service.answers_to_receipts) == [200, 200, 200, 401, 401]
    assert world.outcome() == (Outcome.REACHED, None)
    assert events(world.city) == ["accepted", "delivered"]


def test_a_late_receipt_changes_an_account_that_was_given(notified: Callable[..., Notified]) -> None:
    world = notified()
    world.city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], order=["email"])
    world.city.open()
    world.send(NOW)
    world.send(NOW + timedelta(hours=73))
    assert world.outcome() == (Outcome.ACCEPTED, None)
    world.becomes(world.service.taken[0], "permanent-failure", NOW + timedelta(hours=80))
    world.send(NOW + timedelta(hours=80))
    assert world.outcome()[0] is Outcome.NOT_REACHED


def test_a_receipt_before_its_own_call_is_recorded_counts(notified: Callable[..., Notified]) -> None:
    world = notified()
    world.service.fates = {"delivered": 1.0}
    world.city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    world.city.open()
    take = world.service.take

    def take_and_tell(*given: Any, **more: Any) -> Notification:
        one = take(*given, **more)
        world.service.settled()
        return one

    world.service.take = take_and_tell  # type: ignore[method-assign]
    world.send(NOW)
    world.send(NOW)
    assert world.outcome() == (Outcome.REACHED, None)


def test_a_silence_never_brings_a_second_message(notified: Callable[..., Notified]) -> None:
    world = notified(dropped=1)
    world.city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    world.city.open()
    world.send(NOW)
    world.send(NOW + timedelta(hours=2))
    assert world.taken() == [("email", "ana@example.org")]
    assert world.outcome()[0] is not Outcome.REACHED
    world.becomes(world.service.taken[0], "delivered", NOW + timedelta(hours=3))
    world.send(NOW + timedelta(hours=3))
    assert world.outcome() == (Outcome.REACHED, None)
    assert len(world.taken()) == 1


@pytest.mark.parametrize(("faults", "taken"), [({"dropped": 1, "late": 1}, 1), ({"failing": 1}, 0)])
def test_what_is_unknown_is_asked_for_an_hour_later(
    notified: Callable[..., Notified], faults: dict[str, float], taken: int
) -> None:
    from everyfamily.mailings.actions.sending.asking import Asking
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.models import LedgerEntry

    world = notified(late_seconds=0.05, **faults)
    world.city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    world.city.open()
    world.send(NOW)
    assert LedgerEntry.objects.get().status == "unknown"
    assert len(world.taken()) == taken
    time.sleep(0.1)
    Asking().go_on(carriers(), NOW + timedelta(minutes=5))
    assert LedgerEntry.objects.get().status == "unknown"
    Asking().go_on(carriers(), NOW + timedelta(hours=2))
    assert LedgerEntry.objects.get().status == ("accepted" if taken else "refused")
    assert len(world.taken()) == taken


def look_once(city: City) -> None:
    """One look at each school: a mailing that is paused has work left for ever."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.edges.tasks import look_at_school

    for school in city.schools.values():
        begin_wave(city.mailing, school, NOW)
        look_at_school(mailing_id=city.mailing, school_id=school)


def test_a_refused_key_pauses_the_mailing_and_nothing_is_lost(notified: Callable[..., Notified]) -> None:
    from everyfamily.mailings.models import LedgerEntry, Mailing

    world = notified()
    world.city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    world.city.open()
    world.service.next_answers.append((403, {"errors": [{"error": "AuthError", "message": "ana@example.org"}]}))
    look_once(world.city)
    mailing = Mailing.objects.get(pk=world.city.mailing)
    assert mailing.state == "paused"
    assert "ana@example.org" not in mailing.paused_reason
    assert LedgerEntry.objects.get().status == "created"
    assert world.taken() == []


# Who may call


def body(**changed: object) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "reference": str(uuid.uuid4()),
        "to": "ana@example.org",
        "status": "delivered",
        "created_at": "2027-03-02T09:00:00.000000Z",
        "completed_at": "2027-03-02T09:01:00.000000Z",
        "sent_at": "2027-03-02T09:00:30.000000Z",
        "notification_type": "email",
        "template_id": str(uuid.uuid4()),
        "template_version": 1,
    } | changed


def call(
    data: bytes | dict[str, object],
    *,
    token: str | None = f"Bearer {TOKEN}",
    method: str = "POST",
    path: str = "/receipts/notify",
) -> int:
    """The status code of a call."""
    from django.test import Client

    headers = {"host": "127.0.0.1", **({"authorization": token} if token is not None else {})}
    given = data if isinstance(data, bytes) else json.dumps(data).encode()
    answer = Client(raise_request_exception=False).generic(
        method, path, given, "application/json", headers=headers
    )
    return int(answer.status_code)


def events(city: City) -> list[str]:
    """Statuses in the order in which they came; nothing that a carrier said is kept with them."""
    from everyfamily.mailings.models import DeliveryEvent
    from everyfamily.people.database.tenancy import tenant

    found = []
    for school in city.schools.values():
        with tenant(school):
            rows = list(DeliveryEvent.objects.order_by("id").values_list("status", "raw"))
        assert all(raw == {} for _, raw in rows)
        found += [status for status, _ in rows]
    return found


@pytest.fixture
def sent(notified: Callable[..., Notified]) -> tuple[City, str]:
    """A city with one email accepted, and its reference."""
    world = notified()
    world.city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    world.city.open()
    world.send(NOW)
    return world.city, world.service.taken[0].reference or ""


@each(
    "token",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN.upper()}",
        "Bearer é",
    ],
)
def test_a_call_without_the_token_records_nothing(sent: tuple[City, str], token: str | None) -> None:
    city, reference = sent
    assert call(body(reference=reference), token=token) == 401
    assert events(city) == ["accepted"]


def test_a_guess_at_a_reference_is_answered_like_a_receipt(sent: tuple[City, str]) -> None:
    city, reference = sent
    for other in (str(uuid.uuid4()), None, "", "ES-2703-K7R4", "' OR 1=1 --", "0" * 500):
        assert call(body(reference=other)) == 200
        assert call(body(reference=other, notification_id="x"), path="/receipts/notify/returned-letters") == 200
    assert events(city) == ["accepted"]
    assert call(body(reference=reference)) == 200
    assert events(city) == ["accepted", "delivered"]


def test_a_status_or_field_that_is_new_is_no_fault(sent: tuple[City, str]) -> None:
    city, reference = sent
    assert call(body(reference=reference, status="teleported")) == 200
    assert call(body(reference=reference, status="delivered", cost_in_pounds=0.02)) == 200
    assert events(city) == ["accepted", "delivered"]


NOT_RECEIPTS = [
    b"",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"3",
    b"[" * 4000,
    b'{"id": "x"}',
    {"id": 1, "status": "delivered", "notification_type": "email"},
    body(status=None),
    body(status=["delivered"]),
    body(reference=7),
    body(reference={"a": 1}),
    body(completed_at=5),
    body(notification_type="fax"),
]


@each("data", NOT_RECEIPTS)
def test_what_is_no_receipt_is_refused(sent: tuple[City, str], data: bytes | dict[str, object]) -> None:
    city, reference = sent
    if isinstance(data, dict) and data.get("reference") and isinstance(data["reference"], str):
        data = {**data, "reference": reference}
    assert call(data) == 400
    assert events(city) == ["accepted"]


def test_a_time_that_cannot_be_read_or_lies_ahead_counts_as_now(sent: tuple[City, str]) -> None:
    from everyfamily.mailings.models import LedgerEntry

    _, reference = sent
    for strange in ("soon", "9999-12-31T23:59:59Z", "2027-13-41"):
        LedgerEntry.objects.update(status="accepted")
        assert call(body(reference=reference, completed_at=strange)) == 200
        assert LedgerEntry.objects.get().changed_at == NOW


def test_too_much_is_refused_and_only_calls_are_taken(sent: tuple[City, str]) -> None:
    city, reference = sent
    assert call(body(reference=reference, to="x" * 5000)) == 413
    assert call(body(reference=reference, to="x" * 50_000)) == 413
    assert call(body(reference=reference), method="GET") == 405
    assert call(body(reference=reference), method="PUT") == 405
    assert events(city) == ["accepted"]


def test_without_a_token_set_there_is_no_such_page(
    sent: tuple[City, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    city, reference = sent
    monkeypatch.setattr(settings, "EVERYFAMILY_NOTIFY_TOKEN", "")
    for token in ("Bearer ", "Bearer", None, f"Bearer {TOKEN}"):
        assert call(body(reference=reference), token=token) == 404
    assert events(city) == ["accepted"]


def test_a_failure_of_ours_asks_for_the_receipt_again(
    sent: tuple[City, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.edges import receipts

    city, reference = sent

    def fails(*given: object) -> int:
        raise RuntimeError("ana@example.org")

    with monkeypatch.context() as broken:
        broken.setattr(receipts, "record_receipts", fails)
        assert call(body(reference=reference)) == 500
    assert call(body(reference=reference)) == 200
    assert events(city) == ["accepted", "delivered"]


def test_nothing_personal_of_a_call_is_logged_or_kept(
    sent: tuple[City, str], caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connections

    _, reference = sent
    with caplog.at_level(logging.DEBUG):
        call(body(reference=reference, to="someone@else.example", status="teleported"))
        call(body(reference=reference, to="someone@else.example", status="permanent-failure"))
        call(body(reference=7, to="someone@else.example"))
        call(body(to="someone@else.example"), token="Bearer someone@else.example")
    kept = [caplog.text]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            kept += [row[0] for row in cursor.fetchall()]
    assert not any("someone@else.example" in one for one in kept)
    assert not any(value in caplog.text for value in (*PERSONAL, TOKEN))
