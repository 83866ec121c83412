"""Terms, years and which letter comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from everyfamily.core.calendar.academic_year import AcademicYear, Term
from everyfamily.core.calendar.year_plan import TermNotPlanned, YearPlan
from tests.factories.demonstration import demo_partnership

SPRING = Term("spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 8, 31), "2025-26"),
        (date(2026, 9, 1), "2026-27"),
        (date(2027, 8, 31), "2026-27"),
        (date(2099, 9, 1), "2099-00"),
    ],
)
def test_a_day_lies_in_its_academic_year(day: date, year: str) -> None:
    assert str(AcademicYear.of(day)) == year
    assert day in AcademicYear.of(day)


@pytest.mark.parametrize(
    ("day", "is_school_day"),
    [
        (date(2027, 1, 1), False),
        (date(2027, 1, 4), True),
        (date(2027, 2, 16), False),
        (date(2027, 3, 2), True),
        (date(2027, 3, 6), False),
        (date(2027, 3, 26), False),
    ],
)
def test_school_days_are_weekdays_in_term(day: date, is_school_day: bool) -> None:
    assert SPRING.is_school_day(day) is is_school_day


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"opens_on": date(2027, 1, 3)}, "opens_on is a Sunday"),
        ({"closes_on": date(2027, 3, 27)}, "closes_on is a Saturday"),
        ({"half_term_from": date(2027, 2, 14)}, "half_term_from is a Sunday"),
        ({"half_term_to": date(2027, 4, 1)}, "the half-term holiday is not inside the term"),
        ({"half_term_from": date(2027, 1, 18)}, "the half-term holiday is longer than two weeks"),
        ({"closes_on": date(2027, 9, 3)}, "closes_on is in another academic year"),
        ({"closes_on": date(2027, 7, 1)}, "the term is longer than 130 days"),
    ],
)
def test_dates_that_cannot_be_right_are_named(change: dict[str, date], fault: str) -> None:
    assert fault in replace(SPRING, **change).faults()


def test_good_dates_have_no_fault() -> None:
    assert SPRING.faults() == ()
    assert SPRING.id == "spring-2027"
    assert SPRING.name == "spring term 2027"


def test_the_next_letter_is_the_next_terms() -> None:
    plan = demo_partnership().year_plan
    following = plan.next_after("spring-2027")
    assert following is not None
    assert following.term.id == "summer-2027"
    assert plan.next_after("summer-2027") is None


def test_a_term_that_is_not_planned_is_refused_with_those_that_are() -> None:
    with pytest.raises(TermNotPlanned, match="spring-2027"):
        demo_partnership().year_plan.of("spring-2030")


def test_a_day_between_terms_lies_in_no_term() -> None:
    plan = demo_partnership().year_plan
    assert plan.term_of(date(2027, 3, 30)) is None
    term = plan.term_of(date(2027, 3, 2))
    assert term is not None
    assert term.season == "spring"


def test_terms_out_of_order_are_named() -> None:
    letters = demo_partnership().year_plan.letters
    assert any("opens before" in fault for _, fault in YearPlan(letters[::-1]).faults())
    assert any("does not follow" in fault for _, fault in YearPlan((letters[0], letters[2])).faults())


def test_a_send_week_outside_its_term_is_named() -> None:
    planned = replace(demo_partnership().year_plan.letters[0], send_week=date(2027, 3, 2))
    assert [fault for _, fault in YearPlan((planned,)).faults()] == ["send_week is outside the term"]


def test_a_topic_without_its_sentence_is_named() -> None:
    planned = replace(demo_partnership().year_plan.letters[0], about=None)
    assert [fault for _, fault in YearPlan((planned,)).faults()] == ["topic and about belong together"]
