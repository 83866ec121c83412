"""A copy may differ from the sealed words in its gaps, and nowhere else."""

from __future__ import annotations

import pytest

from everyfamily.core.letter.compare_words import GAP_LIMITS, Difference, difference
from everyfamily.core.text.gaps import ADDRESS_GAP, SCHOOL_GAP, SCHOOL_NUMBER_GAP

SEALED = f"{ADDRESS_GAP} Dear parent of {SCHOOL_GAP}. Ring 999 – or the school on {SCHOOL_NUMBER_GAP}."


def first(copy: str, sealed: str = SEALED, copies: int = 1) -> Difference | None:
    return difference(sealed, copy.split(), copies=copies)


@pytest.mark.parametrize(
    "copy",
    [
        "Ada Person 1 Lantern Row EM4 7QX Dear parent of Harbour School. Ring 999 – or the school on 0151 496 0160.",
        "Dear parent of your child’s school. Ring 999 – or the school on",
        SEALED,
    ],
    ids=["filled", "empty", "open"],
)
def test_a_copy_with_its_gaps_filled_has_the_sealed_words(copy: str) -> None:
    assert first(copy) is None


AFTER = "Ring 999 – or the school on"


@pytest.mark.parametrize(
    ("copy", "found"),
    [
        (f"x Dear parents of S. {AFTER} 1.", Difference(2, "parent of", "parents of S. Ring 999 –")),
        (
            f"x Dear parent of S. {AFTER.replace('9 ', '8 ')} 1.",
            Difference(5, AFTER[5:], "998 – or the school on"),
        ),
        (f"x Dear parent of S. {AFTER.replace('– ', '')} 1.", Difference(6, AFTER[9:], "or the school on 1.")),
        (
            "x Dear parent of S. Ring 999 – or the new school on 1.",
            Difference(9, "school on", "new school on 1."),
        ),
        ("x Dear parent of S. Ring 999", Difference(6, AFTER[9:], "")),
        ("", Difference(1, "Dear parent of", "")),
    ],
    ids=["changed", "digit", "left out", "added", "cut off", "empty"],
)
def test_the_first_difference_is_told(copy: str, found: Difference) -> None:
    assert first(copy) == found


def test_what_stands_after_the_end_is_a_difference() -> None:
    assert first("a b c", sealed="a b") == Difference(3, "", "c")
    assert first("Ring 1 2 3 4 5 6 7 8 9 10", sealed=f"Ring {SCHOOL_NUMBER_GAP}") is None
    assert first("Ring 1 2 3 4 5 6 7 8 9 10 11", sealed=f"Ring {SCHOOL_NUMBER_GAP}") == Difference(
        2, "", "1 2 3 4 5 6"
    )


@pytest.mark.parametrize(("gap", "most"), GAP_LIMITS.items())
def test_a_gap_holds_so_many_words_and_no_more(gap: str, most: int) -> None:
    sealed = f"from {gap} onwards"
    assert first(f"from {'w ' * most} onwards", sealed) is None
    assert first(f"from {'w ' * (most + 1)} onwards", sealed) is not None


def test_two_gaps_side_by_side_hold_the_sum() -> None:
    sealed = f"from {SCHOOL_GAP} {SCHOOL_NUMBER_GAP} onwards"
    most = GAP_LIMITS[SCHOOL_GAP] + GAP_LIMITS[SCHOOL_NUMBER_GAP]
    assert first(f"from {'w ' * most} onwards", sealed) is None
    assert first(f"from {'w ' * (most + 1)} onwards", sealed) is not None


def test_a_dash_after_a_gap_is_a_word() -> None:
    sealed = f"{SCHOOL_GAP} and – of course – you"
    assert first("Harbour School and – of course – you", sealed) is None
    assert first("Harbour School and of course – you", sealed) is not None


def test_a_bundle_holds_the_letter_so_many_times() -> None:
    one = "x Dear parent of S. Ring 999 – or the school on 1."
    other = one.replace("999", "998")
    assert first(f"{one} {one}", copies=2) is None
    assert first(one, copies=2) == Difference(11, "Dear parent of", "1.")
    assert first(f"{one} {other}", copies=2) == Difference(15, "999 – or the school on", "998 – or the school on")
    assert first(f"{one} {one}") is not None
