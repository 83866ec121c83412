"""What a second reader of the delivery feared, each on the real database."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import psycopg
import pytest

from everyfamily.channels.base import Carrier
from everyfamily.channels.errors import NoAnswer
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.actors import Actor
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily_demo.recording import RecordingChannel
from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001


def fill(city: City, families: int = 1, **policy: object) -> None:
    rows = [
        adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", MOBILE=f"0770090010{n}", HAS_CARE="no")
        for n in range(families)
    ]
    city.school(URN, rows, **({"order": ["email"]} | policy))
    city.open()


def use_carriers(monkeypatch: pytest.MonkeyPatch, ways: Mapping[Channel, Carrier]) -> None:
    from everyfamily.mailings.actions.sending import deciding
    from everyfamily.mailings.edges import tasks
    from everyfamily.mailings.installation import carriers as module

    for place in (module, tasks, deciding):
        monkeypatch.setattr(place, "carriers", lambda: ways)


def statuses() -> Counter[str]:
    from everyfamily.mailings.models import LedgerEntry

    return Counter(LedgerEntry.objects.values_list("status", flat=True))


def test_a_receipt_that_waits_for_the_record_of_its_own_call_is_not_lost(city: City) -> None:
    from django.db import connection, connections

    from everyfamily.mailings.actions.sending.receipts import record_receipts
    from everyfamily.mailings.models import LedgerEntry

    fill(city)
    city.send()
    entry = LedgerEntry.objects.get()
    LedgerEntry.objects.update(status="sending")
    bounce = DeliveryEvent(str(entry.reference), AttemptStatus.PERMANENT_FAILURE, NOW)

    def hears() -> None:
        try:
            record_receipts([bounce], NOW + timedelta(minutes=1))
        finally:
            connections.close_all()

    thread = threading.Thread(target=hears)
    with psycopg.connect(**connection.get_connection_params()) as worker:
        worker.execute("UPDATE mailings_ledgerentry SET status = 'accepted'")
        thread.start()
        _until_somebody_waits(worker)
    thread.join()
    assert statuses() == {"permanent-failure": 1}


def _until_somebody_waits(worker: psycopg.Connection) -> None:
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
    ends = time.monotonic() + 10
    while not worker.execute(waits).fetchall()[0][0]:
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_what_was_written_down_for_a_channel_that_has_no_carrier_any_more_goes_another_way(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.installation.carriers import carriers

    fill(city, 2, order=["text", "email"])
    begin_wave(city.mailing, city.schools[URN], NOW)
    decide_page(city.look(city.schools[URN], NOW))
    carrier = carriers()[Channel.EMAIL]
    use_carriers(monkeypatch, {Channel.EMAIL: carrier})
    city.send(NOW + timedelta(minutes=5))
    assert sorted(line["to"] for line in city.outbox()) == ["ana0@example.org", "ana1@example.org"]


class Odd(RecordingChannel):
    """A carrier that is asked, and of some messages says what is not understood."""

    knows_at_once = False
    remembers = timedelta(days=7)

    def __init__(self, *args: object, **kept: object) -> None:
        super().__init__(*args, **kept)  # type: ignore[arg-type]
        self.odd: set[str] = set()

    def answers_for(self, channel: Channel) -> bool:
        return channel is Channel.EMAIL

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        if reference in self.odd:
            raise NoAnswer("A status that is not known here.", "Look for a newer version.")
        return DeliveryEvent(reference, AttemptStatus.DELIVERED, now)


def test_one_message_that_a_carrier_says_nothing_of_keeps_no_other_from_being_asked_about(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.sending.asking import Asking
    from everyfamily.mailings.models import LedgerEntry

    carrier = Odd(city.folder / "outbox", seed=7)
    use_carriers(monkeypatch, dict.fromkeys(Channel, carrier))
    fill(city, 3)
    city.send()
    LedgerEntry.objects.update(status="unknown")
    carrier.odd = {str(LedgerEntry.objects.order_by("id")[0].reference)}
    asking = Asking()
    for hours in (2, 3, 4):
        asking.go_on({Channel.EMAIL: carrier}, NOW + timedelta(hours=hours))
    carrier.close()
    assert statuses() == {"unknown": 1, "delivered": 2}


def test_messages_that_stay_unknown_for_good_keep_no_other_from_being_asked_about(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.sending import asking
    from everyfamily.mailings.models import LedgerEntry

    class Forgot(Odd):
        def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
            return None if reference in self.odd else DeliveryEvent(reference, AttemptStatus.DELIVERED, now)

    monkeypatch.setattr(asking, "MOST", 2)
    carrier = Forgot(city.folder / "outbox", seed=7)
    use_carriers(monkeypatch, dict.fromkeys(Channel, carrier))
    fill(city, 4)
    city.send()
    first = list(LedgerEntry.objects.order_by("id"))[:2]
    LedgerEntry.objects.filter(pk__in=[entry.pk for entry in first]).update(
        status="unknown", changed_at=NOW - timedelta(days=8)
    )
    carrier.odd = {str(entry.reference) for entry in first}
    round_ = asking.Asking()
    for hours in (5, 6, 7):
        round_.go_on({Channel.EMAIL: carrier}, NOW + timedelta(hours=hours))
    carrier.close()
    assert statuses() == {"unknown": 2, "delivered": 2}


def test_a_wait_for_a_turn_that_outlasts_the_hours_is_followed_by_no_message(city: City) -> None:
    from everyfamily.letters.files.record import letter_of
    from everyfamily.mailings.actions.guards.pace import set_pace
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.actions.sending.sending import Sender, send_created
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.queries import school_by_urn

    fill(city, 3)
    set_pace("recording", per_minute=30, at_once=None, by=Actor.typed("Pat Example"), now=NOW)
    begin_wave(city.mailing, city.schools[URN], NOW)
    decide_page(city.look(city.schools[URN], NOW))
    bodies = Bodies(letter_of(sealed_letter()[0].record), school_by_urn(URN))
    # The body is made before the hours are measured.
    bodies.of(Channel.EMAIL, "en")
    until = NOW + timedelta(seconds=1)
    sent = send_created(city.look(city.schools[URN], NOW), bodies, Sender(carriers(), "w"), until=until)
    assert sent.called == 1
    assert statuses() == {"accepted": 1, "created": 2}


def test_a_carrier_that_answers_slowly_keeps_no_worker_from_its_letters(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.sending import asking

    class Slow(Odd):
        def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
            time.sleep(0.2)
            return super().ask(reference, now)

    monkeypatch.setattr(asking, "MOST_SECONDS", 0.1)
    carrier = Slow(city.folder / "outbox", seed=7)
    use_carriers(monkeypatch, dict.fromkeys(Channel, carrier))
    fill(city, 3)
    city.send()
    round_ = asking.Asking()
    asked = [round_.go_on({Channel.EMAIL: carrier}, NOW + timedelta(hours=5)) for _ in range(3)]
    carrier.close()
    assert asked == [1, 1, 1]
    assert statuses() == {"delivered": 3}


@pytest.mark.parametrize("of_the_other", ["do not send", "none"])
def test_what_the_carrier_never_had_is_not_called_again_once_its_inbox_is_barred(
    city: City, monkeypatch: pytest.MonkeyPatch, of_the_other: str
) -> None:
    """Unknown, then barred by a new roll, then never had: no way of it goes to that inbox."""
    from everyfamily.mailings.actions.sending.asking import Asking
    from everyfamily_demo.recording import RecordingChannel as Recording

    class Never(Odd):
        def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
            return None

    def silent(self: Recording, messages: object, now: datetime) -> None:
        raise NoAnswer("Silence.", "Ask.")

    carrier = Never(city.folder / "outbox", seed=7)
    use_carriers(monkeypatch, dict.fromkeys(Channel, carrier))
    mother = adult("P1", "Ana Ferris", EMAIL="home@example.org")
    other = adult("P1", "Ben Ferris", EMAIL="home@example.org", RELATIONSHIP="father")
    city.school(URN, [mother], order=["email"])
    city.open()
    with monkeypatch.context() as patch:
        patch.setattr(Recording, "submit", silent)
        city.send()
    assert statuses() == {"unknown": 1}
    later = NOW + timedelta(hours=2)
    city.import_rows(URN, [mother, other | {"RESTRICTION": of_the_other}], now=later)
    city.send(later)
    assert Asking().go_on({Channel.EMAIL: carrier}, later) == 1
    for hours in (4, 6, 80):
        city.send(NOW + timedelta(hours=hours))
    carrier.close()
    assert len(city.outbox()) == (0 if of_the_other == "do not send" else 1)


def test_a_channel_that_has_a_carrier_again_finds_the_families_that_it_alone_reaches(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.installation.carriers import carriers

    fill(city, 1, order=["email"])
    ways = carriers()
    begin_wave(city.mailing, city.schools[URN], NOW)
    decide_page(city.look(city.schools[URN], NOW))
    with monkeypatch.context() as patch:
        use_carriers(patch, {Channel.POST: ways[Channel.POST]})
        city.send(NOW + timedelta(minutes=5))
    assert city.outbox() == []
    city.send(NOW + timedelta(days=1, minutes=10))
    assert len(city.outbox()) == 1


def test_a_school_that_sends_itself_by_now_has_its_families_corrected_by_whom_they_had_the_letter_from(
    city: City,
) -> None:
    from everyfamily.core.calendar.sending_window import urgent_as_data
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
    from everyfamily.people.models import School
    from everyfamily.people.queries import open_schools

    fill(city)
    city.school(900002, [], sends="school")
    city.school(900003, [adult("P1", "Ben Marsh", EMAIL="ben@example.org", HAS_CARE="no")], order=["email"])
    city.send()
    withdraw(
        REFERENCE, why="a number does not answer", by=Actor.typed("Pat Example"), now=NOW + timedelta(hours=1)
    )
    School.objects.filter(urn=URN).update(sends="school")
    at, right = NOW + timedelta(hours=2), "ES-2703-C0R2"
    seal, artefacts, key = sealed_letter(right)
    record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=at)
    opened = open_mailing(
        reference=right,
        term="spring term 2027",
        waves={school.id: (1, at) for school in open_schools() if school.sends == "us"},
        closes_at=at + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=Actor.typed("test"),
        now=at,
        sending=urgent_as_data(),
        follows=Follows(city.mailing, "correction"),
    )
    City(city.folder, city.schools, opened.id).send(at)
    corrected = [line["to"] for line in city.outbox() if str(line["body"]).startswith(right)]
    assert corrected == ["ana0@example.org"]
