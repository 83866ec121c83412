"""Cells of the CSV files that we write, so that no spreadsheet takes one for a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, also in its full-width forms."""


def cell(value: str) -> str:
    """The value, with an apostrophe in front if it would begin a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
