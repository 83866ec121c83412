"""The order of classes is the one in which a school lists them, on every page."""

from __future__ import annotations

import random

from everyfamily.core.text.in_order import in_class_order


def ordered(*names: str) -> bool:
    mixed = list(names)
    random.Random(7).shuffle(mixed)
    return sorted(mixed, key=in_class_order) == list(names)


def test_reception_is_before_year_1_and_2_before_10() -> None:
    assert ordered("Nursery", "Reception", "Year 1", "Year 2", "Year 10", "")
    assert ordered("R", "1", "2", "10", "11")
    assert ordered("N1", "RA", "RB", "RecA", "1A", "2b", "2C", "10A", "Oak", "Willow")
    assert ordered("Reception Elm", "Y1 Ash", "Y2 Ash", "Y10 Ash", "Rowan")


def test_a_class_is_where_its_number_says_however_it_is_written() -> None:
    assert in_class_order("Year 3")[:2] == in_class_order("3")[:2] == in_class_order(" year  3 ")[:2]
    assert in_class_order("Rowan")[0] == in_class_order("Robin")[0] == 2
    assert in_class_order("Nightingale")[0] == 2
