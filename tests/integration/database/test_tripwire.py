"""The marker outside the database: which databases a worker sends from, and which it does not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.errors import EveryfamilyError
from tests.factories.city import City, adult

pytestmark = pytest.mark.database

STOPS: list[int] = []


@pytest.fixture(autouse=True)
def no_worker_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tripwire tells its own process to end: here that would be the tests."""
    STOPS.clear()
    monkeypatch.setattr(os, "kill", lambda pid, sent: STOPS.append(sent))


@pytest.fixture
def real(database: Any) -> Iterator[None]:
    """As where real letters go out: by the system's clock."""
    from django.conf import settings

    settings.EVERYFAMILY_CLOCK = "system"
    yield
    settings.EVERYFAMILY_CLOCK = "database"


def tripwire(worker: str = "w1") -> Any:
    from everyfamily.mailings.actions.guards.tripwire import Tripwire

    return Tripwire(worker)


def code_of(act: Any) -> str:
    with pytest.raises(EveryfamilyError) as problem:
        act()
    return problem.value.code


def marker(city: City) -> Path:
    return city.folder / "outbox" / "sent-marker"


def messages(city: City, count: int) -> list[int]:
    """An open mailing, and this many messages that are recorded and not sent."""
    from everyfamily.mailings.models import LedgerEntry

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")], order=["email"])
    city.open()
    from tests.factories.city import NOW

    return [
        LedgerEntry.objects.create(
            mailing_id=city.mailing, value_hash=bytes([number]) * 32, channel="email", changed_at=NOW
        ).pk
        for number in range(count)
    ]


def claim(ledger: int) -> tuple[int, int]:
    from django.db.models import F

    from everyfamily.mailings.models import LedgerEntry

    LedgerEntry.objects.filter(pk=ledger).update(status="sending", tries=F("tries") + 1)
    return ledger, LedgerEntry.objects.get(pk=ledger).tries


def database_as_of(ledgers: list[int], tries: dict[int, int]) -> None:
    from everyfamily.mailings.models import LedgerEntry

    for ledger in ledgers:
        LedgerEntry.objects.filter(pk=ledger).update(tries=tries[ledger], status="created")


def empty_database() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE mailings_ledgerentry, mailings_sentmarker CASCADE")


def test_a_database_put_back_to_any_moment_between_two_messages_is_refused(city: City, real: None) -> None:
    from everyfamily.mailings.models import LedgerEntry

    ledgers = messages(city, 5)
    one = tripwire()
    one.start()
    moments: list[dict[int, int]] = []
    # Each is called twice, as one that the carrier refused is, and the second worker claims between.
    other = tripwire("w2")
    other.start()
    for which, ledger in [(one, 0), (other, 1), (one, 2), (other, 0), (one, 3), (one, 3), (other, 4)]:
        moments.append(dict(LedgerEntry.objects.values_list("id", "tries")))
        which.claimed(*claim(ledgers[ledger]))
    now = dict(LedgerEntry.objects.values_list("id", "tries"))
    for moment in moments:
        database_as_of(ledgers, moment)
        assert code_of(tripwire("later").start) == "EF570", f"sent from a database as of {moment}"
    database_as_of(ledgers, now)
    tripwire("later").start()


def test_no_letter_to_a_school_goes_by_command_from_a_database_that_was_put_back(city: City, real: None) -> None:
    from click.testing import CliRunner

    from everyfamily.cli.main import main

    ledgers = messages(city, 1)
    remind = ["returns", "remind", "--base-url", "https://letters.eastmere.example"]
    assert CliRunner().invoke(main, remind).exit_code == 0
    assert not marker(city).read_bytes(), "a look begins no marker"
    before = dict.fromkeys(ledgers, 0)
    one = tripwire()
    one.start()
    one.claimed(*claim(ledgers[0]))
    database_as_of(ledgers, before)
    said = CliRunner().invoke(main, remind)
    assert (said.exit_code, "EF570" in said.output) == (2, True), said.output


def test_a_database_that_only_lost_what_people_told_it_a_minute_ago_is_refused(city: City, real: None) -> None:
    from everyfamily.mailings.models import SentMarker

    messages(city, 1)
    one = tripwire()
    one.start()
    before = SentMarker.objects.get()
    one._last -= 61
    one.keep_on()
    assert SentMarker.objects.get().epoch != before.epoch
    before.save()
    assert code_of(tripwire("later").start) == "EF570"


def test_an_empty_database_beside_the_marker_of_one_that_sent_is_refused(city: City, real: None) -> None:
    ledgers = messages(city, 1)
    one = tripwire()
    one.start()
    one.claimed(*claim(ledgers[0]))
    one.end()
    empty_database()
    assert code_of(tripwire("later").start) == "EF570"
    # The lines go with the next start; that something was sent stays.
    tripwire_file_says_it_sent(city)


def tripwire_file_says_it_sent(city: City) -> None:
    from everyfamily.mailings.installation.sent_marker import SentMarker as MarkerFile

    with MarkerFile(marker(city)).held() as file:
        marked = file.read()
    assert marked is not None
    assert marked.lines[0].ledger


