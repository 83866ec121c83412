"""Our own roll template: one row for each adult and child (CSV, UTF-8 or what Excel made of it).

Reading is one pipeline: bytes -> text -> rows (roll_file.py) -> values. A row that cannot be used is set aside
under the sheet's own row number with a code and a sentence, never a value; the good ones go in. A value that cannot
be read is set aside by itself and counts as the most careful one: no slip in a cell lets an old "none" go on. A
row set aside still keeps its child on the roll when its PUPIL_ID can be read: no mistake in an adult's row takes a
child off the count. A child's name in the file is thrown away on reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import langcodes

from everyfamily.core.recipients import (
    PostalAddress,
    ValueNotGood,
    email_address,
    mobile_number,
    postal_address,
)
from everyfamily.core.roll_file import CHILD_NAME_COLUMNS as CHILD_NAME_COLUMNS
from everyfamily.core.roll_file import COLUMNS as COLUMNS
from everyfamily.core.roll_file import Line, read_sheet
from everyfamily.core.roll_file import RollNotReadable as RollNotReadable

RESTRICTIONS = ("none", "unknown", "hold", "do not send")
"""From free to closed: a merge or a re-import may only move right."""
NOT_SAID, NOT_READABLE, DOUBT, GONE, IN_CARE = (
    "not said",
    "not readable",
    "doubt",
    "gone from file",
    "child in care",
)
RESTRICTION_REASONS = ("", NOT_SAID, NOT_READABLE, DOUBT, GONE, IN_CARE)
"""Why a link is held where nobody said so. `NOT_SAID` alone is lifted by the lead's attestation for the whole roll;
each of the others waits for a person's decision on that link. Blank: the file or a person said it."""
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
_CONTACTS = ("EMAIL", "MOBILE", "POSTCODE", *(f"ADDRESS_{number}" for number in range(1, 6)))
_LONGEST_TAG = 20


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
    restriction_reason: str = ""
    """Of a restriction that is not what the file said: `NOT_SAID` or `NOT_READABLE`."""
    objects: bool = False
    email: str | None = None
    mobile: str | None = None
    address: PostalAddress | None = None
    language: str = "und"
    format: str = ""
    """Blank when the row does not say."""
    wishes: str = ""
    also: tuple[tuple[str, str], ...] = ()
    """Further contact values as (channel, value): "email" and "text"."""
    in_care: bool = False
    """The file says that the child is looked after by the council."""


@dataclass(slots=True)
class Roll:
    """What one file held."""

    rows: list[RollRow] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    read: int = 0
    restriction_column: bool = True
    format: str = "everyfamily template, CSV"
    whole: bool = True
    """The file says that it holds the whole roll; of a part, nobody missing in it is proposed to have left."""
    ignored: tuple[str, ...] = ()
    """Headings of a records system's export that nobody here knows."""


class RollOfOtherSchool(RollNotReadable):
    """The file says that it is about another school; no row of it goes in."""

    code = "EF202"


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
    sheet = read_sheet(data, file)
    roll = Roll(read=len(sheet.lines), restriction_column="RESTRICTION" in sheet.columns)
    for line in sheet.lines:
        _take(roll, line, urn=urn, demonstration=demonstration)
    return roll


def _take(roll: Roll, line: Line, *, urn: int, demonstration: bool) -> None:
    row, cells = line.row, line.cells
    try:
        _check(line, urn)
    except _RowSetAside as problem:
        roll.set_aside.append(SetAside(row, problem.code, problem.message))
        # A blank SCHOOL_URN is a slip in this school's own file; another school's number is another school's child.
        if line.child_stands and cells["PUPIL_ID"] and cells["SCHOOL_URN"] in ("", str(urn)):
            roll.rows.append(RollRow(row, cells["PUPIL_ID"], *_group(cells)))
        return
    roll.rows.append(_Values(row, cells, roll.set_aside, demonstration).read())


