"""What a partnership should think about again in its plan, each by its own plan and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from everyfamily.core.calendar.academic_year import AcademicYear, Term
from everyfamily.core.calendar.plan_warnings import Doubt, PlanWarning, plan_warnings
from everyfamily.core.calendar.sending_days import Sending
from everyfamily.core.calendar.year_plan import PlannedLetter, YearPlan
from tests.factories.each import each

YEAR = AcademicYear(2026)
AUTUMN = Term("autumn", date(2026, 9, 2), date(2026, 12, 18), date(2026, 10, 26), date(2026, 10, 30))
SPRING = Term("spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19))
SUMMER = Term("summer", date(2027, 4, 12), date(2027, 7, 21), date(2027, 5, 31), date(2027, 6, 4))
PACKS = dict.fromkeys(("one", "two", "three", "four", "five", "six", "note"), date(2028, 3, 1))
LETTERS = (
    PlannedLetter(AUTUMN, "one", "one", date(2026, 9, 22), 10),
    PlannedLetter(AUTUMN, "two", "two", date(2026, 11, 17), 20, 2),
    PlannedLetter(SPRING, "three", "three", date(2027, 1, 26), 30),
    PlannedLetter(SPRING, "four", "four", date(2027, 3, 9), 40, 2),
    PlannedLetter(SUMMER, "five", "five", date(2027, 4, 27), 50),
    PlannedLetter(SUMMER, "note", "a note", date(2027, 4, 27), 55, 3, beside="five"),
    PlannedLetter(SUMMER, "six", "six", date(2027, 6, 15), 60, 2),
)


def warnings(*letters: PlannedLetter, sending: Sending | None = None) -> list[PlanWarning]:
    """Of a plan, without bank holidays."""
    plan, sending = YearPlan(letters), sending or Sending()
    return plan_warnings(plan, YEAR, PACKS, sending, sending.calendar(plan.terms, ()))


def changed(place: int, **fields: object) -> tuple[PlannedLetter, ...]:
    """The good plan with one letter changed."""
    return tuple(replace(one, **fields) if n == place else one for n, one in enumerate(LETTERS))  # type: ignore[arg-type]


def test_a_letter_in_each_half_term_with_a_note_beside_one_is_a_good_plan() -> None:
    assert warnings(*LETTERS) == []


@each(
    "place, fields, doubt",
    [
        (0, {"topic": None, "about": None}, Doubt.OPEN),
        (1, {"topic": "seven"}, Doubt.PACK_MISSING),
        (2, {"topic": "one"}, Doubt.TWICE),
        (5, {"beside": None}, Doubt.TWO_FULL),
        (2, {"send_week": date(2027, 3, 16)}, Doubt.TWO_FULL),
        (2, {"send_week": date(2027, 3, 16)}, Doubt.NO_LETTER),
        (6, {"send_week": date(2027, 7, 14)}, None),
        (6, {"send_week": date(2027, 7, 20)}, Doubt.LAST_DAYS),
        (0, {"send_week": date(2026, 9, 2)}, Doubt.NO_DAY),
        (6, {"send_week": date(2027, 6, 2)}, Doubt.HOLIDAY),
        (4, {"send_week": None}, Doubt.NO_WEEK),
    ],
)
def test_each_doubt_is_found(place: int, fields: dict[str, object], doubt: Doubt | None) -> None:
    found = {one.doubt for one in warnings(*changed(place, **fields))}
    assert doubt in found if doubt is not None else not found


def test_a_pack_that_must_be_read_again_before_its_letter_goes_is_named() -> None:
    plan, sending = YearPlan(LETTERS), Sending()
    for review_on, found in ((date(2027, 3, 12), 1), (date(2027, 3, 13), 0)):
        packs = PACKS | {"four": review_on}
        assert len(plan_warnings(plan, YEAR, packs, sending, sending.calendar(plan.terms, ()))) == found


def test_a_week_of_exams_is_named_with_its_line() -> None:
    (warning,) = warnings(*LETTERS, sending=Sending(exam_weeks=frozenset({date(2027, 6, 18)})))
    assert (warning.doubt, warning.line) == (Doubt.EXAMS, 60)
    assert warning.words == '"six", week of 14 June 2027: pupils sit exams.'


def test_a_week_in_which_a_local_number_is_not_answered_is_named() -> None:
    shut = frozenset({date(2027, 6, 15), date(2027, 6, 17)})
    (warning,) = warnings(*LETTERS, sending=Sending(lines_shut=shut))
    assert warning.doubt is Doubt.NO_DAY
    assert "a local number in the letter is not answered" in warning.words


def test_a_plan_of_one_letter_a_term_misses_three_half_terms() -> None:
    found = warnings(LETTERS[0], LETTERS[3], LETTERS[4])
    assert [one.doubt for one in found] == [Doubt.NO_LETTER] * 3
    assert found[0].words == "The second half of the autumn term 2026 has no letter."


def test_another_years_letters_are_left_alone() -> None:
    later = Term("autumn", date(2027, 9, 2), date(2027, 12, 17), date(2027, 10, 25), date(2027, 10, 29))
    assert warnings(*LETTERS, PlannedLetter(later, "one", "one")) == []
