"""After a restore: what carriers say, what a person says, and what nobody can know.

"Put back" is played here by writing the ledger as an earlier database would have it; test_restore.py does it for real.
"""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus
from tests.factories.city import NOW, City, Row, address, adult

pytestmark = pytest.mark.database

LATER = NOW + timedelta(hours=2)
ATTESTED = LATER + timedelta(minutes=5)


def after_restore(city: City, now: datetime = LATER, **more: Any) -> Any:
    from everyfamily.mailings.actions.restoring.after_restore import after_restore as action
    from everyfamily.mailings.installation.carriers import carriers, outbox

    return action(by=Actor.typed("Pat Example"), now=now, carriers=carriers(), outbox=outbox(), **more)


def decide(city: City, urn: int | None = None, *, had_it: bool, channel: str | None = None) -> Any:
    from everyfamily.mailings.actions.restoring.uncertain import decide_uncertain

    return decide_uncertain(
        city.mailing,
        had_it=had_it,
        why="the log",
        by=Actor.typed("Pat Example"),
        now=ATTESTED,
        school_id=None if urn is None else city.schools[urn],
        channel=channel,
    )


def go_on(city: City, now: datetime = ATTESTED, *, attests: bool = True) -> None:
    """The leads attest again, and a person resumes the mailing."""
    from everyfamily.mailings.actions.sending.pausing import resume_mailing
    from everyfamily.people.actions.schools.schools import attest_school

    for school in city.schools.values() if attests else ():
        attest_school(school, by=Actor.typed("lead"), now=now)
    resume_mailing(city.mailing, by=Actor.typed("Pat Example"), now=now)
    city.send(now)


def families(count: int, **columns: str) -> list[Row]:
    return [
        adult(
            f"P{n}",
            f"Ana Ferris{n}",
            HAS_CARE="no",
            **{name: value.format(n=n) for name, value in columns.items()},
        )
        for n in range(count)
    ]


