"""A line's new number in the text of the partnership's file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from everyfamily.core.partnership.differences import changed_lines
from everyfamily.core.partnership.new_number import NumberNotUsable, RowNotChanged, with_new_number
from everyfamily.core.partnership.versions import PartnershipFiles, files_at, partnership_of
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.each import each

FILES = files_at(PARTNERSHIP)[0]
DAY = date(2027, 3, 3)


def put(number: str, route: str = "local", files: PartnershipFiles = FILES) -> PartnershipFiles:
    row = partnership_of(files).route(route)
    return with_new_number(files, row, number, day=DAY, by='Una "U" Marsh')


@each("route", ["local", "survivors"])
def test_only_the_rows_own_lines_change(route: str) -> None:
    made = put("0151 496 0125", route)
    was, now = partnership_of(FILES).route(route), partnership_of(made).route(route)
    assert (now.number, now.checked_on, now.checked_by) == ("0151 496 0125", DAY, 'Una "U" Marsh')
    assert was.expires_on is not None
    assert was.checked_on is not None
    assert now.expires_on == DAY + (was.expires_on - was.checked_on)
    assert now.has_confirmed_hours(DAY)
    changed = {line.partition(" ")[0] for sign, line in changed_lines(FILES, made) if sign in "+-"}
    assert changed <= {
        *("number", "checked_on", "checked_by", "expires_on", "hours_confirmed_on", "hours_confirmed_by")
    }
    assert put("0151 496 0126", route, made).text.count("0151 496 0125") == 0


def test_a_line_that_was_written_down_as_dead_is_not_dead_any_more() -> None:
    text = FILES.text.replace('number = "0151 496 0120"\n', 'number = "0151 496 0120"\ndead_since = 2027-03-01\n')
    dead = replace(FILES, text=text)
    assert partnership_of(dead).route("local").dead_since is not None
    assert partnership_of(put("0151 496 0125", files=dead)).route("local").dead_since is None


@each("route", ["emergency", "police", "crisis", "adults", "children", "missing"])
def test_a_national_line_gets_no_other_number(route: str) -> None:
    with pytest.raises(NumberNotUsable, match="not their number"):
        put("0151 496 0999", route)


@each("number", ["", "0151-496-0125", "0151 496 0120", "01514960120", 'x"\nowner = "me', "٠١٥١٤٩٦", "9" * 40])
def test_what_is_no_new_number_is_refused(number: str) -> None:
    with pytest.raises(NumberNotUsable):
        put(number)


def test_a_row_that_is_written_in_another_way_is_left_alone() -> None:
    row = partnership_of(FILES).route("local")
    with pytest.raises(RowNotChanged):
        with_new_number(FILES, replace(row, id="elsewhere"), "0151 496 0125", day=DAY, by="Una Marsh")
