"""Which letters of the year late joiners get, and why not the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from everyfamily.core.sending.late_joiners import LetterSoFar, why_not
from tests.factories.demonstration import demo_partnership
from tests.factories.each import each

ON = date(2027, 4, 20)
GOOD = LetterSoFar("ES-2703-K7R4", date(2027, 3, 2), "closed", False, False, date(2027, 8, 31))


@each(
    "changes, why",
    [
        ({}, ""),
        ({"opened_on": date(2026, 7, 7)}, "It is of another school year."),
        ({"is_withdrawn": True}, "It is withdrawn."),
        ({"is_correction": True}, "It corrects a letter that new families never had."),
        ({"goes_to_joiners": True}, "It is going to families of new children now."),
        ({"state": "open"}, "Its mailing is still open, and families of new children get it there."),
        ({"state": "paused"}, "Its mailing is still open, and families of new children get it there."),
        (
            {"last_on": date(2027, 4, 14)},
            "Families of new children got it in this half-term, on 14 April 2027.",
        ),
        ({"last_on": date(2027, 3, 9)}, ""),
        ({"review_on": ON}, "Its words should have been read again by 20 April 2027."),
        ({"bad_routes": ("local",)}, "These routes do not count as checked on that day: local."),
    ],
)
def test_a_letter_is_good_for_late_joiners_or_says_why_not(changes: dict[str, object], why: str) -> None:
    letter = replace(GOOD, **changes)  # type: ignore[arg-type]
    assert why_not(letter, ON, demo_partnership().year_plan) == why
