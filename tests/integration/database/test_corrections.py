"""A wrong letter is withdrawn: a correction goes to exactly those who had it, a replacement to everybody else."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, address, adult, sealed_letter
from tests.factories.kept import kept_city

if TYPE_CHECKING:
    from everyfamily.mailings.actions.planning.following import Following

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER, ITSELF = 900001, 900002, 900003
RIGHT, WHOLE, AGAIN = "ES-2703-C0R2", "ES-2703-N3W5", "ES-2703-A6A8"
WRONG_AT = NOW + timedelta(hours=1)
LATER = NOW + timedelta(days=2, hours=1)
"""A Thursday: no day of a front door's wave. The leads attested over 24 hours ago."""
WHY = "the front door's number does not answer"


def withdraw(reference: str = REFERENCE, at: datetime = WRONG_AT) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw as withdraw_now

    withdraw_now(reference, why=WHY, by=Actor.typed("Pat Example"), now=at)


def follow(city: City, kind: str, reference: str, *, of: int | None = None, at: datetime = LATER) -> City:
    """Seal another letter and open the mailing that follows; returns the city as seen from it. Nothing is sent yet."""
    from everyfamily.core.calendar.sending_window import urgent_as_data
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
    from everyfamily.people.queries import open_schools

    seal, artefacts, key = sealed_letter(reference)
    record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=at)
    opened = open_mailing(
        reference=reference,
        term="spring term 2027",
        waves={school.id: (1, at) for school in open_schools() if school.sends == "us"},
        closes_at=at + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=Actor.typed("test"),
        now=at,
        sending=urgent_as_data() if kind == "correction" else None,
        follows=Follows(of or city.mailing, kind),  # type: ignore[arg-type]
    )
    return City(city.folder, dict(city.schools), opened.id)


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def attest(city: City, at: datetime = LATER) -> None:
    from everyfamily.people.actions.schools.schools import attest_school

    for school in city.schools.values():
        attest_school(school, by=Actor.typed("lead"), now=at)


def messages(city: City, reference: str) -> list[object]:
    """Where messages of one letter went, in the order of the carrier."""
    return [
        line["to"] or line["address"][0]  # type: ignore[index]
        for line in city.outbox()
        if str(line["body"]).startswith(reference)
    ]


def tasks(city: City, urn: int = URN, kind: str = "to tell") -> list[object]:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        rows = PersonTask.objects.filter(mailing_id=city.mailing, school_id=city.schools[urn], kind=kind)
        return list(rows.order_by("parent_id"))


def adults(city: City, urn: int = URN) -> dict[int, str]:
    """Parent id -> state of the delivery."""
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        rows = Delivery.objects.filter(mailing_id=city.mailing, school_id=city.schools[urn])
        return dict(rows.order_by("parent_id").values_list("parent_id", "state"))


PARTNERSHIP = Path(__file__).parents[3] / "src/everyfamily_demo/data/partnership.toml"
PHONE = "+447700900101"
ROLL = [
    adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no"),
    adult("P2", "Ben Marsh", EMAIL="ben@example.org", HAS_CARE="no"),
    adult("P3", "Cia Quill", MOBILE="07700 900101", HAS_CARE="no"),
    adult("P4", "Dee Osei", EMAIL="dee@example.org", HAS_CARE="no"),
    adult("P5", "Eli Vance", EMAIL="eli@example.org", HAS_CARE="no"),
    adult("P6", "Fay Holt", HAS_CARE="no"),
    adult("P7", "Gus Reed", **address(7), HAS_CARE="no"),
]


