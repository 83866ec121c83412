"""What of the settings takes two people: another number in, but never one out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from everyfamily.core.partnership.partnership import NumberNotOfThisLine, Partnership
from everyfamily.core.partnership.route_hours import RouteHours, Span
from everyfamily.core.partnership.second_person import changes_for_two, needs_two, refuse_moved_lines
from tests.factories.demonstration import demo_partnership
from tests.factories.each import each

BEFORE = demo_partnership()
WEEKDAYS = RouteHours(tuple(Span(day, 9 * 60, 17 * 60) for day in range(5)), bank_holidays=False)


def with_row(partnership: Partnership = BEFORE, row: str = "local", **changed: Any) -> Partnership:
    routes = tuple(replace(one, **changed) if one.id == row else one for one in partnership.routes)
    return replace(partnership, routes=routes)


def with_hours(before: RouteHours | None, after: RouteHours | None) -> tuple[str, ...]:
    was, now = (replace(BEFORE, openings={"local": one} if one is not None else {}) for one in (before, after))
    return tuple(one.key for one in changes_for_two(was, with_row(now, hours="Other hours")))


@each(
    "key, changed",
    [
        ("number", {"number": "0151 496 0999"}),
        ("form", {"form": "evil.example/form"}),
        ("email", {"email": "me@evil.example"}),
        ("text", {"text": "07700 900999"}),
        ("label", {"label": "somebody else"}),
        ("need", {"need": "For you"}),
        ("owner_email", {"owner_email": "me@evil.example"}),
        ("same_number_as", {"same_number_as": "police"}),
    ],
)
def test_what_comes_in_takes_two(key: str, changed: dict[str, Any]) -> None:
    after = with_row(**changed)
    assert [one.key for one in changes_for_two(BEFORE, after)] == [key]
    assert needs_two(BEFORE, after, families_see=True)
    assert not needs_two(BEFORE, after, families_see=False)


def test_two_rows_that_swap_their_names_take_two() -> None:
    one, two = BEFORE.route("local"), BEFORE.route("survivors")
    after = with_row(with_row(label=two.label, need=two.need), "survivors", label=one.label, need=one.need)
    assert {change.row for change in changes_for_two(BEFORE, after)} == {"local", "survivors"}


def test_a_new_row_takes_two_and_one_that_goes_does_not() -> None:
    fewer = replace(BEFORE, routes=BEFORE.routes[:-1])
    assert changes_for_two(BEFORE, fewer) == ()
    assert "number" in {change.key for change in changes_for_two(fewer, BEFORE)}


def test_a_number_is_taken_out_by_one_and_comes_back_by_two() -> None:
    dead = with_row(dead_since=date(2027, 3, 1))
    assert not needs_two(BEFORE, dead, families_see=True)
    assert [one.key for one in changes_for_two(dead, BEFORE)] == ["dead_since"]


def test_the_same_number_in_other_groups_is_no_change() -> None:
    assert changes_for_two(BEFORE, with_row(number="01514 960120")) == ()


def test_whoever_watches_a_line_is_not_taken_off_by_one() -> None:
    watched = with_row(owner_email="owner@example.org")
    assert [one.key for one in changes_for_two(watched, BEFORE)] == ["owner_email"]


@each(
    "before, after, grows",
    [
        (WEEKDAYS, RouteHours(), True),
        (RouteHours(), WEEKDAYS, False),
        (WEEKDAYS, RouteHours(WEEKDAYS.spans[:4], bank_holidays=False), False),
        (WEEKDAYS, RouteHours((Span(5, 540, 600),), bank_holidays=False), True),
        (WEEKDAYS, RouteHours((Span(0, 600, 700), Span(0, 800, 900)), bank_holidays=False), False),
        (RouteHours((Span(0, 600, 700), Span(0, 700, 900))), RouteHours((Span(0, 600, 900),)), False),
        (RouteHours((Span(0, 600, 700), Span(0, 701, 900))), RouteHours((Span(0, 600, 900),)), True),
        (WEEKDAYS, RouteHours(WEEKDAYS.spans, bank_holidays=True), True),
        (None, None, True),
        (None, WEEKDAYS, True),
        (WEEKDAYS, None, True),
    ],
)
def test_hours_that_grow_take_two_and_hours_that_shrink_do_not(
    before: RouteHours | None, after: RouteHours | None, grows: bool
) -> None:
    assert with_hours(before, after) == (("hours",) if grows else ())


@each(
    "changed",
    [
        {"reply_mailbox": "me@evil.example"},
        {"site": "evil.example"},
        {"leave_to": "https://evil.example/"},
        {"sender_name": "Evil"},
        {"enquiries": replace(BEFORE.enquiries, number="0151 496 0999")},
        {"enquiries": replace(BEFORE.enquiries, mailbox="me@evil.example")},
        {"demonstration": False},
        {"name": "Eastmere. Ring 0151 496 0999"},
        {"area": "Eastmere 0151 496 0999"},
        {"enquiries": replace(BEFORE.enquiries, role="Ring 0151 496 0999")},
        {"bodies": (replace(BEFORE.bodies[0], logo_svg="<svg/>"), *BEFORE.bodies[1:])},
    ],
)
def test_what_families_see_beside_the_register_takes_two(changed: dict[str, Any]) -> None:
    assert needs_two(BEFORE, replace(BEFORE, **changed), families_see=True)


def test_the_plan_of_the_year_takes_one() -> None:
    assert not needs_two(BEFORE, replace(BEFORE, from_year={"summer": 7}), families_see=True)


def test_a_national_line_s_row_is_not_renamed_into_somebody_else_s() -> None:
    """First its words, by one version, and then its number, by the next."""
    renamed = with_row(row="children", need="For children", label="a listener", id="children")
    refuse_moved_lines(BEFORE, renamed)
    moved = with_row(renamed, "children", number="0151 496 0999")
    with pytest.raises(NumberNotOfThisLine, match="Childline"):
        refuse_moved_lines(renamed, moved)
    refuse_moved_lines(renamed, with_row(moved, "children", belongs_to="ours"))


def test_the_row_of_a_service_never_becomes_somebody_else_s() -> None:
    moved = with_row(row="crisis", need="Help", label="us", number="0151 496 0999", belongs_to="ours")
    with pytest.raises(NumberNotOfThisLine, match="NHS 111"):
        refuse_moved_lines(BEFORE, moved)
