"""A roll's file: bytes -> text -> header and rows of cells, read whole or refused whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from everyfamily.core.errors import EveryfamilyError, Place

REQUIRED = ("SCHOOL_URN", "PUPIL_ID", "ADULT_NAME")
COLUMNS = (
    *("SCHOOL_URN", "PUPIL_ID", "YEAR_GROUP", "CLASS", "ADULT_NAME", "RELATIONSHIP"),
    *("PARENTAL_RESPONSIBILITY", "HAS_CARE", "PRIORITY", "RESTRICTION", "OBJECTS", "EMAIL", "MOBILE"),
    *(f"ADDRESS_{number}" for number in range(1, 6)),
    *("POSTCODE", "LANGUAGE", "FORMAT", "CHANNEL"),
)
CHILD_NAME_COLUMNS = frozenset(
    {"CHILD_NAME", "PUPIL_NAME", "FORENAME", "SURNAME", "PUPIL_FORENAME", "PUPIL_SURNAME"}
)


class RollNotReadable(EveryfamilyError):
    """The file as a whole cannot be read; no row of it goes in."""

    code = "EF201"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet under its own number: the header is row 1."""

    row: int
    cells: dict[str, str]
    """Trimmed, by column; a column that the row does not reach is blank."""
    whole: bool
    """It has the header's cells; blank ones beyond them do no harm."""
    child_stands: bool
    """SCHOOL_URN and PUPIL_ID are where the header says, even when later cells have moved."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The template's columns that the file has, and its rows that are not blank."""

    columns: frozenset[str]
    lines: tuple[Line, ...]


def read_sheet(data: bytes, file: str) -> Sheet:
    """Read a whole file. Raises RollNotReadable when it is empty, not text, cut off, or not the template's."""
    text = _decode(data, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(reader, [])
        header = _header(names, file)
        rows = list(_numbered(reader))
    except csv.Error as problem:
        raise RollNotReadable(
            "The file ends in the middle of a value, or a quotation mark is never closed.",
            "Export it again from the records system and do not edit it by hand.",
            Place(file, reader.line_num or 1),
        ) from problem
    if not rows:
        raise RollNotReadable(
            "The file has a header and no rows.", "Export the whole roll again.", Place(file, 1)
        )
    if len(rows[-1][1]) <= max(header.values()) and not text.endswith(("\n", "\r")):
        raise RollNotReadable(
            "The file is cut off: its last row has fewer cells than the header and no line end.",
            "Export the whole roll again.",
            Place(file, reader.line_num),
        )
    return Sheet(frozenset(header), tuple(_line(header, len(names), *row) for row in rows))


def _line(header: dict[str, int], width: int, row: int, values: list[str]) -> Line:
    short = len(values) <= max(header.values())
    long = any(value.strip() for value in values[width:])
    # A stray comma moves every cell behind it; only what stands before any free text is still in its place.
    first_two = max(header["SCHOOL_URN"], header["PUPIL_ID"]) == 1
    cells = {name: values[index].strip() if index < len(values) else "" for name, index in header.items()}
    return Line(row, cells, whole=not (short or long), child_stands=not long or first_two)


def _decode(data: bytes, file: str) -> str:
    if not data.strip():
        raise RollNotReadable("The file is empty.", "Export the roll again.", Place(file, 1))
    if data[:4] == b"PK\x03\x04" or b"\x00" in data:
        raise RollNotReadable(
            "The file is not a CSV file: it looks like a workbook or another binary file.",
            "Save it as CSV UTF-8 and import that.",
            Place(file, 1),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise RollNotReadable(
            "The file is neither UTF-8 nor Windows (cp1252) text.", "Save it as CSV UTF-8.", Place(file, line)
        ) from problem


def _header(names: Sequence[str], file: str) -> dict[str, int]:
    cleaned = [name.strip().upper().replace(" ", "_") for name in names]
    place = Place(file, 1)
    missing = [name for name in REQUIRED if name not in cleaned]
    if missing:
        raise RollNotReadable(
            f"The header has no column {' and no column '.join(missing)}.",
            "Use the template's column names; docs/howto/import-a-roll.md lists them.",
            place,
        )
    unknown = [name for name in cleaned if name and name not in COLUMNS and name not in CHILD_NAME_COLUMNS]
    if unknown:
        raise RollNotReadable(
            f"The header has a column that the template does not know: {unknown[0][:40]}.",
            "Remove the column or rename it to one of the template's.",
            place,
        )
    repeated = sorted({name for name in cleaned if name and cleaned.count(name) > 1})
    if repeated:
        raise RollNotReadable(f"The column {repeated[0]} stands twice.", "Keep one of the two.", place)
    return {name: index for index, name in enumerate(cleaned) if name in COLUMNS}


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number a spreadsheet shows: a value with a line break inside is still one row."""
    for number, values in enumerate(reader, start=2):
        if any(value.strip() for value in values):
            yield number, values
