"""A child without an id has the same made one, however the office writes it."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.model.sheet import MADE_ID
from everyfamily.core.rolls.values.made_id import made_id


@pytest.mark.parametrize(
    "cells", [("ana  FERRIS", "02/03/2018"), ("Ana Ferris", "2.3.2018"), (" Ana Ferris ", "2018-03-02 00:00:00")]
)
def test_capitals_blanks_and_days_may_differ(cells: tuple[str, str]) -> None:
    assert made_id(cells) == made_id(("Ana Ferris", "2018-03-02"))
    assert made_id(cells).startswith(MADE_ID)


def test_another_birthday_is_another_child() -> None:
    assert made_id(("Ana Ferris", "2018-03-02")) != made_id(("Ana Ferris", "2018-02-03"))


@pytest.mark.parametrize("cells", [(), ("Ana Ferris", " ")])
def test_nothing_is_made_of_a_blank(cells: tuple[str, ...]) -> None:
    assert made_id(cells) == ""
