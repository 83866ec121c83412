"""Terms, years and which letter comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from everyfamily.core.calendar.academic_year import AcademicYear, Term
from everyfamily.core.calendar.year_plan import TermNotPlanned, YearPlan
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import Partnership, partnership_from
from tests.factories.demonstration import PARTNERSHIP, demo_partnership
from tests.factories.each import each

FILE = Path(PARTNERSHIP)
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
    following = plan.next_after(plan.of("spring-2027"))
    assert following is not None
    assert following.term.id == "summer-2027"
    assert plan.next_after(following) is None


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


MORE = """
[[terms.letters]]
topic = "groups-that-make-children-hurt"
about = "groups that make children hurt themselves"
send_week = 2027-04-27
beside = "harmful-groups-online"

[[terms.letters]]
topic = "summer"
about = "whom to ring this summer"
send_week = 2027-06-15
"""


def with_more(more: str = MORE, old: str = "", new: str = "") -> Partnership:
    """The demonstration's partnership, with more letters in its summer term, the last in its file."""
    text = FILE.read_text(encoding="utf-8").replace(old, new, 1) + more
    return partnership_from(text, FILE.name, lambda name: (FILE.parent / name).read_text("utf-8"))


def test_a_term_may_have_several_letters_and_a_short_one_beside_the_full_one() -> None:
    plan = with_more().year_plan
    assert [(one.topic, one.address, one.term_words) for one in plan.letters[2:]] == [
        ("harmful-groups-online", "summer-2027", "summer term 2027"),
        ("groups-that-make-children-hurt", "summer-2027-2", "summer term 2027, second letter"),
        ("summer", "summer-2027-3", "summer term 2027, third letter"),
    ]
    assert [one.half_term.number if one.half_term else None for one in plan.letters[2:]] == [1, 1, 2]
    assert len(plan.terms) == 3


def test_a_short_letter_is_never_the_next_letter() -> None:
    plan = with_more().year_plan
    full, short, last = plan.letters[2:]
    assert plan.next_after(plan.letters[1]) is full
    assert plan.next_after(full) is last
    assert plan.next_after(short) is last


def test_a_letter_that_is_added_later_leaves_the_addresses_of_the_others() -> None:
    text = FILE.read_text(encoding="utf-8")
    earlier = MORE.replace("2027-06-15", "2027-04-20")
    assert text.rstrip().endswith("send_week = 2027-04-27"), "the summer letter is the last of the file"
    plan = with_more(earlier).year_plan
    assert [(one.topic, one.number) for one in plan.letters[2:]] == [
        ("summer", 3),
        ("harmful-groups-online", 1),
        ("groups-that-make-children-hurt", 2),
    ]


@each(
    "old, new, fault",
    [
        (
            'beside = "harmful-groups-online"',
            'beside = "fire"',
            "beside names no full letter of the same half-term",
        ),
        ("send_week = 2027-04-27", "send_week = 2027-06-22", "beside names no full letter of the same half-term"),
        ("send_week = 2027-06-15", "send_week = 2027-08-15", "send_week is outside the term"),
        ("send_week = 2027-06-15", "", "one of them has no send_week"),
        ('topic = "summer"', 'topic = "harmful-groups-online"', "is twice in it"),
        ('topic = "summer"', "", "topic and about belong together"),
    ],
)
def test_letters_of_a_term_that_contradict_each_other_are_refused(old: str, new: str, fault: str) -> None:
    with pytest.raises(EveryfamilyError, match=fault):
        with_more(MORE.replace(old, new, 1))


def test_a_fault_of_a_further_letter_is_told_with_its_own_line() -> None:
    with pytest.raises(EveryfamilyError) as caught:
        with_more(MORE.replace("2027-06-15", "2027-08-15"))
    lines = FILE.read_text(encoding="utf-8").count("\n")
    assert f"partnership.toml:{lines + 8}: " in str(caught.value)
