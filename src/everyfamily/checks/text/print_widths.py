"""How wide words are in the print's own typeface, so that we know that what a partnership writes fits before it is
printed.

`print_widths.toml` is measured from the font files. tests/unit/checks/test_print_widths.py says if they differ.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from everyfamily.core.files.data_tables import load_table

Weight = Literal["regular", "semibold", "bold"]

_MM_PER_POINT = 25.4 / 72
_UNKNOWN = 1000
"""Thousandths of the size for a character that was not measured: as wide as any that was."""


def width_in_mm(words: str, points: float, weight: Weight) -> float:
    """Width of one line of words. Kerning is not taken into account."""
    widths = _widths()[weight]
    return sum(widths.get(letter, _UNKNOWN) for letter in words) / 1000 * points * _MM_PER_POINT


@cache
def _widths() -> dict[Weight, dict[str, int]]:
    return {
        weight: {
            letter: int(width) for width, letters in load_table(__file__)[weight].items() for letter in letters
        }
        for weight in ("regular", "semibold", "bold")
    }