@kept_city
def wrong(city: City) -> None:
    """Ana has it, Ben's was accepted, Cia was told by text, Dee's bounced, Eli's is unknown, Fay had no way, Gus's came
    back; another school had not begun, and a third sends the letter itself."""
    from everyfamily.mailings.actions.sending.mirroring import mirror_attempts
    from everyfamily.mailings.models import Attempt, LedgerEntry
    from everyfamily.people.database.tenancy import tenant

    school = city.school(URN, ROLL)
    city.school(OTHER, [adult("Q1", "Hal Stone", EMAIL="hal@example.org", HAS_CARE="no")], attests=False)
    city.school(ITSELF, sends="school")
    city.open()
    city.send()
    city.hear(
        [("ana@example.org", "delivered"), (PHONE, "delivered"), ("dee@example.org", "permanent-failure")], NOW
    )
    post = "\n".join(["Gus Reed", "7 Lantern Row", "Eastmere", "EM4 7QX"])
    city.hear([(post, "delivered")], NOW)
    city.hear([(post, "returned")], NOW)
    eli = next(line["reference"] for line in city.outbox() if line["to"] == "eli@example.org")
    LedgerEntry.objects.filter(reference=eli).update(status="unknown")
    with tenant(school):
        Attempt.objects.filter(ledger__reference=eli).update(status="sending")
        mirror_attempts(school, NOW)
    withdraw()


HAD = {"ana@example.org", "ben@example.org", PHONE, "eli@example.org"}


def test_a_correction_goes_to_exactly_those_who_had_it_by_the_same_way(wrong: City) -> None:
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    assert sorted(map(str, messages(wrong, RIGHT))) == sorted(HAD)


def test_a_correction_does_not_wait_for_an_attestation_and_a_replacement_does(wrong: City) -> None:
    correction, replacement = follow(wrong, "correction", RIGHT), follow(wrong, "replacement", WHOLE)
    replacement.send(LATER)
    correction.send(LATER)
    assert messages(wrong, WHOLE) == []
    assert len(messages(wrong, RIGHT)) == len(HAD)


def test_correction_and_replacement_together_cover_everyone_once(wrong: City) -> None:
    correction, replacement = follow(wrong, "correction", RIGHT), follow(wrong, "replacement", WHOLE)
    attest(wrong)
    replacement.send(LATER)
    correction.send(LATER)
    assert set(adults(correction)) | set(adults(replacement)) == set(adults(wrong))
    assert not set(adults(correction)) & set(adults(replacement))
    assert set(messages(wrong, WHOLE)) == {"hal@example.org", "Gus Reed"}
    # Of Dee's and Fay's families no way works: they are accounted for, and tried when a new roll has one.
    states = adults(replacement)
    assert sorted(states.values()) == ["no contact", "no contact", "on its way"]


def test_late_news_puts_nobody_in_both(wrong: City) -> None:
    """Dee's bounce is followed by the word that it was delivered after all, when the replacement has begun."""
    replacement = follow(wrong, "replacement", WHOLE)
    attest(wrong)
    replacement.send(LATER)
    had_not = set(adults(replacement))
    wrong.hear([("dee@example.org", "delivered")], LATER)
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    assert not had_not & set(adults(correction))


def test_who_joins_late_gets_the_replacement_and_not_the_correction(wrong: City) -> None:
    correction, replacement = follow(wrong, "correction", RIGHT), follow(wrong, "replacement", WHOLE)
    attest(wrong)
    for mailing in (correction, replacement):
        mailing.send(LATER)
    later = LATER + timedelta(hours=1)
    wrong.import_rows(URN, [*ROLL, adult("P9", "Ivy Lane", EMAIL="ivy@example.org", HAS_CARE="no")], now=later)
    attest(wrong, later)
    for mailing in (correction, replacement):
        mailing.send(later)
    assert "ivy@example.org" in messages(wrong, WHOLE)
    assert "ivy@example.org" not in messages(wrong, RIGHT)


