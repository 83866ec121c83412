"""The widths that the check knows are those of the fonts that print."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from everyfamily.checks.text.print_widths import width_in_mm

SOURCE = Path(__file__).parents[3] / "src/everyfamily"
FILES = {"regular": "Regular", "semibold": "SemiBold", "bold": "Bold"}


@pytest.mark.parametrize("weight", FILES)
def test_every_width_is_that_of_the_font(weight: str) -> None:
    font = TTFont(SOURCE / f"rendering/fonts/SourceSans3-{FILES[weight]}.ttf")
    glyphs, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    table = tomllib.loads((SOURCE / "checks/text/print_widths.toml").read_text(encoding="utf-8"))[weight]
    known = {letter: int(width) for width, letters in table.items() for letter in letters}
    assert len(known) > 200
    assert {letter: round(advances[glyphs[ord(letter)]][0] * 1000 / em) for letter in known} == known


def test_a_line_is_as_wide_as_its_letters_and_an_unknown_letter_as_wide_as_any() -> None:
    one = width_in_mm("a", 12, "regular")
    assert width_in_mm("aaa", 12, "regular") == pytest.approx(3 * one)
    assert width_in_mm("a", 24, "regular") == pytest.approx(2 * one)
    assert width_in_mm("漢", 72, "bold") == pytest.approx(25.4)
