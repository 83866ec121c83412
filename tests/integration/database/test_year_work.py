"""The year's work through the database: what the plan asks for and when it is done, numbers that are rung again before
a letter goes, and the staff briefing that each school is sent once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from tests.factories.city import REFERENCE, City, adult
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.kept import kept_city
from tests.integration.database.test_wrong_paper import Post

if TYPE_CHECKING:
    from everyfamily.core.desk.waiting import Wait

pytestmark = [pytest.mark.database, pytest.mark.slow]

WAVE = datetime(2027, 3, 9, 9, tzinfo=LONDON)
"""A Tuesday."""
FRIDAY = datetime(2027, 3, 5, 10, tzinfo=LONDON)
PAT = Actor.typed("Pat Example")
US, ITSELF, NO_MAILBOX = 900001, 900002, 900003


def waits(now: datetime) -> list[Wait]:
    """What waits for the partnership's people about the year."""
    from everyfamily.accounts.desk.gathering import Reach, gather

    kinds = {Kind.YEAR_PREPARE, Kind.YEAR_APPROVE, Kind.YEAR_SEND, Kind.RING_AGAIN, Kind.NOT_BRIEFED, Kind.REVIEW}
    return [one for one in gather(Reach.everything(), now).waits if one.kind in kinds]


def weekday(day: date) -> bool:
    return day.weekday() < 5


def command(*words: str) -> str:
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return done.output


