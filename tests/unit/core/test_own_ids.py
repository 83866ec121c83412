"""What somebody types for a child's own id."""

from __future__ import annotations

from everyfamily.core.text.own_ids import means
from tests.factories.each import each


@each(
    "typed, own_id, fits",
    [
        ("6433", "006433", True),
        ("006433", "6433", True),
        (" 6433 ", "6433", True),
        ("64 33", "6433", True),
        ("s20417", "S-20417", True),
        ("S 020417", "S-20417", True),
        ("a823 4321 09001", "A823432109001", True),
        ("6433", "6433", True),
        ("000", "0", True),
        ("6433", "64330", False),
        ("6433", "S6433", False),
        ("11-0", "1-10", False),
        ("", "", False),
        ("-", "-", False),
        ("643", "6433", False),
    ],
)
def test_an_id_is_meant_whatever_its_case_blanks_and_zeros(typed: str, own_id: str, fits: bool) -> None:
    assert means(typed, own_id) is fits
