"""What a browser sent as a row number."""

from __future__ import annotations

import pytest

from everyfamily.core.text.row_numbers import row_number


@pytest.mark.parametrize(("said", "number"), [("1", 1), ("0042", 42), ("9" * 15, 10**15 - 1)])
def test_a_number_is_one(said: str, number: int) -> None:
    assert row_number(said, otherwise=7) == number


@pytest.mark.parametrize(
    "said", ["", "-1", "+1", " 1", "1.0", "1e3", "\u0661", "\u00b2", "x", "9" * 16, "1" * 5000]
)
def test_whatever_else_comes_is_none(said: str) -> None:
    assert row_number(said) == 0
    assert row_number(said, otherwise=-1) == -1
