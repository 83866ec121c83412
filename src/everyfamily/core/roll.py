"""Our own roll template: one row for each adult and child (CSV, UTF-8 or what Excel made of it).

Reading is one pipeline: bytes -> text -> rows -> values. A row that cannot be used is set aside under the
sheet's own row number with a code and a sentence, never a value; the good ones go in. A row set aside still
keeps its child on the roll when its PUPIL_ID can be read: no mistake in an adult's row takes a child off the
count. A child's name in the file is thrown away on reading.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import langcodes

from everyfamily.core.errors import EveryfamilyError, Place
from everyfamily.core.recipients import (
    PostalAddress,
    ValueNotGood,
    email_address,
    mobile_number,
    postal_address,
)

RESTRICTIONS = ("none", "unknown", "hold", "do not send")
"""From free to closed: a merge or a re-import may only move right."""
YES_NO_UNKNOWN = ("yes", "no", "unknown")
FORMATS = ("standard", "large print", "easy read", "audio", "braille")
CHANNEL_WISHES = ("", "email", "text", "paper")
RELATIONSHIPS = (
    "mother",
    "father",
    "step-parent",
    "grandparent",
    "carer",
    "foster carer",
    "kinship carer",
    "registered manager",
    "social worker",
    "other",
)
REQUIRED = ("SCHOOL_URN", "PUPIL_ID", "ADULT_NAME")
COLUMNS = (
    *("SCHOOL_URN", "PUPIL_ID", "YEAR_GROUP", "CLASS", "ADULT_NAME", "RELATIONSHIP"),
    *("PARENTAL_RESPONSIBILITY", "HAS_CARE", "PRIORITY", "RESTRICTION", "OBJECTS", "EMAIL", "MOBILE"),
    *(f"ADDRESS_{number}" for number in range(1, 6)),
    *("POSTCODE", "LANGUAGE", "FORMAT", "CHANNEL"),
)
_CONTACTS = ("EMAIL", "MOBILE", "POSTCODE", *(f"ADDRESS_{number}" for number in range(1, 6)))
_LONGEST_TAG = 20
CHILD_NAME_COLUMNS = frozenset(
    {"CHILD_NAME", "PUPIL_NAME", "FORENAME", "SURNAME", "PUPIL_FORENAME", "PUPIL_SURNAME"}
)


class RollNotReadable(EveryfamilyError):
    """The file as a whole cannot be read; no row of it goes in."""

    code = "EF201"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row, or one value of it, that did not go in. `row` is the sheet's own number: the header is row 1."""

    row: int
    code: str
    message: str
    whole_row: bool = True


@dataclass(frozen=True, slots=True)
class RollRow:
    """One adult and one child, normalised. `adult_name` is empty when only the child could be read."""

    row: int
    pupil_id: str
    year_group: str
    class_name: str
    adult_name: str = ""
    relationship: str = "other"
    parental_responsibility: str = "unknown"
    has_care: str = "unknown"
    priority: int | None = None
    restriction: str = "unknown"
    objects: bool = False
    email: str | None = None
    mobile: str | None = None
    address: PostalAddress | None = None
    language: str = "und"
    format: str = "standard"
    wishes: str = ""


@dataclass(slots=True)
class Roll:
    """What one file held."""

    rows: list[RollRow] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    read: int = 0
    restriction_column: bool = True