def test_a_marker_that_is_missing_is_asked_about_once_something_was_sent(city: City, real: None) -> None:
    ledgers = messages(city, 1)
    one = tripwire()
    one.start()
    one.end()
    marker(city).unlink()
    # Nothing was sent: nothing can go twice.
    two = tripwire("w2")
    two.start()
    two.claimed(*claim(ledgers[0]))
    two.end()
    marker(city).unlink()
    assert code_of(tripwire("later").start) == "EF571"
    # It is not made by looking for it.
    assert code_of(tripwire("later").start) == "EF571"


def test_nobody_is_believed_that_a_database_without_its_marker_was_not_put_back(city: City, real: None) -> None:
    """It may as well be a copy beside the first, with an outbox of its own."""
    from everyfamily.core.actors import Actor
    from everyfamily.mailings.actions.restoring.after_restore import not_restored
    from tests.factories.city import NOW

    ledgers = messages(city, 2)
    one = tripwire()
    one.start()
    older = marker(city).read_bytes()
    one.claimed(*claim(ledgers[0]))
    one._last -= 61
    one.keep_on()
    for there in (None, older):
        marker(city).unlink(missing_ok=True)
        if there:
            marker(city).write_bytes(there)
        assert (
            code_of(lambda: not_restored(by=Actor.typed("Pat Example"), why="a new machine", now=NOW)) == "EF571"
        )
        assert code_of(tripwire("later").start) == "EF571"


def test_an_older_marker_is_asked_about(city: City, real: None) -> None:
    messages(city, 1)
    one = tripwire()
    one.start()
    older = marker(city).read_bytes()
    one.end()
    tripwire("w2").start()
    marker(city).write_bytes(older)
    assert code_of(tripwire("later").start) == "EF571"


@pytest.mark.parametrize("torn", [b"{}", b"\0" * 4096, b"not a marker" * 100])
def test_what_is_no_marker_is_not_taken_for_one(city: City, real: None, torn: bytes) -> None:
    messages(city, 1)
    marker(city).parent.mkdir(mode=0o700, exist_ok=True)
    marker(city).write_bytes(torn)
    assert code_of(tripwire().start) == "EF574"


def test_a_snapshot_of_the_whole_machine_is_asked_about(city: City, real: None) -> None:
    """Database and marker agree, and the newest sign of life is older than an hour."""
    from everyfamily.mailings.models import Mailing, SentMarker

    messages(city, 1)
    one = tripwire()
    one.start()
    SentMarker.objects.update(moved_at=SentMarker.objects.get().moved_at - timedelta(minutes=61))
    assert code_of(tripwire("later").start) == "EF572"
    Mailing.objects.update(state="paused")
    assert code_of(tripwire("later").start) == "EF572"
    Mailing.objects.update(state="withdrawn")
    tripwire("later").start()


@pytest.mark.parametrize("jump", [-121, 121])
def test_a_worker_in_a_snapshot_that_goes_on_stops_before_its_next_call_and_none_starts(
    city: City, real: None, jump: int
) -> None:
    """The wall clock jumps against the time since boot. The machine has the same boot as before, and only the worker
    can see it."""
    from everyfamily.mailings.actions.guards.tripwire import begin_again

    ledgers = messages(city, 2)
    one = tripwire()
    one.start()
    one._clocks += 119
    one.claimed(*claim(ledgers[0]))
    one._clocks += jump - 119
    assert code_of(lambda: one.claimed(*claim(ledgers[1]))) == "EF579"
    assert (STOPS, one.problem.code) == ([15], "EF579")
    assert code_of(tripwire("w2").start) == "EF579"
    assert getattr(begin_again(not_ahead=True), "code", None) == "EF579", "after-restore --not-restored"
    tripwire("w2").start()