def test_whoever_had_it_through_another_school_is_corrected_once(wrong: City) -> None:
    """Ana's second child is at a school whose wave had not begun: her inbox had the wrong letter."""
    wrong.import_rows(
        OTHER,
        [
            adult("Q1", "Hal Stone", EMAIL="hal@example.org", HAS_CARE="no"),
            adult("Q2", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no"),
        ],
        now=WRONG_AT,
    )
    correction, replacement = follow(wrong, "correction", RIGHT), follow(wrong, "replacement", WHOLE)
    attest(wrong)
    replacement.send(LATER)
    correction.send(LATER)
    assert messages(wrong, RIGHT).count("ana@example.org") == 1
    assert "ana@example.org" not in messages(wrong, WHOLE)
    assert len(adults(correction, OTHER)) == 1


def test_the_ways_of_the_wrong_letter_come_first_in_their_order_and_then_the_schools_own(city: City) -> None:
    """A text told of it, paper followed; an email address came in since, and the school would send by email first."""
    row = adult("P1", "Ana Ferris", MOBILE="07700 900101", HAS_CARE="no", **address(4))
    city.school(URN, [row])
    city.open()
    city.send()
    city.hear([(PHONE, "delivered")], NOW)
    city.send()
    assert set(messages(city, REFERENCE)) == {PHONE, "Ana Ferris"}
    withdraw()
    city.import_rows(URN, [row | {"EMAIL": "ana@example.org"}], now=WRONG_AT)
    correction = follow(city, "correction", RIGHT)
    correction.send(LATER)
    assert messages(city, RIGHT) == [PHONE]
    city.hear_of(RIGHT, PHONE, "delivered", LATER) if hasattr(city, "hear_of") else hear_of(
        city, RIGHT, PHONE, LATER
    )
    correction.send(LATER)
    assert set(messages(city, RIGHT)) == {PHONE, "Ana Ferris"}, "paper, as they had it, before the new email"
    hear_of(city, RIGHT, "Ana Ferris", LATER, "returned")
    correction.send(LATER)
    assert "ana@example.org" in messages(city, RIGHT)


def test_a_way_that_has_no_carrier_any_more_is_passed_over(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.mailings.actions.sending import deciding

    city.school(URN, [adult("P1", "Ana Ferris", MOBILE="07700 900101", HAS_CARE="no", **address(4))])
    city.open()
    city.send()
    city.hear([(PHONE, "delivered")], NOW)
    withdraw()
    without = {channel: one for channel, one in deciding.carriers().items() if channel.value != "text"}
    monkeypatch.setattr(deciding, "carriers", lambda: without)
    correction = follow(city, "correction", RIGHT)
    correction.send(LATER)
    assert messages(city, RIGHT) == ["Ana Ferris"]


def hear_of(city: City, reference: str, to: str, at: datetime, status: str = "delivered") -> None:
    """A receipt for the message of one letter to one value."""
    from everyfamily.channels.events import DeliveryEvent
    from everyfamily.core.sending.fallback import AttemptStatus
    from everyfamily.mailings.actions.sending.receipts import record_receipts

    known = next(
        str(line["reference"])
        for line in city.outbox()
        if str(line["body"]).startswith(reference) and to in (line["to"], *line["address"])  # type: ignore[misc]
    )
    record_receipts([DeliveryEvent(known, AttemptStatus(status), at)], at)


def restrict(city: City, how: str, parent: int, at: datetime = WRONG_AT) -> None:
    from everyfamily.people.actions.decided.objections import record_objection
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.actions.keeping.leavers import confirm_leavers, pupil_by_own_id, record_death
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    school = city.schools[URN]
    if how == "objects":
        record_objection(school, adult=parent, by=Actor.typed("office"), now=at)
    elif how in ("left", "died"):
        pupil = pupil_by_own_id(school, "P1", now=at)
        if how == "left":
            confirm_leavers(school, pupils=[pupil], by=Actor.typed("office"), on=at.date(), now=at)
        else:
            record_death(school, pupil=pupil, by=Actor.typed("office"), now=at)
    else:
        with tenant(school):
            link = Care.objects.get(parent_id=parent).pk
        review_restriction(school, link=link, decision=how, by=Actor.typed("Una Marsh"), now=at)


@pytest.mark.parametrize("how", ["do not send", "hold", "objects", "left", "died"])
def test_whoever_had_it_and_may_not_be_written_to_now_is_a_named_persons_task(wrong: City, how: str) -> None:
    from everyfamily.mailings.actions.ending.open_work import work_of

    ana = next(iter(adults(wrong)))
    restrict(wrong, how, ana)
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    assert "ana@example.org" not in messages(wrong, RIGHT)
    assert len(messages(wrong, RIGHT)) == len(HAD) - 1
    [task] = tasks(correction)
    assert (task.parent_id, task.closed_at, task.owner) == (ana, None, "Designated safeguarding lead")  # type: ignore[attr-defined]
    assert task.due_on == LATER.date()  # type: ignore[attr-defined]
    listed = command("owed", "list", "--school", str(URN)).output
    why = {"left": "child has left", "died": "child has died"}.get(how, how)
    assert f"({why})" in listed
    assert "tell adults who had the wrong letter and may not be written to" in command("tasks").output
    assert "1 adult to be told what was wrong" in "; ".join(work_of(correction.mailing, LATER).for_people(LATER))
    number = str(task.pk)  # type: ignore[attr-defined]
    settled = ("owed", "settle", "--school", str(URN), "--task", number, "told", "--by", "Una Marsh")
    assert command(*settled).exit_code == 0
    assert "EF528" in command(*settled).output
    correction.send(LATER + timedelta(hours=1))
    [task] = tasks(correction)
    assert task.closed_by == "Una Marsh", "what a person settled is not opened again"  # type: ignore[attr-defined]
    assert "Nobody" in command("owed", "list", "--school", str(URN)).output


def test_a_task_closes_when_they_may_be_written_to_and_opens_again_when_not(wrong: City) -> None:
    ana = next(iter(adults(wrong)))
    restrict(wrong, "hold", ana)
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    restrict(wrong, "none", ana, LATER)
    night = LATER.replace(hour=22)
    correction.send(night)
    [task] = tasks(correction)
    assert task.closed_by == "may be written to"  # type: ignore[attr-defined]
    assert "ana@example.org" not in messages(wrong, RIGHT), "not at night"
    restrict(wrong, "do not send", ana, night)
    correction.send(night)
    [task] = tasks(correction)
    assert task.closed_at is None  # type: ignore[attr-defined]
    correction.send(LATER + timedelta(days=1))
    assert "ana@example.org" not in messages(wrong, RIGHT)


def test_older_tasks_of_a_correction_become_tasks_to_tell(wrong: City) -> None:
    """As an older version wrote them: of the same kind as those on who may have a letter."""
    from everyfamily.mailings.models import PersonTask
    from everyfamily.mailings.sql.to_tell_sql import SQL
    from everyfamily.people.database.tenancy import tenant

    ana = next(iter(adults(wrong)))
    restrict(wrong, "hold", ana)
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    with tenant(wrong.schools[URN]):
        owed = PersonTask.objects.get(mailing_id=correction.mailing, kind="to tell")
        PersonTask.objects.filter(pk=owed.pk).update(kind="restriction")
        owed.pk, owed.mailing_id, owed.kind = None, wrong.mailing, "restriction"
        owed.save(force_insert=True)
    with psycopg.connect(os.environ["EVERYFAMILY_OWNER_URL"]) as owner:
        owner.execute(SQL)
        forced = owner.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'mailings_persontask'")
        assert forced.fetchone() == (True,)
    assert [task.parent_id for task in tasks(correction)] == [ana]  # type: ignore[attr-defined]
    assert (tasks(wrong), len(tasks(wrong, kind="restriction"))) == ([], 1)


def test_whoever_is_corrected_and_then_restricted_is_owed_nothing(wrong: City) -> None:
    ana = next(iter(adults(wrong)))
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    restrict(wrong, "do not send", ana, LATER)
    correction.send(LATER + timedelta(hours=1))
    assert tasks(correction) == []


def test_a_correction_that_is_wrong_too_is_corrected_for_all_who_had_either(wrong: City) -> None:
    correction = follow(wrong, "correction", RIGHT)
    ana = next(iter(adults(wrong)))
    restrict(wrong, "hold", ana)
    correction.send(LATER)
    withdraw(RIGHT, LATER)
    restrict(wrong, "none", ana, LATER)
    second = follow(correction, "correction", AGAIN, at=LATER)
    second.send(LATER)
    assert set(messages(wrong, AGAIN)) == HAD, "Ana had the first wrong letter alone"


def test_only_a_withdrawn_mailing_that_is_open_is_followed_and_once_each(city: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.mailings.actions.planning.opening import CannotBeFollowed

    city.school(URN, ROLL[:1])
    city.open()
    city.send()
    with pytest.raises(CannotBeFollowed, match="not withdrawn"):
        follow(city, "correction", RIGHT)
    withdraw()
    follow(city, "correction", RIGHT)
    with pytest.raises(CannotBeFollowed, match="a correction already"):
        follow(city, "correction", AGAIN)
    close_mailing(city.mailing, by=Actor.typed("Pat Example"), now=LATER, although="this is only a test")
    with pytest.raises(CannotBeFollowed, match="closed"):
        follow(city, "replacement", WHOLE)


def test_a_wrong_letters_mailing_stays_open_until_what_follows_it_is_closed(city: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.mailings.actions.ending.open_work import MailingStillWaits
    from everyfamily.mailings.models import Mailing

    city.school(URN, ROLL[:1])
    city.open()
    city.send()
    withdraw()
    correction = follow(city, "correction", RIGHT)
    correction.send(LATER)
    quiet = LATER + timedelta(days=4)
    correction.send(quiet)
    with pytest.raises(MailingStillWaits, match="corrects or replaces"):
        close_mailing(city.mailing, by=Actor.typed("Pat Example"), now=quiet)
    close_mailing(correction.mailing, by=Actor.typed("Pat Example"), now=quiet)
    close_mailing(city.mailing, by=Actor.typed("Pat Example"), now=quiet, although="this is only a test")
    assert set(Mailing.objects.values_list("state", flat=True)) == {"closed"}


def test_a_message_that_a_carrier_is_being_given_counts_as_had(city: City) -> None:
    """The correction is opened while a worker waits for the answer of a carrier."""
    from everyfamily.mailings.models import Attempt, LedgerEntry
    from everyfamily.people.database.tenancy import tenant

    school = city.school(URN, ROLL[:2])
    city.open()
    city.send()
    LedgerEntry.objects.update(status="sending")
    with tenant(school):
        Attempt.objects.update(status="created")
    withdraw()
    correction = follow(city, "correction", RIGHT)
    correction.send(LATER)
    assert set(messages(city, RIGHT)) == {"ana@example.org", "ben@example.org"}


def test_a_school_that_sent_it_itself_sends_the_correction_itself(wrong: City) -> None:
    from everyfamily.mailings.models import MailingSchool

    correction = follow(wrong, "correction", RIGHT)
    parts = dict(MailingSchool.objects.filter(mailing_id=correction.mailing).values_list("school__urn", "state"))
    assert parts == {URN: "planned", OTHER: "planned", ITSELF: "sends itself"}


def test_a_correction_waits_for_the_day_and_goes_on_any_day(wrong: City) -> None:
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER.replace(hour=20))
    assert messages(wrong, RIGHT) == []
    saturday = (LATER + timedelta(days=2)).replace(hour=10)
    assert saturday.weekday() == 5
    correction.send(saturday)
    assert len(messages(wrong, RIGHT)) == len(HAD)


def test_two_that_plan_correction_and_replacement_at_once_put_nobody_in_both(
    wrong: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dee's letter turns out to be delivered while the replacement, which has read that it was not, is planned."""
    from django.db import connections

    from everyfamily.mailings.actions.planning import planning

    correction, replacement = follow(wrong, "correction", RIGHT), follow(wrong, "replacement", WHOLE)
    attest(wrong)
    who_had_it = planning.who_had_it

    def late_news_and_correction() -> None:
        try:
            wrong.hear([("dee@example.org", "delivered")], LATER)
            planning.begin_wave(correction.mailing, wrong.schools[URN], LATER)
        finally:
            connections.close_all()

    thread = threading.Thread(target=late_news_and_correction)

    def read_and_wait(following: Following, *words: Any, **more: Any) -> dict[int, list[str]]:
        had = who_had_it(following, *words, **more)
        if not following.is_correction:
            thread.start()
            # As long as it takes without a lock; with one it continues when this transaction ends.
            thread.join(timeout=1)
        return had

    monkeypatch.setattr(planning, "who_had_it", read_and_wait)
    planning.begin_wave(replacement.mailing, wrong.schools[URN], LATER)
    thread.join()
    assert (len(adults(correction)), len(adults(replacement))) == (4, 3)
    assert not set(adults(correction)) & set(adults(replacement))


def test_the_coverage_of_a_correction_counts_the_children_of_those_who_had_it(wrong: City) -> None:
    correction = follow(wrong, "correction", RIGHT)
    correction.send(LATER)
    assert correction.coverage(LATER).total.children == 4 + 30, "and those of the school that sends itself"


def letter_folder(tmp_path: Path, reference: str) -> tuple[str, str]:
    """A sealed letter as a folder, and the public sealing key."""
    from everyfamily.letters.files.folder import write_letter_folder, write_seal

    seal, artefacts, key = sealed_letter(reference)
    folder = tmp_path / reference
    write_letter_folder(folder, seal.record, artefacts)
    write_seal(folder, seal)
    return str(folder), key


def test_a_correction_and_a_replacement_are_opened_by_command(wrong: City, tmp_path: Path) -> None:
    from everyfamily.mailings.models import Mailing

    folder, key = letter_folder(tmp_path, RIGHT)
    said = command("send", folder, "--sealing-key", key, "--corrects", REFERENCE, "--by", "Pat Example")
    assert said.exit_code == 0, said.output
    assert f"It goes to the adults who had {REFERENCE}, and to nobody else." in said.output
    assert f"Send themselves: 1 school ({ITSELF})." in said.output
    correction = Mailing.objects.get(letter__reference=RIGHT)
    assert (correction.follows_id, correction.follows_as, correction.sending["any_day"]) == (
        wrong.mailing,
        "correction",
        True,
    )
    mailing = City(wrong.folder, dict(wrong.schools), correction.pk)
    mailing.send(LATER)
    assert sorted(map(str, messages(wrong, RIGHT))) == sorted(HAD)
    again = command("send", folder, "--sealing-key", key, "--corrects", REFERENCE, "--by", "Pat Example")
    assert "EF522" in again.output
    whole, key = letter_folder(tmp_path, WHOLE)
    replaced = command(
        *("send", whole, "--sealing-key", key, "--replaces", REFERENCE, "--opens", "2027-03-08T09:00"),
        *("--partnership", str(PARTNERSHIP), "--by", "Pat Example"),
    )
    assert replaced.exit_code == 0, replaced.output
    assert Mailing.objects.get(letter__reference=WHOLE).follows_as == "replacement"


@pytest.mark.parametrize(
    "words",
    [
        ("--corrects", "A-1", "--replaces", "A-1"),
        ("--corrects", "A-1", "--plan"),
        ("--replaces", "A-1"),
        (),
    ],
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert command("send", str(tmp_path), "--sealing-key", "a", *words).exit_code == 2
