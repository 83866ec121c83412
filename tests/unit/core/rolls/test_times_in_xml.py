"""Days, times and answers as XML writes them; anything else is a formula, which no cell's value is taken from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from everyfamily.core.rolls.formats.held_sheets import FORMULA, day_of, time_of, yes_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT08H30M05S", timedelta(hours=8, minutes=30, seconds=5)),
        (" PT00H00M01S ", timedelta(seconds=1)),
        ("08:30", FORMULA),
        ("", FORMULA),
    ],
)
def test_a_time(text: str, expected: object) -> None:
    assert time_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-02", date(2027, 3, 2)),
        (" 2027-03-02T09:30:00", date(2027, 3, 2)),
        ("2 March", FORMULA),
        ("", FORMULA),
    ],
)
def test_a_day(text: str, expected: object) -> None:
    assert day_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("1", True), (" false ", False), ("0", False), ("yes", FORMULA), ("", FORMULA)],
)
def test_an_answer(text: str, expected: object) -> None:
    assert yes_of(text) is expected
