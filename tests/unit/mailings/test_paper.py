"""Copies by class, as a school's page shows them, and what it gives back."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.mailings.queries.hand_outs import Copy
from everyfamily.mailings.queries.paper import classes_on_paper, of_the_class, seen_of

AT = datetime(2027, 3, 2, 9, tzinfo=LONDON)


def copy(pupil: int, group: str, status: str = "accepted", *, may_go_home: bool = True) -> Copy:
    return Copy(f"reference {pupil}", 1, status, group, pupil, None, AT, may_go_home)


def test_classes_that_wait_come_first_each_in_the_order_in_which_people_count() -> None:
    copies = [copy(1, "10A"), copy(2, "9B"), copy(3, "2C", "delivered"), copy(4, ""), copy(5, "2D", "unknown")]
    assert [one.group for one in classes_on_paper(copies)] == ["2D", "9B", "10A", "", "2C"]


def test_a_class_counts_each_copy_once() -> None:
    [one] = classes_on_paper(
        [
            copy(7, "4B"),
            copy(3, "4B", may_go_home=False),
            copy(4, "4B", "delivered"),
            copy(5, "4B", "temporary-failure"),
            copy(6, "4B", "returned", may_go_home=False),
        ]
    )
    assert (one.waiting, one.keep_back, one.to_hand_out) == (2, 1, 1)
    assert (one.handed_over, one.not_handed_over) == (1, 2)
    assert (one.child, one.since) == (3, AT)


def test_a_class_is_found_by_any_child_in_it_and_by_no_other() -> None:
    copies = [copy(2, "4B"), copy(1, "4B"), copy(3, "4b")]
    assert [one.pupil for one in of_the_class(copies, 2)] == [1, 2]
    assert [one.pupil for one in of_the_class(copies, 3)] == [3]
    assert of_the_class(copies, 9) == []


def test_what_was_seen_changes_with_a_copy_a_word_or_a_decision_and_with_nothing_else() -> None:
    shown = [copy(1, "4B"), copy(2, "4B")]
    assert seen_of(shown) == seen_of(shown[::-1])
    for other in (
        [*shown, copy(3, "4B")],
        shown[:1],
        [shown[0], copy(2, "4B", "delivered")],
        [shown[0], copy(2, "4B", may_go_home=False)],
    ):
        assert seen_of(other) != seen_of(shown)
    assert "reference" not in seen_of(shown)