def test_a_halted_marker_lets_no_worker_go_on_whose_clock_jumped(
    city: City, real: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.installation import sent_marker

    ledgers = messages(city, 1)
    one = tripwire()
    one.start()
    one._clocks += 300
    monkeypatch.setattr(sent_marker, "LONGEST", 0.0)
    with sent_marker.SentMarker(marker(city)).held():
        assert code_of(lambda: one.claimed(*claim(ledgers[0]))) == "EF578"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Says which machine the workers of this test are started on from now on, and since which boot."""
    from everyfamily.mailings.actions.guards import tripwire as module
    from everyfamily.mailings.installation.machine import Sources

    files = Sources(*(tmp_path / name for name in ("machine-id", "product_uuid", "boot_id")))
    monkeypatch.setattr(module, "SOURCES", files)

    def be(name: str, boot: str) -> None:
        files.machine_id.write_text(name)
        files.boot.write_text(boot)

    return be


def test_an_added_machine_sends_while_another_works_and_one_that_crashed_is_not_asked_about_later(
    city: City, real: None, machine: Any
) -> None:
    from everyfamily.mailings.actions.guards.life_signs import life_sign
    from everyfamily.mailings.models import SentMarker

    messages(city, 1)
    machine("a", "boot 1")
    with life_sign("w1"):
        one = tripwire("w1")
        one.start()
        machine("b", "boot 1 of b")
        tripwire("w2").start()
        # w2 is dead now, and its machine was started again. w1 works on the same server all the while.
        machine("b", "boot 2 of b")
        tripwire("w3").start()
        machine("d", "boot 1 of d")
        SentMarker.objects.update(moved_at=SentMarker.objects.get().moved_at - timedelta(minutes=3))
        assert code_of(tripwire("w4").start) == "EF579", "nobody has moved the epoch for three minutes"
        SentMarker.objects.update(moved_at=SentMarker.objects.get().moved_at + timedelta(minutes=3))
        machine("a", "boot 1")
        one._last -= 61
        one.keep_on()
        assert one.problem is None
        one.end()
    # What crashed on b was followed by an epoch of a worker that lived.
    machine("a", "boot 2")
    two = tripwire("w5")
    two.start()
    two.end()
    machine("b", "boot 3 of b")
    tripwire("w6").start()
    machine("c", "boot 1 of c")
    assert code_of(tripwire("w7").start) == "EF579"


@pytest.mark.parametrize(
    ("part", "said"), [(0, "cluster"), (1, "timeline"), (2, "database"), (3, "table of messages")]
)
def test_a_database_that_became_another_is_asked_about_although_it_knows_of_every_message(
    city: City, real: None, part: int, said: str
) -> None:
    """A standby took over, or a dump of the last minute was restored: what people said since may be lost."""
    from everyfamily.mailings.installation import sent_marker

    ledgers = messages(city, 1)
    one = tripwire()
    one.start()
    one.claimed(*claim(ledgers[0]))
    one.end()
    with sent_marker.SentMarker(marker(city)).held() as file:
        marked = file.read()
        assert marked is not None
        words = marked.header.identity.split()
        words[part] = "7"
        file.write(sent_marker.replace(marked.header, identity=" ".join(words)))
    with pytest.raises(EveryfamilyError) as problem:
        tripwire("later").start()
    assert problem.value.code == "EF573"
    assert f": another {said}. It was" in problem.value.fact
    from everyfamily.mailings.installation.machine import wall_against_boot

    # Also one that works: it must not make the new identity its own with the next epoch.
    one = tripwire("w2")
    one._line, one._last, one._clocks = object(), -1e9, wall_against_boot()
    one.keep_on()
    assert one.problem.code == "EF573"
    from everyfamily.mailings.actions.guards.tripwire import begin_again

    assert getattr(begin_again(not_ahead=True), "code", None) == "EF573", "after-restore --not-restored"
    tripwire("later").start()


def test_a_worker_that_cannot_move_the_marker_calls_nobody(city: City, real: None) -> None:
    from everyfamily.mailings.models import LedgerEntry

    city.school(
        900001,
        [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no") for n in range(3)],
        order=["email"],
    )
    city.open()
    from everyfamily.mailings.edges import tasks

    tasks.TRIPWIRE.start()
    try:
        marker(city).unlink()
        assert code_of(lambda: send_as_the_worker(city)) == "EF574"
    finally:
        tasks.TRIPWIRE.__init__(tasks.WORKER)  # type: ignore[misc]
    assert city.outbox() == []
    assert set(LedgerEntry.objects.values_list("status", flat=True)) == {"created"}
    assert STOPS == [15]


def send_as_the_worker(city: City) -> None:
    from django.conf import settings

    settings.EVERYFAMILY_CLOCK = "database"
    city.send()


def test_the_marker_stands_ahead_of_every_message(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each call the marker names the message that the carrier is being given, or one after it."""
    from everyfamily.mailings.edges import tasks
    from everyfamily.mailings.installation import sent_marker
    from everyfamily.mailings.models import LedgerEntry

    city.school(
        900001,
        [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no") for n in range(12)],
        order=["email"],
    )
    city.open()
    seen: list[bool] = []
    carrier = next(iter(tasks.carriers().values()))
    take = type(carrier).submit

    def submit(self: Any, given: Any, now: Any) -> Any:
        with sent_marker.SentMarker(marker(city)).held() as file:
            marked = file.read()
        mine = LedgerEntry.objects.get(reference=given[0].reference)
        seen.append(bool(marked and any((x.ledger, x.tries) == (mine.pk, mine.tries) for x in marked.lines)))
        return take(self, given, now)

    monkeypatch.setattr(type(carrier), "submit", submit)
    tasks.TRIPWIRE.start()
    try:
        city.send()
    finally:
        tasks.TRIPWIRE.end()
    assert seen == [True] * 12


def test_ended_workers_leave_their_lines_to_the_next(city: City, real: None) -> None:
    messages(city, 1)
    for number in range(40):
        one = tripwire(f"w{number}")
        one.start()
        one.end()
    assert marker(city).stat().st_size <= 4096
    assert marker(city).stat().st_mode & 0o777 == 0o600


def test_a_demonstration_begins_with_an_empty_database_beside_an_older_outbox(city: City) -> None:
    ledgers = messages(city, 1)
    one = tripwire()
    one.start()
    one.claimed(*claim(ledgers[0]))
    one.end()
    empty_database()
    tripwire("later").start()
