"""A school's word about a copy: on which day it can have been handed over, and when it then counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.actions.paper.hand_outs import CopyNotKnown, DayCannotBe, _check, _event
from everyfamily.mailings.messages.hand_out_lists import CAME_BACK, HANDED_OVER, NOT_HANDED_OVER, Word
from everyfamily.mailings.queries.hand_outs import Copy

PRINTED = datetime(2027, 6, 1, 23, 30, tzinfo=UTC)
"""In London it is 2 June."""
NOW = datetime(2027, 6, 9, 23, 30, tzinfo=UTC)
COPY = Copy("r", 1, "accepted", "4B", 5, b"", PRINTED, True)


@pytest.mark.parametrize(
    ("on", "problem"),
    [
        (None, None),
        (date(2027, 6, 1), DayCannotBe),
        (date(2027, 6, 2), None),
        (date(2027, 6, 10), None),
        (date(2027, 6, 11), DayCannotBe),
    ],
)
def test_a_day_is_between_the_printing_and_today(on: date | None, problem: type[EveryfamilyError] | None) -> None:
    word = Word(3, "r", HANDED_OVER, on)
    if problem is None:
        _check(word, {"r": COPY}, NOW, "list.csv")
        return
    with pytest.raises(problem, match=r"list\.csv:3"):
        _check(word, {"r": COPY}, NOW, "list.csv")


def test_a_copy_of_another_school_is_not_known() -> None:
    with pytest.raises(CopyNotKnown):
        _check(Word(3, "s", HANDED_OVER), {"r": COPY}, NOW, "")


@pytest.mark.parametrize(
    ("on", "at"),
    [
        (None, NOW),
        (date(2027, 6, 4), datetime(2027, 6, 4, 11, 0, tzinfo=UTC)),
        (date(2027, 6, 1), PRINTED),
        (date(2027, 6, 10), NOW),
    ],
)
def test_a_day_counts_from_its_noon_but_not_before_the_printing(on: date | None, at: datetime) -> None:
    assert _event(Word(3, "r", HANDED_OVER, on), COPY, NOW).occurred_at == at


def test_the_reason_says_what_happened_to_a_copy_that_nobody_has() -> None:
    words = (HANDED_OVER, NOT_HANDED_OVER, CAME_BACK)
    made = [_event(Word(3, "r", status), COPY, NOW) for status in words]
    assert [(one.status, one.reason) for one in made] == [
        (HANDED_OVER, ""),
        (NOT_HANDED_OVER, "not handed over"),
        (CAME_BACK, "came back"),
    ]
