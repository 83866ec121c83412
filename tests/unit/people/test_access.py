"""What a request may touch, before any database is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from everyfamily.people.database.access import (
    Access,
    PeopleNotYours,
    SchoolNotYours,
    _unless_opened,
    nothing_unless_opened,
    opened,
    require_across,
    require_people,
    require_school,
)

Require = Callable[[], None]
ONES_OWN: dict[str, Require] = {
    "school 1": lambda: require_school(1),
    "school 2": lambda: require_school(2),
    "people of 1": lambda: require_people(1),
    "people of 2": lambda: require_people(2),
    "across": require_across,
}


def _allowed() -> set[str]:
    allowed = set()
    for name, require in ONES_OWN.items():
        try:
            require()
        except (SchoolNotYours, PeopleNotYours):
            continue
        allowed.add(name)
    return allowed


@pytest.mark.parametrize(
    ("access", "allowed"),
    [
        (Access.everything(), set(ONES_OWN)),
        (Access.nothing(), set()),
        (Access.partnership(), {"school 1", "school 2", "across"}),
        (Access.school(1, with_people=True), {"school 1", "people of 1"}),
        (Access.school(1, with_people=False), {"school 1"}),
    ],
)
def test_each_kind_of_access_allows_what_it_says(access: Access, allowed: set[str]) -> None:
    with opened(access):
        assert _allowed() == allowed


def test_a_command_and_a_worker_may_touch_every_school() -> None:
    assert _allowed() == set(ONES_OWN)


def test_a_process_that_serves_pages_may_touch_nothing_until_a_page_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("everyfamily.people.database.access._unless_opened", list(_unless_opened))
    nothing_unless_opened()
    assert _allowed() == set()
    with opened(Access.school(1, with_people=True)):
        assert _allowed() == {"school 1", "people of 1"}
    assert _allowed() == set()


def test_what_was_opened_ends_also_when_the_page_fails() -> None:
    with pytest.raises(RuntimeError), opened(Access.nothing()):
        raise RuntimeError
    assert _allowed() == set(ONES_OWN)


def test_an_inner_block_can_only_be_left_for_the_outer_one() -> None:
    with opened(Access.partnership()):
        with opened(Access.school(2, with_people=False)):
            assert _allowed() == {"school 2"}
        assert _allowed() == {"school 1", "school 2", "across"}
