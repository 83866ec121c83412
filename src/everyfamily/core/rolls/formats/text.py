"""Rolls as text: commas, semicolons or tabs, in the encodings that spreadsheets write."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.layout.systems import is_template
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.model.sheet import Sheet
from everyfamily.core.rolls.tables.report_lines import is_report_line
from everyfamily.core.rolls.tables.table import (
    Header,
    best_header,
    cell_too_long,
    no_rows,
    sheet_of,
    too_many_rows,
    understand,
)

_SEPARATORS = (",", ";", "\t", "|")
_LOOKED_AT = 300_000
"""Characters within which the header is looked for."""
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
"""Excel's own first line, which is not a row of the sheet."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(
    data: bytes, file: str, mapping: ColumnMapping | None = None, answers: KnownAnswers | None = None
) -> Sheet:
    """Read a whole text file. Raises RollNotReadable if it is not text, is cut off, or its header is not understood.

    A fault below the header is found, and raised, while the sheet's lines are gone through.
    """
    text = decode(data, file)
    separator, first, at, text = _separator(text, mapping)
    if mapping is None and first and not is_template(first[at]):
        # The rows below show what the columns of an export mean.
        first = _first_rows(text[:_LOOKED_AT], separator, limits.HEADER_WITHIN + limits.LOOKED_AT)
    header = understand(first, at, file, mapping, answers)
    _refuse_giants(text, header.row, file)
    return sheet_of(header, _rows(text, separator, header, file), kind="CSV")


def decode(data: bytes, file: str) -> str:
    """Text of UTF-8, of UTF-16 with its mark (Excel's "Unicode text") or of cp1252. Raises RollNotReadable."""
    if data.startswith(_UTF_16):
        text = _utf_16(data, file)
    elif b"\x00" in data:
        raise _not_text(data, file)
    else:
        text = _bytes_of_one_letter(data, file)
    if "\x00" in text:
        raise _not_text(data, file)
    if not text.strip():
        raise RollNotReadable("The file is empty.", "Export the roll again.", SourceLocation(file))
    return text


def _refuse_giants(text: str, header_row: int, file: str) -> None:
    if text.count("\n") + text.count("\r") > limits.LINE_ENDS:
        raise too_many_rows(SourceLocation(file, header_row))
    if max(map(len, text.replace("\r", "\n").split("\n"))) > limits.LINE_CHARACTERS:
        raise RollNotReadable(
            f"A line of the file is longer than {limits.LINE_CHARACTERS:,} characters.",
            "Export it again from the records system, and only the columns that docs/howto/import-a-roll.md names.",
            SourceLocation(file, header_row),
        )


def _utf_16(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as problem:
        raise RollNotReadable(
            "The file begins as Unicode text and is damaged or cut off.",
            "Export it again from the records system.",
            SourceLocation(file),
        ) from problem


def _bytes_of_one_letter(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise RollNotReadable(
            "The file is not UTF-8 and not Windows (cp1252) text.",
            "Save it as CSV UTF-8.",
            SourceLocation(file, line),
        ) from problem


def _not_text(data: bytes, file: str) -> RollNotReadable:
    line = data[: max(data.find(b"\x00"), 0)].count(b"\n") + 1
    return RollNotReadable(
        "The file is not a CSV file: it has bytes that no text has.",
        "Export it again from the records system, as CSV UTF-8 or .xlsx.",
        SourceLocation(file, line),
    )


def _separator(text: str, mapping: ColumnMapping | None) -> tuple[str, list[list[str]], int, str]:
    """The separator with which a row looks most like a header, the first rows, that row's index, and the sheet."""
    told = _SEPARATOR_LINE.match(text)
    if told:
        text = text[told.end() :]
    begin = text[:_LOOKED_AT]
    there = [one for one in _SEPARATORS if one in begin]
    tried = (told[1],) if told and told[1] in _SEPARATORS else there or _SEPARATORS[:1]
    found = [
        (best_header(rows, mapping), one, rows)
        for one in tried
        for rows in [_first_rows(begin, one, limits.HEADER_WITHIN)]
    ]
    (_, at), separator, first = max(found, key=lambda one: one[0][0])
    return separator, first, at, text


def _first_rows(begin: str, separator: str, count: int) -> list[list[str]]:
    first: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(begin, newline=""), delimiter=separator):
            first.append(row)
            if len(first) == count:
                break
    except csv.Error:
        pass  # the rows before it count; the full reading will meet it again
    return first


def _rows(text: str, separator: str, header: Header, file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number that a spreadsheet shows: a value with a line break inside is still one row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    taken = 0
    values: list[str] = []
    try:
        for number, row in enumerate(reader, start=1):
            if number <= header.row:
                continue
            if number > limits.ROWS_OF_A_WORKBOOK:
                raise too_many_rows(SourceLocation(file, number))
            stripped = list(map(str.strip, row))
            together = len("".join(stripped))
            if not together:
                continue
            if together > limits.CELL_CHARACTERS and max(map(len, stripped)) > limits.CELL_CHARACTERS:
                raise cell_too_long(SourceLocation(file, number))
            taken += 1
            if taken > limits.ROWS:
                raise too_many_rows(SourceLocation(file, number))
            values = stripped
            yield number, stripped
    except csv.Error as problem:
        raise RollNotReadable(
            "The file ends in the middle of a value, or a quotation mark is never closed.",
            "Export it again from the records system and do not edit it by hand.",
            SourceLocation(file, reader.line_num or 1),
        ) from problem
    if not taken:
        raise no_rows(SourceLocation(file, header.row))
    last_is_whole = len(values) >= header.needed or is_report_line(values, header.adults_own)
    if not last_is_whole and not text.endswith(("\n", "\r")):
        raise RollNotReadable(
            "The file is cut off: its last row has fewer cells than the header and no line end.",
            "Export the whole roll again.",
            SourceLocation(file, reader.line_num),
        )