class _RowSetAside(Exception):
    """A signal between two functions here: this row does not go in."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read_roll(data: bytes, *, file: str, urn: int, demonstration: bool = False) -> Roll:
    """Read one school's roll.

    `file` is the name to say in errors, `urn` the school it must be about. Raises RollNotReadable when the file
    is empty, not text, cut off, or its columns are not the template's.
    """
    text = _decode(data, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(reader, []), file)
        roll = Roll(restriction_column="RESTRICTION" in header)
        for values in _numbered(reader):
            _take(roll, header, *values, urn=urn, demonstration=demonstration)
    except csv.Error as problem:
        raise RollNotReadable(
            "The file ends in the middle of a value, or a quotation mark is never closed.",
            "Export it again from the records system and do not edit it by hand.",
            Place(file, reader.line_num or 1),
        ) from problem
    if not roll.read:
        raise RollNotReadable(
            "The file has a header and no rows.", "Export the whole roll again.", Place(file, 1)
        )
    return roll


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


def _take(
    roll: Roll, header: dict[str, int], row: int, values: list[str], *, urn: int, demonstration: bool
) -> None:
    roll.read += 1
    cells = {name: values[index].strip() if index < len(values) else "" for name, index in header.items()}
    try:
        taken = _row(row, cells, urn)
    except _RowSetAside as problem:
        roll.set_aside.append(SetAside(row, problem.code, problem.message))
        # A blank SCHOOL_URN is a slip in this school's own file; another school's number is another school's child.
        if cells["PUPIL_ID"] and cells["SCHOOL_URN"] in ("", str(urn)):
            roll.rows.append(RollRow(row, cells["PUPIL_ID"], *_group(cells)))
        return
    if not taken.adult_name and any(cells.get(name) for name in _CONTACTS):
        message = "The row has contact values and no ADULT_NAME, so they cannot be tied to an adult."
        roll.set_aside.append(SetAside(row, "ADULT_NAME_MISSING", message))
        roll.rows.append(RollRow(row, taken.pupil_id, taken.year_group, taken.class_name))
        return
    roll.rows.append(_with_contacts(taken, cells, roll, demonstration))


def _row(row: int, cells: dict[str, str], urn: int) -> RollRow:
    if not cells["PUPIL_ID"]:
        raise _RowSetAside("PUPIL_ID_MISSING", "The row has no PUPIL_ID, so it cannot be tied to a child.")
    if cells["SCHOOL_URN"] != str(urn):
        raise _RowSetAside("OTHER_SCHOOL", "SCHOOL_URN is not the school this roll was imported for.")
    year_group, class_name = _group(cells)
    return RollRow(
        row=row,
        pupil_id=cells["PUPIL_ID"],
        year_group=year_group,
        class_name=class_name,
        adult_name=" ".join(cells["ADULT_NAME"].split()),
        relationship=_choice(cells, "RELATIONSHIP", RELATIONSHIPS, "other"),
        parental_responsibility=_choice(cells, "PARENTAL_RESPONSIBILITY", YES_NO_UNKNOWN, "unknown"),
        has_care=_choice(cells, "HAS_CARE", YES_NO_UNKNOWN, "unknown"),
        priority=_priority(cells.get("PRIORITY", "")),
        # Fail safe: a blank cell or a missing column says nothing, and nothing is not "none".
        restriction=_choice(cells, "RESTRICTION", RESTRICTIONS, "unknown"),
        objects=_choice(cells, "OBJECTS", ("yes", "no"), "no") == "yes",
        language=_language(cells.get("LANGUAGE", "")),
        format=_choice(cells, "FORMAT", FORMATS, "standard"),
        wishes=_choice(cells, "CHANNEL", CHANNEL_WISHES, ""),
    )


def _group(cells: dict[str, str]) -> tuple[str, str]:
    return cells.get("YEAR_GROUP", "")[:20], cells.get("CLASS", "")[:40]


def _choice(cells: dict[str, str], column: str, allowed: Sequence[str], blank: str) -> str:
    value = cells.get(column, "").lower()
    if not value:
        return blank
    if value not in allowed:
        raise _RowSetAside(f"{column}_NOT_KNOWN", f"{column} is not one of: {', '.join(filter(None, allowed))}.")
    return value


def _priority(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        raise _RowSetAside("PRIORITY_NOT_A_NUMBER", "PRIORITY is not a whole number.")
    return int(value)


def _language(value: str) -> str:
    if not value:
        return "und"
    tag = langcodes.standardize_tag(value) if langcodes.tag_is_valid(value) else ""
    if not 0 < len(tag) <= _LONGEST_TAG:
        raise _RowSetAside("LANGUAGE_NOT_KNOWN", "LANGUAGE is not a BCP 47 tag such as pl, ur or ar.")
    return tag


def _with_contacts(taken: RollRow, cells: dict[str, str], roll: Roll, demonstration: bool) -> RollRow:
    """Add the contact values that are good; a bad one is set aside by itself and loses no family."""
    lines = [cells.get(f"ADDRESS_{number}", "") for number in range(1, 6)]
    postcode = cells.get("POSTCODE", "")

    def good[T](raw: str, read: Callable[[], T]) -> T | None:
        if not raw:
            return None
        try:
            return read()
        except ValueNotGood as problem:
            roll.set_aside.append(
                SetAside(taken.row, problem.problem.name, problem.problem.value, whole_row=False)
            )
            return None

    email, mobile = cells.get("EMAIL", ""), cells.get("MOBILE", "")
    return replace(
        taken,
        email=good(email, lambda: email_address(email)),
        mobile=good(mobile, lambda: mobile_number(mobile, demonstration=demonstration)),
        address=good("".join(lines) + postcode, lambda: postal_address(lines, postcode)),
    )
