"""Somebody is barred after their paper was printed: a task while the copy can be taken out, and none afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, address, adult
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, OTHER = 900001, 900002
SOON = NOW + timedelta(minutes=30)
TOMORROW = NOW + timedelta(days=1)


@kept_city
def printed(city: City) -> None:
    """Two letters at a print house, and two copies in a class of another school."""
    # Two of one name would both be held.
    names = ["Ana Ferris", "Cleo Varga"]
    homes = [adult(f"P{n}", name, **address(n)) for n, name in enumerate(names)]
    city.school(URN, homes, order=["post"])
    city.school(OTHER, [adult(f"Q{n}", name) for n, name in enumerate(names)], order=["pupil post"])
    city.open()
    city.send()


def bar(city: City, urn: int, now: datetime = SOON, *, restriction: str = "do not send") -> None:
    """A person decides about the first adult of a school."""
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    school = city.schools[urn]
    with tenant(school):
        link = Care.objects.filter(school_id=school).order_by("pk").first()
    assert link is not None
    review_restriction(school, link=link.pk, decision=restriction, by=Actor.typed("Una Marsh"), now=now)


def waiting(city: City) -> list[tuple[int, str, str]]:
    """Open tasks for paper: school, kind and whose."""
    from django.db import connections

    with connections["planner"].cursor() as cursor:
        cursor.execute(
            "SELECT s.urn, t.kind, t.owner_role FROM mailings_persontask t JOIN people_known_school s "
            "ON s.id = t.school_id WHERE t.kind IN ('take out', 'keep back') AND t.closed_at IS NULL ORDER BY 1, 2"
        )
        return cursor.fetchall()


def minute(city: City, now: datetime) -> None:
    """What a worker does every minute."""
    from everyfamily.mailings.actions.planning.take_outs import keep_up

    city.send(now)
    keep_up(now)


def say(*words: str) -> str:
    done = CliRunner().invoke(main, ["stopped-in-print", "--reference", REFERENCE, "--by", "Pat Example", *words])
    return done.output


def test_a_copy_at_the_print_house_is_the_coordinators_until_it_was_taken_out(printed: City) -> None:
    from everyfamily.mailings.actions.paper.stopped_print import print_was_stopped
    from everyfamily.mailings.actions.planning.take_outs import copies_to_take_out
    from everyfamily.mailings.models import LedgerEntry
    from everyfamily.mailings.queries.across import TakeOut, across

    assert waiting(printed) == []
    bar(printed, URN)
    minute(printed, SOON)
    assert waiting(printed) == [(URN, "take out", "coordinator")]
    assert across(SOON, NOW).to_take_out == (TakeOut(REFERENCE, NOW.date()),)
    [number] = copies_to_take_out(printed.mailing, SOON)
    said = CliRunner().invoke(main, ["tasks"]).output
    assert "copies at the print house: have them taken out today" in said and "Ana" not in said
    right = LedgerEntry.objects.get(reference=number)
    other = LedgerEntry.objects.exclude(pk=right.pk).get(channel="post")
    # Another family's copy may not be said to be stopped, because they would get the letter again.
    with pytest.raises(Exception, match="not all of these"):
        print_was_stopped(REFERENCE, [number, str(other.reference)], by=Actor.typed("Pat Example"), now=SOON)
    assert print_was_stopped(REFERENCE, [number], by=Actor.typed("Pat Example"), now=SOON) == 1
    assert waiting(printed) == []
    right.refresh_from_db()
    assert right.status == "temporary-failure"
    minute(printed, SOON + timedelta(hours=1))
    assert waiting(printed) == []


def test_a_copy_that_may_go_after_all_and_a_day_that_is_over_need_nothing(printed: City) -> None:
    bar(printed, URN)
    minute(printed, SOON)
    assert len(waiting(printed)) == 1
    bar(printed, URN, SOON + timedelta(minutes=5), restriction="none")
    minute(printed, SOON + timedelta(minutes=6))
    assert waiting(printed) == []
    bar(printed, URN, SOON + timedelta(minutes=10))
    minute(printed, SOON + timedelta(minutes=11))
    assert len(waiting(printed)) == 1
    minute(printed, TOMORROW)
    assert waiting(printed) == []


def test_barred_a_day_later_is_too_late_for_the_print_house_and_not_for_the_class(printed: City) -> None:
    bar(printed, URN, TOMORROW)
    bar(printed, OTHER, TOMORROW)
    minute(printed, TOMORROW)
    assert waiting(printed) == [(OTHER, "keep back", "lead")]


def test_a_copy_in_a_class_is_the_leads_until_the_school_has_said_what_became_of_it(printed: City) -> None:
    from everyfamily.mailings.actions.paper.hand_outs import record_hand_outs, words_for_class

    bar(printed, OTHER)
    minute(printed, SOON)
    assert waiting(printed) == [(OTHER, "keep back", "lead")]
    school = printed.schools[OTHER]
    words = words_for_class(school, group="7B", on=NOW.date(), without=("Q0",), now=SOON)
    record_hand_outs(school, words, by=Actor.typed("School office"), now=SOON)
    assert waiting(printed) == []


def test_a_task_comes_while_the_mailing_is_paused_too(printed: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    pause_mailing(printed.mailing, why="a test", by=Actor.typed("Pat Example"), now=NOW)
    bar(printed, URN)
    minute(printed, SOON)
    assert waiting(printed) == [(URN, "take out", "coordinator")]


def test_copies_in_a_class_are_over_after_five_school_days(printed: City) -> None:
    bar(printed, OTHER)
    minute(printed, SOON)
    minute(printed, NOW + timedelta(days=6))
    assert len(waiting(printed)) == 1
    minute(printed, NOW + timedelta(days=9))
    assert waiting(printed) == []


def test_the_command_says_numbers_and_never_why(printed: City) -> None:
    assert say() == "No copy is to be taken out today.\n"
