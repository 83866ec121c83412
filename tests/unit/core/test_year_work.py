"""The days of a planned letter's work, and what is asked for on a day. The calendar is passed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from everyfamily.core.calendar.academic_year import AcademicYear, Term
from everyfamily.core.calendar.calendar_file import calendar_file
from everyfamily.core.calendar.sending_days import Sending
from everyfamily.core.calendar.year_plan import PlannedLetter, YearPlan
from everyfamily.core.calendar.year_work import ABOUT, MARKED_BY_HAND, Step, YearWork, due_work, year_work
from tests.factories.each import each

YEAR = AcademicYear(2026)
SPRING = Term("spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19))
LETTER = PlannedLetter(SPRING, "one", "one", date(2027, 3, 9), number=2)
HOLIDAYS = {date(2027, 3, 26), date(2027, 3, 29)}
"""Good Friday and Easter Monday."""


def works(*letters: PlannedLetter) -> list[YearWork]:
    plan = YearPlan(letters)
    return year_work(plan, YEAR, Sending().times, Sending().calendar(plan.terms, HOLIDAYS))


def test_each_step_has_its_day_before_or_after_the_first_day_of_the_week() -> None:
    assert [(one.step, one.due_on) for one in works(LETTER)] == [
        (Step.PREPARE, date(2027, 1, 25)),
        (Step.APPROVE, date(2027, 2, 22)),
        (Step.BRIEF, date(2027, 3, 4)),
        (Step.RING, date(2027, 3, 4)),
        (Step.SEND, date(2027, 3, 8)),
        (Step.REVIEW, date(2027, 4, 5)),
    ]


def test_days_before_a_letter_are_counted_in_days_on_which_people_work() -> None:
    after_half_term = {one.step: one.due_on for one in works(replace(LETTER, send_week=date(2027, 2, 23)))}
    assert after_half_term[Step.BRIEF] == date(2027, 2, 11), "two school days before, so before half-term"
    assert after_half_term[Step.RING] == date(2027, 2, 18), "two working days before"
    first_of_march = {one.step: one.due_on for one in works(replace(LETTER, send_week=date(2027, 3, 2)))}
    assert first_of_march[Step.REVIEW] == date(2027, 3, 25), "Easter Monday and Good Friday are free"


def test_a_letter_without_a_week_and_one_of_another_year_have_no_days() -> None:
    assert works(replace(LETTER, send_week=None)) == []
    assert year_work(YearPlan((LETTER,)), AcademicYear(2027), Sending().times, Sending().calendar((), ())) == []


@each(
    "day, done, asked",
    [
        (date(2027, 1, 10), "", ""),
        (date(2027, 1, 11), "", "prepare"),
        (date(2027, 2, 8), "", "prepare approve"),
        (date(2027, 2, 8), "prepare", "approve"),
        (date(2027, 3, 3), "prepare approve", "brief send"),
        (date(2027, 3, 4), "prepare approve brief", "ring send"),
        (date(2027, 3, 12), "prepare approve brief send", "ring"),
        (date(2027, 3, 13), "prepare", ""),
        (date(2027, 3, 29), "send", "review"),
        (date(2027, 3, 29), "", ""),
        (date(2027, 5, 31), "send", "review"),
        (date(2027, 6, 1), "send", ""),
        (date(2027, 3, 29), "send review", ""),
    ],
)
def test_on_each_day_only_what_is_near_or_late_and_not_done_is_asked_for(
    day: date, done: str, asked: str
) -> None:
    keys = {f"spring-2027-2 {step}" for step in done.split()}
    assert " ".join(one.step for one in due_work(works(LETTER), keys, day)) == asked


def test_every_step_has_words_and_only_two_are_marked_by_hand() -> None:
    assert set(ABOUT) == set(Step)
    assert {Step.PREPARE, Step.APPROVE} == MARKED_BY_HAND


def test_the_calendar_file_has_each_day_once_and_no_line_is_too_long() -> None:
    at = datetime(2027, 1, 1, 9, tzinfo=UTC)
    topic = replace(LETTER, topic="criminal-exploitation")
    data = calendar_file(works(topic), site="families.eastmere.example", name="Eastmere, letters", at=at)
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert data.count(b"BEGIN:VEVENT") == len(Step)
    assert b"DTSTART;VALUE=DATE:20270308\r\n" in data
    assert b"DTEND;VALUE=DATE:20270309\r\n" in data
    assert b"UID:spring-2027-2-send@families.eastmere.example\r\n" in data
    assert b"X-WR-CALNAME:Eastmere\\, letters\r\n" in data
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"criminal" not in data, "calendars are shared"
    assert "the partners’ words" in data.replace(b"\r\n ", b"").decode()


def test_a_week_without_a_day_to_send_begins_on_its_monday() -> None:
    plan = YearPlan((LETTER,))
    shut = Sending(schools_closed=frozenset(date(2027, 3, 8) + timedelta(days=n) for n in range(5)))
    found = year_work(plan, YEAR, shut.times, shut.calendar(plan.terms, HOLIDAYS))
    assert next(one.due_on for one in found if one.step is Step.SEND) == date(2027, 3, 8)