@kept_city
def planned(city: City) -> None:
    """A mailing whose wave is next Tuesday, to three schools: one of them sends it itself, one has no mailbox."""
    from everyfamily.mailings.models import Mailing, MailingSchool
    from everyfamily.people.models import School

    city.school(US, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.school(ITSELF, sends="school")
    city.school(NO_MAILBOX, [adult("P1", "Bo Ferris", EMAIL="bo@example.org")])
    for urn in (US, ITSELF):
        School.objects.filter(urn=urn).update(mailbox=f"office{urn}@example.org")
    city.open()
    Mailing.objects.update(opens_at=WAVE)
    MailingSchool.objects.update(wave_at=WAVE)


def test_what_the_plan_asks_for_waits_until_it_is_done(city: City) -> None:
    from django.test import override_settings

    from everyfamily_demo.clock import set_simulated

    def asked(now: datetime) -> set[tuple[Kind, str]]:
        return {(one.kind, one.place) for one in waits(now)}

    spring, six_weeks = "Spring term 2027", datetime(2027, 1, 12, 10, tzinfo=LONDON)
    with override_settings(EVERYFAMILY_PARTNERSHIP=PARTNERSHIP):
        assert asked(six_weeks - timedelta(weeks=2)) == set()
        assert asked(six_weeks) == {(Kind.YEAR_PREPARE, spring)}
        set_simulated(six_weeks)
        assert "everyfamily year done spring-2027 prepare" in command("year")
        command("year", "done", "spring-2027", "prepare", "--by", "Pat Example")
        assert asked(six_weeks) == set()
        assert asked(six_weeks + timedelta(weeks=4)) == {(Kind.YEAR_APPROVE, spring)}
        late = datetime(2027, 3, 2, 10, tzinfo=LONDON)
        city.school(US, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
        assert (Kind.YEAR_SEND, spring) in asked(late)
        city.open()
        assert {kind for kind, place in asked(late) if place == spring} == set()
        unknown = CliRunner().invoke(main, ["year", "done", "spring-2030", "prepare", "--by", "Pat Example"])
        assert "EF474" in unknown.output
    assert waits(late) == [], "without settings nobody is asked"


def test_numbers_are_rung_again_in_the_two_working_days_before_a_letter_goes(planned: City) -> None:
    from everyfamily.letters.queries import printed_routes
    from everyfamily.mailings.actions.guards.route_checks import route_is_good

    def to_ring(now: datetime) -> int:
        return sum(one.kind is Kind.RING_AGAIN for one in waits(now))

    routes = [one.route for one in printed_routes() if not one.route.differs_by_school]
    assert to_ring(FRIDAY - timedelta(days=1)) == 0, "Thursday is three working days before"
    assert to_ring(FRIDAY) == len(routes) > 3
    for one in waits(FRIDAY):
        assert one.due_on == WAVE.date()
    route_is_good(routes[0], by=PAT, now=FRIDAY)
    assert to_ring(FRIDAY) == len(routes) - 1
    for route in routes[1:]:
        route_is_good(route, by=PAT, now=FRIDAY + timedelta(days=3))
    assert to_ring(FRIDAY + timedelta(days=3, hours=1)) == 0, "a check of the first of the two days counts"


def test_each_school_is_sent_the_staff_briefing_once_two_school_days_before(planned: City) -> None:
    from everyfamily.mailings.actions.telling.briefings import write_briefings
    from everyfamily.mailings.actions.telling.school_notices import tell_schools

    def run(now: datetime) -> int:
        write_briefings(weekday, now)
        return tell_schools(post, now).sent

    post = Post()
    assert run(FRIDAY - timedelta(days=1)) == 0
    assert run(FRIDAY - timedelta(hours=5)) == 0, "no office is there at five"
    assert run(FRIDAY) == 2
    assert run(FRIDAY + timedelta(hours=1)) == run(FRIDAY + timedelta(days=3)) == 0
    by_inbox = {one.to: one.body for one in post.taken}
    ours, theirs = (by_inbox[f"office{urn}@example.org"] for urn in (US, ITSELF))
    assert ours.subject == f"For your staff, before Tuesday 9 March: the spring letter {REFERENCE}"
    assert "On Tuesday 9 March we write to your families" in ours.text
    assert "you send it to yours from your kit" in theirs.text
    assert "If a parent or carer asks" in ours.text
    assert "Please do not send it home" in ours.text
    [missing] = [one for one in waits(FRIDAY) if one.kind is Kind.NOT_BRIEFED]
    assert (missing.count, missing.note) == (1, f"Quayfield School {NO_MAILBOX}.")
    assert [one for one in waits(WAVE) if one.kind is Kind.NOT_BRIEFED] == [], "after the wave it is too late"


def test_a_withdrawn_letter_has_no_briefing_and_neither_has_a_correction(planned: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.telling.briefings import write_briefings
    from everyfamily.mailings.actions.telling.school_notices import tell_schools
    from everyfamily.mailings.models import MailingSchool
    from tests.integration.database.test_account_follow_ups import follow

    assert write_briefings(weekday, FRIDAY) == 3
    withdraw(REFERENCE, why="the number is dead", by=PAT, now=FRIDAY + timedelta(minutes=1))
    post = Post()
    tell_schools(post, FRIDAY + timedelta(hours=1))
    assert [one.body.subject for one in post.taken if "staff" in one.body.subject] == []
    correction = follow(planned, "correction", "ES-2703-C0R2")
    MailingSchool.objects.filter(mailing_id=correction.mailing).update(wave_at=WAVE)
    assert write_briefings(weekday, FRIDAY) == 0


def test_a_letter_is_reviewed_four_weeks_after_it_went_and_the_report_says_what_came_of_it(planned: City) -> None:
    import json

    from everyfamily_demo.clock import set_simulated

    def asked(now: datetime) -> list[str]:
        return [one.place for one in waits(now) if one.kind is Kind.REVIEW]

    four_weeks = WAVE + timedelta(weeks=4)
    assert asked(four_weeks - timedelta(days=8)) == asked(four_weeks + timedelta(weeks=9)) == []
    assert asked(four_weeks) == [f"Letter {REFERENCE}"]
    set_simulated(four_weeks)
    command("review", REFERENCE, "--calls", "local", "2027-03-10", "41", "--calls", "police", "2027-03-10", "7")
    parents = ["--parent", "yes,all,yes,yes,not-yet,prepared"] * 6
    assert "not complete" in command("review", REFERENCE, *parents)
    assert asked(four_weeks) == [f"Letter {REFERENCE}"]
    found = json.loads(command("review", REFERENCE, "--change", "week", "--json"))
    assert found["complete"]
    assert asked(four_weeks) == []
    refused = CliRunner().invoke(main, ["review", REFERENCE, "--calls", "careline", "2027-03-10", "1"])
    assert "EF475" in refused.output
    [letter] = json.loads(command("year", "report", "2026-27", "--partnership", PARTNERSHIP, "--json"))["letters"]
    assert (letter["calls"], letter["review"]["parents"], letter["review"]["changes"]) == (48, 6, ["week"])
    assert "48 calls because of it in 1 week" in command("year", "report", "--partnership", PARTNERSHIP)