def write_down(city: City, urn: int = 900001) -> None:
    """Plan and decide, and call nobody: the moment between the writing down and the call."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page

    begin_wave(city.mailing, city.schools[urn], NOW)
    decide_page(city.look(city.schools[urn], NOW))


def as_before_the_calls(city: City) -> None:
    """The database as it was when its messages were written down; the carrier has had them since."""
    from everyfamily.mailings.models import Attempt, Delivery, LedgerEntry
    from everyfamily.people.database.tenancy import tenant

    LedgerEntry.objects.update(status="created", tries=0, worker="")
    for school in city.schools.values():
        with tenant(school):
            Attempt.objects.update(status="created")
            Delivery.objects.update(state="on its way", next_look_at=None)


def to_whom(city: City) -> Counter[Any]:
    return Counter(line["to"] or "\n".join(line["address"]) for line in city.outbox())  # type: ignore[arg-type]


def states(city: City, urn: int = 900001) -> Counter[str]:
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return Counter(Delivery.objects.values_list("state", flat=True))


def test_letters_that_the_print_folder_has_need_nobodys_word_and_are_not_printed_again(city: City) -> None:
    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", HAS_CARE="no", **address(n)) for n in range(3)])
    city.open()
    city.send()
    printed = to_whom(city)
    assert len(printed) == 3
    as_before_the_calls(city)
    done = after_restore(city)
    assert (done.carriers_have, done.never_had, done.uncertain) == (3, 0, 0)
    go_on(city)
    assert to_whom(city) == printed


def test_letters_that_the_print_folder_never_had_go_when_the_mailing_does(city: City) -> None:
    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", HAS_CARE="no", **address(n)) for n in range(3)])
    city.open()
    write_down(city)
    done = after_restore(city)
    assert (done.carriers_have, done.never_had, done.uncertain) == (0, 3, 0)
    assert not to_whom(city)
    go_on(city)
    assert set(to_whom(city).values()) == {1}
    assert len(to_whom(city)) == 3


def test_an_uncertain_letter_never_falls_back_by_itself(city: City) -> None:
    city.school(900001, families(3, EMAIL="ana{n}@example.org", ADDRESS_1="{n} Lantern Row", POSTCODE="EM4 7QX"))
    city.open()
    city.send()
    as_before_the_calls(city)
    assert after_restore(city).uncertain == 3
    go_on(city)
    for days in (1, 4, 15, 40):
        city.send(ATTESTED + timedelta(days=days))
    assert len(to_whom(city)) == 3
    assert set(to_whom(city).values()) == {1}
    assert states(city) == {"unknown": 3}
    # Nor once a person has said that they had it.
    assert decide(city, had_it=True).adults == 3
    for days in (41, 60):
        city.send(ATTESTED + timedelta(days=days))
    assert len(to_whom(city)) == 3


def test_what_was_planned_and_not_written_down_is_uncertain_too(city: City) -> None:
    """Their wave may have begun since: in the database they have not even a delivery."""
    city.school(900001, families(4, EMAIL="ana{n}@example.org"))
    city.open()
    assert after_restore(city).uncertain == 4
    # A roll that came in since, and is brought in again, brings no way round it.
    city.import_rows(900001, families(5, EMAIL="ana{n}@example.org"), now=LATER)
    go_on(city)
    assert not to_whom(city)
    assert states(city) == {"unknown": 5}
    assert decide(city, had_it=False).adults == 5
    city.send(ATTESTED + timedelta(minutes=1))
    assert len(to_whom(city)) == 5


def test_a_wave_that_cannot_have_begun_is_not_uncertain_and_its_lead_attests_again(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import resume_mailing
    from everyfamily.mailings.models import MailingSchool

    city.school(900001, families(2, EMAIL="ana{n}@example.org"))
    city.open()
    wave = NOW + timedelta(hours=4)
    MailingSchool.objects.update(wave_at=wave)
    assert after_restore(city).uncertain == 0
    resume_mailing(city.mailing, by=Actor.typed("Pat Example"), now=LATER)
    # Within the day that a lead's word counts: but a restriction may have been lost since.
    city.send(wave)
    assert not to_whom(city)
    go_on(city, wave)
    assert len(to_whom(city)) == 2


def test_nothing_goes_before_the_lead_has_attested_again(city: City) -> None:
    city.school(900001, families(2, EMAIL="ana{n}@example.org"))
    city.open()
    write_down(city)
    after_restore(city)
    decide(city, had_it=False)
    go_on(city, attests=False)
    city.send(ATTESTED + timedelta(hours=1))
    assert not to_whom(city)
    go_on(city, ATTESTED + timedelta(hours=2))
    assert len(to_whom(city)) == 2


def test_what_a_carrier_took_in_ends_by_itself_but_a_bounce_waits_for_a_person(city: City) -> None:
    from everyfamily.mailings.actions.sending.receipts import record_receipts
    from everyfamily.mailings.models import LedgerEntry

    city.school(900001, families(2, EMAIL="ana{n}@example.org", ADDRESS_1="{n} Lantern Row", POSTCODE="EM4 7QX"))
    city.open()
    city.send()
    assert after_restore(city).uncertain == 0
    go_on(city)
    bounced = LedgerEntry.objects.order_by("id").first()
    assert bounced is not None
    # The fallback may have gone in the time that was lost.
    record_receipts([DeliveryEvent(str(bounced.reference), AttemptStatus.PERMANENT_FAILURE, LATER)], LATER)
    city.send(LATER + timedelta(days=4))
    assert set(to_whom(city).values()) == {1}
    assert len(to_whom(city)) == 2
    assert states(city) == {"accepted": 1, "unknown": 1}
    assert decide(city, had_it=False).adults == 1
    city.send(LATER + timedelta(days=4, minutes=1))
    assert len(to_whom(city)) == 3


def test_a_word_that_they_had_it_holds_at_every_school_that_shares_the_inbox(city: City) -> None:
    shared = [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no", **address(1))]
    for urn in (900001, 900002):
        city.school(urn, shared)
    city.open()
    after_restore(city)
    decide(city, 900001, had_it=True)
    decide(city, 900002, had_it=False)
    go_on(city)
    for days in (0, 4, 30):
        city.send(ATTESTED + timedelta(days=days))
    assert not to_whom(city)


def test_a_word_that_they_had_it_is_stronger_than_an_earlier_one_that_they_had_not(city: City) -> None:
    for urn in (900001, 900002):
        city.school(urn, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")])
    city.open()
    after_restore(city)
    decide(city, 900002, had_it=False)
    decide(city, 900001, had_it=True)
    go_on(city)
    assert not to_whom(city)


def test_a_person_can_decide_by_channel(city: City) -> None:
    city.school(
        900001, [*families(2, EMAIL="ana{n}@example.org"), adult("P9", "Ben Ferris", HAS_CARE="no", **address(9))]
    )
    city.open()
    after_restore(city)
    assert decide(city, had_it=True, channel="email").left == 1
    assert decide(city, had_it=False).left == 0
    go_on(city)
    assert list(to_whom(city)) == ["Ben Ferris\n9 Lantern Row\nEastmere\nEM4 7QX"]


def test_a_restriction_that_is_told_again_holds_whatever_a_person_said_of_the_letters(city: City) -> None:
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.actions.decided.objections import record_objection
    from everyfamily.people.database.tenancy import tenant

    city.school(900001, families(1, EMAIL="ana{n}@example.org"))
    city.open()
    after_restore(city)
    with tenant(city.schools[900001]):
        parent = Delivery.objects.get().parent_id
    record_objection(city.schools[900001], adult=parent, by=Actor.typed("lead"), now=LATER)
    decide(city, had_it=False)
    go_on(city)
    assert not to_whom(city)


def test_it_can_be_run_again_and_by_then_decided_things_are_asked_again(city: City) -> None:
    city.school(900001, families(3, EMAIL="ana{n}@example.org"))
    city.open()
    write_down(city)
    assert after_restore(city).uncertain == 3
    assert after_restore(city).uncertain == 3
    decide(city, had_it=False)
    assert after_restore(city, ATTESTED).uncertain == 3
    go_on(city, ATTESTED + timedelta(minutes=1))
    assert not to_whom(city)


def test_it_waits_until_the_workers_are_stopped(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.mailings.actions.guards.life_signs import life_sign
    from everyfamily.mailings.actions.guards.tripwire import Tripwire
    from everyfamily.mailings.actions.restoring import after_restore as module

    city.school(900001, families(1, EMAIL="ana{n}@example.org"))
    city.open()
    one = Tripwire("w1")
    with life_sign("w1"):
        one.start()
        with monkeypatch.context() as short, pytest.raises(EveryfamilyError) as problem:
            short.setattr(module, "LET_GO", 0.05)
            after_restore(city)
    assert problem.value.code == "EF575"
    after_restore(city)


def test_a_database_that_is_known_to_be_older_cannot_be_said_not_to_be(city: City) -> None:
    from everyfamily.mailings.actions.guards.tripwire import Tripwire
    from everyfamily.mailings.actions.restoring.after_restore import not_restored
    from everyfamily.mailings.models import LedgerEntry

    city.school(900001, families(1, EMAIL="ana{n}@example.org"))
    city.open()
    write_down(city)
    one = Tripwire("w1")
    one.start()
    LedgerEntry.objects.update(status="sending", tries=1)
    one.claimed(LedgerEntry.objects.get().pk, 1)
    LedgerEntry.objects.update(status="created", tries=0)
    with pytest.raises(EveryfamilyError) as problem:
        not_restored(by=Actor.typed("Pat Example"), why="I say so", now=LATER)
    assert problem.value.code == "EF570"
    after_restore(city)
    Tripwire("w2").start()


def test_a_marker_that_was_lost_is_begun_again_by_after_restore_and_by_nobodys_word(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.mailings.actions.guards.tripwire import Tripwire
    from everyfamily.mailings.actions.restoring.after_restore import not_restored
    from everyfamily.mailings.installation.carriers import outbox
    from everyfamily.mailings.models import LedgerEntry

    city.school(900001, families(1, EMAIL="ana{n}@example.org"))
    city.open()
    write_down(city)
    before = Tripwire("w0")
    before.start()
    before.end()
    (outbox() / "sent-marker").unlink()
    LedgerEntry.objects.update(tries=1)
    with pytest.raises(EveryfamilyError):
        Tripwire("w1").start()
    # It may be a copy of the database on a new machine, which begins with an empty outbox.
    with pytest.raises(EveryfamilyError) as problem:
        not_restored(by=Actor.typed("Pat Example"), why="the outbox is on a new disk", now=LATER)
    assert problem.value.code == "EF571"
    assert not AuditEvent.objects.filter(action="not restored").exists()
    assert after_restore(city).uncertain == 1
    Tripwire("w1").start()
    assert (outbox() / "sent-marker").is_file()


def test_a_persons_word_that_nothing_was_put_back_is_written_down(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.mailings.actions.guards.tripwire import Tripwire
    from everyfamily.mailings.actions.restoring.after_restore import not_restored
    from everyfamily.mailings.installation.carriers import outbox

    city.school(900001, families(1, EMAIL="ana{n}@example.org"))
    city.open()
    before = Tripwire("w0")
    before.start()
    before.end()
    outbox().rename(outbox().with_name("before"))
    shutil.copytree(outbox().with_name("before"), outbox())
    with pytest.raises(EveryfamilyError):
        Tripwire("w1").start()
    assert not_restored(by=Actor.typed("Pat Example"), why="the outbox is on a new disk", now=LATER) == "EF579"
    Tripwire("w1").start()
    assert AuditEvent.objects.get(action="not restored").actor == "Pat Example"


@pytest.mark.parametrize(
    ("reason", "lost_days", "is_asked", "goes_again"),
    [
        ("the database was put back", 2, True, True),
        # It may have gone eight days ago: after seven GOV.UK Notify says "never had it" of everything.
        ("the database was put back", 8, True, False),
        ("the database was put back; our reference is new", 2, False, False),
        ("a person says that it went", 2, True, False),
    ],
)
def test_a_carrier_that_never_had_it_is_believed_within_its_memory(
    city: City, reason: str, lost_days: int, is_asked: bool, goes_again: bool
) -> None:
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.actions.sending.asking import Asking
    from everyfamily.mailings.models import LedgerEntry, Mailing

    city.school(900001, families(1, EMAIL="ana{n}@example.org"))
    city.open()
    write_down(city)
    after_restore(city, taken_at=LATER - timedelta(days=lost_days))
    assert Mailing.objects.get().restored_to == LATER - timedelta(days=lost_days)
    LedgerEntry.objects.update(reason=reason)
    carrier = Forgetful()
    Asking().go_on({Channel.EMAIL: carrier}, LATER + timedelta(minutes=59))  # type: ignore[dict-item]
    assert carrier.asked == 0, "it may list a message late"
    Asking().go_on({Channel.EMAIL: carrier}, LATER + timedelta(minutes=61))  # type: ignore[dict-item]
    assert bool(carrier.asked) is is_asked
    assert LedgerEntry.objects.get().status == ("refused" if goes_again else "unknown")
    go_on(city, LATER + timedelta(hours=3))
    assert len(to_whom(city)) == goes_again


class Forgetful:
    """A carrier as GOV.UK Notify is, of which nothing is known."""

    name = "forgetful"
    remembers = timedelta(days=7)
    knows_at_once = False
    asked = 0

    def answers_for(self, channel: object) -> bool:
        return True

    def ask(self, reference: str, now: datetime) -> None:
        self.asked += 1


def test_resuming_does_not_settle_what_is_uncertain(city: City, tmp_path: Path) -> None:
    from everyfamily.mailings.models import MailingTask

    city.school(900001, families(2, EMAIL="ana{n}@example.org"))
    city.open()
    write_down(city)
    after_restore(city)
    go_on(city)
    assert not to_whom(city)
    task = MailingTask.objects.get(kind="restored")
    assert task.closed_at is None
    decide(city, had_it=True)
    task.refresh_from_db()
    assert task.closed_by == "Pat Example"


def mailing_lost_and_opened_anew(city: City) -> None:
    """The mailing was opened after the dump, and sent: the restored database does not know about it."""
    from django.db import connections

    city.open()
    city.send()
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE mailings_mailing, letters_letter RESTART IDENTITY CASCADE")
    after_restore(city)
    city.open()


def test_a_letter_that_may_have_been_mailed_in_the_lost_time_is_held_when_it_is_opened_anew(city: City) -> None:
    city.school(900001, families(3, EMAIL="ana{n}@example.org"))
    city.school(900002, families(2, EMAIL="ben{n}@example.org"), attests=False)
    mailing_lost_and_opened_anew(city)
    had = to_whom(city)
    assert len(had) == 3
    decide(city, 900001, had_it=True)
    decide(city, 900002, had_it=False)
    go_on(city)
    assert to_whom(city) - had == Counter({"ben0@example.org": 1, "ben1@example.org": 1})
    assert set(to_whom(city).values()) == {1}
    assert states(city, 900001) == {"unknown": 3}


def test_letters_sealed_after_a_restore_go_as_ever(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.school(900001, families(3, EMAIL="ana{n}@example.org"))
    from everyfamily.mailings.actions.guards import lost_time

    monkeypatch.setattr(lost_time, "sealed_when", lambda letter: LATER + timedelta(minutes=1))
    after_restore(city)
    city.open()
    go_on(city, LATER + timedelta(minutes=2))
    assert len(to_whom(city)) == 3


def test_letters_to_schools_about_their_returns_are_taken_as_gone(city: City) -> None:
    from everyfamily.mailings.models import Mailing, ReturnReminder
    from everyfamily.people.database.tenancy import tenant

    city.school(900001, families(1, EMAIL="ana{n}@example.org"))
    city.school(900005, sends="school")
    city.open()
    Mailing.objects.update(returns_due_on=NOW.date() + timedelta(days=10))
    with tenant(city.schools[900005]):
        ReturnReminder.objects.create(
            mailing_id=city.mailing,
            school_id=city.schools[900005],
            kind="link",
            status="created",
            written_at=NOW,
            changed_at=NOW,
        )
    after_restore(city, NOW + timedelta(days=8))
    with tenant(city.schools[900005]):
        found = dict(ReturnReminder.objects.values_list("kind", "status"))
    assert found == {"link": "unknown", "before": "unknown"}
