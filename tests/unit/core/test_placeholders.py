"""Gaps are read and filled as GOV.UK Notify does."""

from __future__ import annotations

import pytest

from everyfamily.core.text.placeholders import GapInValue, NestedGap, fill, gaps_in, missing
from tests.factories.each import each


@each(
    "text, values, filled",
    [
        ("Dear ((name))", {"name": "parent"}, "Dear parent"),
        ("Dear ((Name))", {"name": "parent"}, "Dear parent"),
        ("((school number))", {"School_Number": "0151 496 0160"}, "0151 496 0160"),
        ("((school-number))", {"school number": "1"}, "1"),
        ("((a))((b))", {"a": "x", "b": "y"}, "xy"),
        ("((a)) and ((b))", {"a": "x"}, "x and ((b))"),
        ("((vapes??and vapes))", {"vapes": "yes"}, "and vapes"),
        ("((vapes??and vapes))", {"vapes": "no"}, ""),
        ("((vapes??and (some) vapes))", {"vapes": True}, "and (some) vapes"),
        ("((vapes))", {"vapes": True}, "yes"),
        ("((vapes))", {"vapes": False}, "no"),
        ("(a) (b)", {"a": "x"}, "(a) (b)"),
        ("((school))", {"school": "St Mary (Lower)"}, "St Mary (Lower)"),
        ("((school))", {"school": "((school))"}, "((school))"),
    ],
)
def test_a_gap_is_filled_with_its_value(text: str, values: dict[str, str | bool], filled: str) -> None:
    assert fill(text, values) == filled


def test_gaps_are_listed_once_in_order() -> None:
    assert gaps_in("((b)) ((A)) ((a??text)) (( b ))") == ("b", "a")


def test_what_is_missing_is_named() -> None:
    assert missing("((a)) ((b))", {"A": "x"}) == ("b",)


@pytest.mark.parametrize("value", ["((other))", "x))", "((x", ")x", "x("])
def test_a_value_cannot_bring_a_gap_along(value: str) -> None:
    with pytest.raises(GapInValue):
        fill("((a))", {"a": value})


@pytest.mark.parametrize("text", ["((a ((b)) c))", "((a??x ((b)) y))", "((a ((b))"])
def test_a_gap_inside_a_gap_is_refused(text: str) -> None:
    with pytest.raises(NestedGap):
        fill(text, {"b": "x"})
