"""What the settings say of a number: other ways to the same people, and hours that nobody confirmed."""

from __future__ import annotations

from datetime import date

from everyfamily.staff.partnership.in_words import Row, sections_of
from tests.factories.demonstration import demo_partnership, routed

TODAY = date(2027, 3, 2)


def local(**fields: object) -> Row:
    partnership = routed("local", **fields) if fields else demo_partnership()
    sections = dict(sections_of(partnership, {}, {}, TODAY))
    return next(row for row in sections["Numbers and addresses in letters"] if "children’s team" in row.label)


def test_a_route_is_shown_with_every_way_to_it() -> None:
    row = local()
    assert row.value == (
        "0151 496 0120. Any worry, day or night. eastmere.example/child-worry. "
        "childrens-team@eastmere.example. text 07700 900120"
    )
    assert row.note == "Checked on 25 February 2027. That counts until 27 March 2027."
    assert not row.is_to_do


def test_hours_that_nobody_confirmed_are_something_to_do() -> None:
    row = local(hours_confirmed_on=None, hours_confirmed_by=None)
    assert row.note.endswith("Nobody has confirmed its hours.")
    assert row.is_to_do
    assert local(hours_confirmed_on=date(2027, 3, 3)).is_to_do, "a day in the future"