def _check(line: Line, urn: int) -> None:
    cells = line.cells
    if not line.whole:
        message = "The row has fewer or more cells than the header: a value may stand in the wrong column."
        raise _RowSetAside("ROW_NOT_WHOLE", message)
    if not cells["PUPIL_ID"]:
        raise _RowSetAside("PUPIL_ID_MISSING", "The row has no PUPIL_ID, so it cannot be tied to a child.")
    if cells["SCHOOL_URN"] != str(urn):
        raise _RowSetAside("OTHER_SCHOOL", "SCHOOL_URN is not the school this roll was imported for.")
    if not cells["ADULT_NAME"] and any(cells.get(name) for name in _CONTACTS):
        message = "The row has contact values and no ADULT_NAME, so they cannot be tied to an adult."
        raise _RowSetAside("ADULT_NAME_MISSING", message)


def _group(cells: dict[str, str]) -> tuple[str, str]:
    return cells.get("YEAR_GROUP", "")[:20], cells.get("CLASS", "")[:40]


@dataclass(frozen=True, slots=True)
class _Values:
    """Reads one row's values; each that cannot be read goes to `aside` by itself and loses no family."""

    row: int
    cells: dict[str, str]
    aside: list[SetAside]
    demonstration: bool

    def read(self) -> RollRow:
        year_group, class_name = _group(self.cells)
        lines = [self.cells.get(f"ADDRESS_{number}", "") for number in range(1, 6)]
        email, mobile, postcode = (self.cells.get(name, "") for name in ("EMAIL", "MOBILE", "POSTCODE"))
        return RollRow(
            row=self.row,
            pupil_id=self.cells["PUPIL_ID"],
            year_group=year_group,
            class_name=class_name,
            adult_name=" ".join(self.cells["ADULT_NAME"].split()),
            relationship=self._choice("RELATIONSHIP", RELATIONSHIPS, "other"),
            parental_responsibility=self._choice("PARENTAL_RESPONSIBILITY", YES_NO_UNKNOWN, "unknown"),
            has_care=self._choice("HAS_CARE", YES_NO_UNKNOWN, "unknown"),
            priority=self._priority(self.cells.get("PRIORITY", "")),
            # Fail safe: a blank cell or a missing column says nothing, and nothing is not "none".
            restriction=self._choice("RESTRICTION", RESTRICTIONS, "unknown"),
            # Fail safe: something stands here that is not "no".
            objects=self._choice("OBJECTS", ("yes", "no"), "no", unreadable="yes") == "yes",
            email=self._good(email, lambda: email_address(email)),
            mobile=self._good(mobile, lambda: mobile_number(mobile, demonstration=self.demonstration)),
            address=self._good("".join(lines) + postcode, lambda: postal_address(lines, postcode)),
            language=self._language(self.cells.get("LANGUAGE", "")),
            format=self._choice("FORMAT", FORMATS, ""),
            wishes=self._choice("CHANNEL", CHANNEL_WISHES, ""),
        )

    def _set_aside(self, code: str, message: str) -> None:
        self.aside.append(SetAside(self.row, code, message, whole_row=False))

    def _choice(self, column: str, allowed: Sequence[str], blank: str, unreadable: str | None = None) -> str:
        value = self.cells.get(column, "").lower()
        if not value:
            return blank
        if value in allowed:
            return value
        self._set_aside(f"{column}_NOT_KNOWN", f"{column} is not one of: {', '.join(filter(None, allowed))}.")
        return blank if unreadable is None else unreadable

    def _priority(self, value: str) -> int | None:
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 3:
            return int(value)
        self._set_aside("PRIORITY_NOT_A_NUMBER", "PRIORITY is not a whole number.")
        return None

    def _language(self, value: str) -> str:
        if not value:
            return "und"
        tag = langcodes.standardize_tag(value) if langcodes.tag_is_valid(value) else ""
        if 0 < len(tag) <= _LONGEST_TAG:
            return tag
        self._set_aside("LANGUAGE_NOT_KNOWN", "LANGUAGE is not a BCP 47 tag such as pl, ur or ar.")
        return "und"

    def _good[T](self, raw: str, read: Callable[[], T]) -> T | None:
        if not raw:
            return None
        try:
            return read()
        except ValueNotGood as problem:
            self._set_aside(problem.problem.name, problem.problem.value)
            return None
