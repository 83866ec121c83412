"""What a person reads is true to the letter: who acts, by which day, at which hour, and how many."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_days import Sending
from everyfamily.core.calendar.sending_window import sending_as_data
from tests.factories.city import NOW, City, adult
from tests.factories.demonstration import PARTNERSHIP
from tests.spec.test_sending_days import TERMS

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
THURSDAY = NOW.replace(day=4)
"""4 March 2027: three days on is a Sunday."""
IN_TERM = sending_as_data(Sending(), TERMS)


def line_of(city: City, now: datetime):  # type: ignore[no-untyped-def]
    from everyfamily.reports.families import families_of

    return next(families_of(city.mailing, city.schools[URN], now))


def words_of(city: City, now: datetime) -> str:
    from everyfamily.reports.family_rows import adult_in_words, child_in_words

    line = line_of(city, now)
    return "\n".join([child_in_words(line, "P1", "7B"), *map(adult_in_words, line.adults)])


def test_paper_that_waits_for_a_teacher_does_not_settle_by_itself(city: City) -> None:
    city.school(URN, [adult("P1", "Ana Ferris")], order=["pupil post"])
    city.open(sending=IN_TERM)
    city.send()
    line = line_of(city, NOW)
    assert line.outcome is Outcome.ON_ITS_WAY
    assert (line.owner, line.due_on) == ("Designated safeguarding lead", date(2027, 3, 9))
    assert "settles by itself" not in words_of(city, NOW)
    assert "Next: hand the copy to the child, and say so" in words_of(city, NOW)


def test_an_email_on_its_way_settles_by_itself(city: City) -> None:
    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    assert "none: settles by itself" in words_of(city, NOW)


def due_days(city: City) -> dict[str, date]:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    with tenant(city.schools[URN]):
        found = {task.kind: task.due_on for task in PersonTask.objects.filter(closed_at=None)}
        return found | {f"roll: {task.kind}": task.due_on for task in RollTask.objects.filter(closed_at=None)}


def test_tasks_fall_due_on_school_days(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_school
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(URN)
    city.import_rows(URN, [adult("P1", "Ana Ferris", RESTRICTION="hold")], now=THURSDAY)
    attest_school(school, by=Actor.typed("lead"), now=THURSDAY)
    city.open()
    city.send(THURSDAY)
    friday_evening = THURSDAY + timedelta(days=1, hours=10)
    pause_school(city.mailing, school, why="ring us", by=Actor.typed("Pat Example"), now=friday_evening)
    assert due_days(city) == {
        "restriction": date(2027, 3, 9),
        "roll: restriction": date(2027, 3, 9),
        "paused": date(2027, 3, 8),
    }


def test_nothing_falls_due_in_the_holidays_that_the_mailing_knows(city: City) -> None:
    """The spring term ends on Thursday 25 March 2027, and the summer term begins on Monday 12 April."""
    from everyfamily.mailings.actions.planning.planning import plan_again

    school = city.school(URN, [adult("P1", "Ana Ferris")])
    city.open(sending=IN_TERM)
    city.send()
    tuesday = NOW.replace(day=23)
    city.import_rows(URN, [adult("P1", "Ana Ferris", RESTRICTION="hold")], now=tuesday)
    plan_again(city.look(school, tuesday))
    assert due_days(city)["restriction"] == date(2027, 4, 12)


def test_a_roll_s_tasks_keep_the_terms_of_the_partnership_s_file(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "EVERYFAMILY_PARTNERSHIP", str(PARTNERSHIP))
    city.school(URN, [adult("P1", "Ana Ferris")])
    city.import_rows(URN, [adult("P1", "Ana Ferris", RESTRICTION="hold")], now=NOW.replace(month=2, day=11))
    assert due_days(city)["roll: restriction"] == date(2027, 2, 23)


def test_after_closing_a_day_is_a_day_and_not_midnight(city: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing

    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    city.hear([("ana@example.org", "delivered")], NOW)
    city.send()
    assert "email delivered Tue 2 March 09:00" in words_of(city, NOW)
    later = NOW + timedelta(days=50)
    close_mailing(city.mailing, by=Actor.typed("test"), now=later)
    assert "email delivered Tue 2 March" in words_of(city, later)
    assert "00:00" not in words_of(city, later)


def test_one_child_is_not_about_none(city: City) -> None:
    from everyfamily.cli.main import main

    city.school(URN, [adult("P1", "Ana Ferris")])
    done = CliRunner().invoke(main, ["schools"])
    assert "about 0" not in done.output
    assert "under 5" in done.output


def test_one_message_is_one_message() -> None:
    from everyfamily.channels.kept_files import FilesPurged
    from everyfamily.cli.people.keep_commands import _purge_lines
    from everyfamily.mailings.actions.ending.keeping import PurgeReport

    lines = "\n".join(_purge_lines(PurgeReport(files=FilesPurged(lines=1, folders=1)), False))
    assert "1 message and 1 folder of letters." in lines
