"""A cell's text is freed of what spreadsheets add; a formula is never text."""

from __future__ import annotations

import pytest

from everyfamily.core.files.csv_safe import cell
from everyfamily.core.rolls.values.cells import text_of
from tests.factories.each import each


@each(
    "raw",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("https://example.com";"Ada")',
        "=",
        "+cmd|x",
        "-2+3+cmd|x",
        "@SUM(A1)",
        "＝1+1",
        "＋1x",
        "＠x",
        "'=1+1",
        '="=1+1"',
        "#N/A",
        "#name?",
        "#REF!",
        "########",
    ],
)
def test_a_formula_or_a_sheets_error_is_no_text(raw: str) -> None:
    assert text_of(raw) is None


@each(
    "raw, text",
    [
        ("", ""),
        ("Ada", "Ada"),
        ("Siân O’Example-Nowak", "Siân O’Example-Nowak"),
        ("'t Hooft", "'t Hooft"),
        ("+44 7700 900123", "+44 7700 900123"),
        ("'+447700900123", "+447700900123"),
        ("'07700900123", "07700900123"),
        ('="07700900123"', "07700900123"),
        ('= "01234"', "01234"),
        ("-", ""),
        ("--", ""),
        ("-12", "-12"),
        ("#4 Flat", "#4 Flat"),
        ("'", "'"),
    ],
)
def test_text_stays_as_it_was_meant(raw: str, text: str) -> None:
    assert text_of(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Ada\u202e nosreP", "Ada nosreP"),
        ("\u2066Ada\u2069", "Ada"),
        ("A\x07da\x1b[31m", "Ada[31m"),
        ("Ada\u200b", "Ada"),
        ("\ufeffAda", "Ada"),
        ("Ada\tPerson\nMoss", "Ada Person Moss"),
        ("Ada\u00a0Person", "Ada Person"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud800Ada", "Ada"),
    ],
)
def test_what_hides_or_turns_text_is_taken_out_and_what_shapes_letters_stays(raw: str, text: str) -> None:
    assert text_of(raw) == text


@pytest.mark.parametrize("value", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1"])
def test_no_cell_that_we_write_begins_a_formula(value: str) -> None:
    assert cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["", "Ada", "1", "'=1", "a=1"])
def test_other_cells_are_written_as_they_are(value: str) -> None:
    assert cell(value) == value
