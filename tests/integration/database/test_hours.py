"""Letters keep to the mornings of the partnership's file: the first one, the one after a bounce, the one left over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_days import Sending
from everyfamily.core.calendar.sending_window import LONDON, school_as_data, sending_as_data, urgent_as_data
from tests.factories.city import NOW, City, adult
from tests.spec.test_sending_days import TERMS

pytestmark = [pytest.mark.database, pytest.mark.slow]

HOURS = sending_as_data(Sending(), TERMS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def family(number: int) -> dict[str, str]:
    return adult(
        f"P{number}", f"Ana Ferris{number}", EMAIL=f"ana{number}@example.org", MOBILE=f"0770090012{number}"
    )


def sent(city: City) -> list[tuple[str, str]]:
    lines = sorted(city.outbox(), key=lambda line: str(line["at"]))
    return [
        (str(line["channel"]), f"{datetime.fromisoformat(str(line['at'])).astimezone(LONDON):%a %d %H:%M}")
        for line in lines
    ]


def test_a_bounce_at_night_is_noticed_at_once_and_followed_in_the_morning(city: City) -> None:
    from everyfamily.mailings.models import Delivery
    from everyfamily.people.database.tenancy import tenant

    school = city.school(900001, [family(1)])
    city.open(sending=HOURS)
    city.send()
    night = at("2027-03-02T23:40")
    city.hear([("ana1@example.org", "permanent-failure")], night)
    city.send(night)
    assert sent(city) == [("email", "Tue 02 09:00")]
    with tenant(school):
        assert Delivery.objects.get().next_look_at == at("2027-03-03T09:00")
    city.send(at("2027-03-03T08:59"))
    assert len(sent(city)) == 1
    city.send(at("2027-03-03T09:00"))
    assert sent(city)[1:] == [("text", "Wed 03 09:00")]


def test_a_bounce_on_a_wednesday_afternoon_is_followed_on_monday(city: City) -> None:
    city.school(900001, [family(1)])
    city.open(sending=HOURS)
    city.send()
    city.hear([("ana1@example.org", "permanent-failure")], at("2027-03-03T12:00"))
    for moment in ("2027-03-03T12:00", "2027-03-04T09:00", "2027-03-05T10:00", "2027-03-08T09:00"):
        city.send(at(moment))
    assert sent(city)[1:] == [("text", "Mon 08 09:00")]


def test_what_arrives_at_the_weekend_counts_at_the_weekend(city: City) -> None:
    city.school(900001, [family(1), family(2)])
    city.open(sending=HOURS)
    city.send()
    saturday = at("2027-03-06T15:00")
    city.hear([("ana1@example.org", "delivered")], saturday)
    city.send(saturday)
    assert city.coverage(saturday).total.outcomes == {Outcome.REACHED: 1, Outcome.ACCEPTED: 1}


def test_a_wave_whose_workers_were_away_waits_for_the_next_morning(city: City) -> None:
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(900001, [family(1)])
    city.open(sending=HOURS)
    city.send(at("2027-03-02T14:00"))
    assert sent(city) == []
    attest_school(school, by=Actor.typed("lead"), now=at("2027-03-02T16:00"))
    city.send(at("2027-03-03T09:00"))
    assert sent(city) == [("email", "Wed 03 09:00")]


def test_a_job_that_was_queued_in_the_morning_and_runs_at_night_begins_nothing(city: City) -> None:
    from everyfamily.mailings.edges.tasks import begin_school, look_at_school
    from everyfamily.mailings.models import MailingSchool
    from everyfamily_demo.clock import set_simulated

    school = city.school(900001, [family(1)])
    city.open(sending=HOURS)
    set_simulated(at("2027-03-02T22:00"))
    begin_school(mailing_id=city.mailing, school_id=school)
    assert MailingSchool.objects.get().state == "planned"
    MailingSchool.objects.update(state="sending")
    look_at_school(mailing_id=city.mailing, school_id=school)
    assert sent(city) == []


def test_what_was_written_down_and_not_called_before_noon_waits(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.queries.mailings import schools_with_work

    school = city.school(900001, [family(1)])
    city.open(sending=HOURS)
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    noon, morning = at("2027-03-02T12:00"), at("2027-03-03T09:00")
    assert schools_with_work(city.mailing, at("2027-03-02T11:59")) == [school]
    assert schools_with_work(city.mailing, noon) == []
    city.send(noon)
    assert sent(city) == []
    city.send(morning)
    assert sent(city) == [("email", "Wed 03 09:00")]


def test_a_school_with_days_of_its_own_keeps_them_and_the_others_theirs(city: City) -> None:
    city.school(900001, [family(1)])
    second = city.school(900002, [family(2)])
    city.open(sending=HOURS, own_days={second: school_as_data((), frozenset({NOW.date()}))})
    city.send()
    assert {line["to"] for line in city.outbox()} == {"ana1@example.org"}


def test_a_school_that_is_open_when_the_areas_are_shut_is_sent_for(city: City) -> None:
    city.school(900001, [family(1)])
    second = city.school(900002, [family(2)])
    area = HOURS | {"terms": [term | {"half_term_to": "2027-03-05"} for term in HOURS["terms"]]}
    city.open(sending=area, own_days={second: school_as_data(TERMS, frozenset())})
    city.send()
    assert {line["to"] for line in city.outbox()} == {"ana2@example.org"}


def test_a_correction_goes_on_a_saturday_and_not_at_night(city: City) -> None:
    city.school(900001, [family(1)])
    city.open(sending=urgent_as_data())
    city.send(at("2027-03-02T20:00"))
    assert sent(city) == []
    from everyfamily.people.actions.schools.schools import attest_school

    attest_school(city.schools[900001], by=Actor.typed("lead"), now=at("2027-03-06T08:00"))
    city.send(at("2027-03-06T09:00"))
    assert sent(city) == [("email", "Sat 06 09:00")]


def test_a_look_stops_when_the_hours_end(city: City) -> None:
    from everyfamily.core.letter.letters import Letter
    from everyfamily.mailings.actions.guards.sendable import sendable_letter
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.actions.sending.sending import Sender, send_created
    from everyfamily.mailings.installation.carriers import carriers
    from everyfamily.mailings.messages.bodies import Bodies
    from everyfamily.people.queries import school_by_id

    school = city.school(900001, [family(1)])
    city.open(sending=HOURS)
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    letter = sendable_letter(city.mailing, NOW)
    assert isinstance(letter, Letter)
    bodies, sender = Bodies(letter, school_by_id(school)), Sender(carriers(), "test")
    sent_now = send_created(city.look(school, NOW), bodies, sender, until=NOW - timedelta(seconds=1))
    assert (sent_now.called, sent_now.is_done) == (0, False)
    assert send_created(city.look(school, NOW), bodies, sender, until=NOW + timedelta(hours=3)).called == 1
