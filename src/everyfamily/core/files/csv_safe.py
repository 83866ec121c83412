"""Cells of the CSV files that we write, so that no spreadsheet takes one for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, also in its full-width forms."""


def cell(value: str) -> str:
    """The value, with an apostrophe in front if it would begin a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table as pages give it to be downloaded, line by line: as RFC 4180, with a byte order mark, because Excel reads
    a file without one in the machine's own code page. No cell begins a formula."""
    yield "\ufeff" + _line(columns)
    for row in rows:
        yield _line(row)


def _line(values: Sequence[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(value) for value in values])
    return out.getvalue()
