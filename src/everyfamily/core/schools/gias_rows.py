"""One row of the national list: its columns, and the establishment made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from everyfamily.core.contacts.recipients import ValueNotGood
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.schools.official_figures import LARGEST
from everyfamily.core.schools.school_cells import day, line_of_text, school_phone, whole_number
from everyfamily.core.schools.school_file import Cells
from everyfamily.core.schools.school_kinds import (
    PHASES,
    STATUS_WORDS,
    STATUSES,
    SchoolKind,
    establishment_types,
    kind_of,
)

URN, AREA, _NUMBER, NAME = "URN", "LA (code)", "EstablishmentNumber", "EstablishmentName"
AREA_NAME, _STATUS_WORDS = "LA (name)", "EstablishmentStatus (name)"
_TYPE, _STATUS, _PHASE = (
    "TypeOfEstablishment (code)",
    "EstablishmentStatus (code)",
    "PhaseOfEducation (code)",
)
_OPENED, _CLOSED, _PHONE = "OpenDate", "CloseDate", "TelephoneNum"
_PUPILS, _COUNTED = "NumberOfPupils", "CensusDate"
_LOW, _HIGH = "StatutoryLowAge", "StatutoryHighAge"
REQUIRED = (URN, AREA, NAME, _TYPE, _STATUS)
WANTED = (
    *REQUIRED,
    AREA_NAME,
    _STATUS_WORDS,
    _NUMBER,
    _PHASE,
    _OPENED,
    _CLOSED,
    _PUPILS,
    _COUNTED,
    _PHONE,
    _LOW,
    _HIGH,
)
_MOST_CHILDREN = ("open", "proposed to close", "proposed to open", "closed")
"""If two statuses disagree, the first of these counts."""
_LARGEST_URN = 9_999_999
_LONGEST_NAME = 200
_UNKNOWN_TYPE = 0


@dataclass(frozen=True, slots=True)
class Establishment:
    """One row. `kind` is None if establishments of its type are not schools of the area."""

    row: int
    urn: int
    name: str
    kind: SchoolKind | None
    phase: str
    status: str
    type_code: int
    la_code: int
    dfe_number: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    pupils: int | None = None
    """Children on roll as published, or None if the file does not say."""
    counted_on: date | None = None
    """The day of the census that counted them."""
    phone: str = ""
    status_doubt: str = ""
    """How the status code and the status words disagree. Then `status` is the one with children."""


@dataclass(frozen=True, slots=True)
class NotASchool:
    """A row that did not become a school of the area, and why."""

    row: int
    urn: int | None
    name: str
    reason: str
    """"closed", the type that has no children of the area on a roll, or the code under which it was set aside."""


class RowSetAside(Exception):
    """This row is not imported. Its sentence and code say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class EstablishmentRow:
    """Reads one row. What cannot be read and is not needed goes to `notes`."""

    def __init__(self, cells: Cells, area: int) -> None:
        self._row = cells.row
        self._whole = cells.whole
        self._cells = cells.by_name
        self._area = area
        self._notes: list[SetAside] = []

    def read(self, seen: set[int]) -> tuple[Establishment, list[SetAside]]:
        """The establishment and the values set aside. Adds its URN to `seen`. Raises RowSetAside."""
        urn = self._urn(seen)
        if not self._whole:
            raise RowSetAside("ROW_NOT_WHOLE", "The row has fewer or more cells than the header.")
        name = line_of_text(self._cells[NAME], _LONGEST_NAME)
        if not name:
            raise RowSetAside("NAME_NOT_READABLE", f"{NAME} is blank, too long, or no text.")
        status, doubt = self._status()
        type_code = self._type()
        phase = _number_in(self._cells.get(_PHASE, ""))
        ages = (whole_number(self._cells.get(_LOW, "")), whole_number(self._cells.get(_HIGH, "")))
        number = whole_number(self._cells.get(_NUMBER, ""))
        one = Establishment(
            row=self._row,
            urn=urn,
            name=name,
            kind=kind_of(type_code, phase, ages),
            phase=PHASES.get(phase, PHASES[0]),
            status=status,
            type_code=type_code,
            la_code=self._area,
            dfe_number="" if number is None or number > 9999 else f"{self._area:03d}{number:04d}"[:8],
            opened_on=self._day(_OPENED),
            closed_on=self._day(_CLOSED),
            pupils=self._pupils(),
            counted_on=self._day(_COUNTED),
            phone=self._phone(),
            status_doubt=doubt,
        )
        return one, self._notes

    def _status(self) -> tuple[str, str]:
        """The status, and how code and words disagree. One school too many can be taken off, but one too few is not
        noticed."""
        by_code = STATUSES.get(_number_in(self._cells[_STATUS]))
        words = " ".join(self._cells.get(_STATUS_WORDS, "").lower().split())
        by_words = STATUS_WORDS.get(words)
        if by_code is None and by_words is None:
            raise RowSetAside("STATUS_NOT_KNOWN", f"{_STATUS} is none of 1, 2, 3, 4.")
        if by_code is None or (words and by_code != by_words):
            code = by_code or "nothing that is known"
            said = by_words or "something that is not known here"
            both = [status for status in (by_code, by_words) if status is not None]
            return min(both, key=_MOST_CHILDREN.index), f"the code says {code}, the words say {said}"
        return by_code, ""

    def _urn(self, seen: set[int]) -> int:
        urn = whole_number(self._cells[URN])
        if not urn or urn > _LARGEST_URN:
            raise RowSetAside("URN_NOT_A_NUMBER", "URN is not a number of at most seven digits.")
        if urn in seen:
            raise RowSetAside("URN_TWICE", "The URN is in a row above, and that row counts.")
        seen.add(urn)
        return urn

    def _note(self, code: str, message: str) -> None:
        self._notes.append(SetAside(self._row, code, message, whole_row=False))

    def _type(self) -> int:
        code = _number_in(self._cells[_TYPE])
        if code in establishment_types():
            return code
        self._note("TYPE_NOT_KNOWN", f"{_TYPE} is not known here: kept; a person looks whether it has a roll.")
        return code if 0 < code < 1000 else _UNKNOWN_TYPE

    def _good[T](self, column: str, read: Callable[[str], T | None], code: str, message: str) -> T | None:
        raw = self._cells.get(column, "")
        value = read(raw) if raw else None
        if raw and value is None:
            self._note(code, f"{column} {message}")
        return value

    def _day(self, column: str) -> date | None:
        return self._good(column, day, "DATE_NOT_A_DATE", "is not a day such as 01-09-2026.")

    def _pupils(self) -> int | None:
        number = self._good(_PUPILS, whole_number, "ROLL_NOT_A_NUMBER", "is not a whole number.")
        if number is not None and number > LARGEST:
            self._note("ROLL_NOT_A_NUMBER", f"{_PUPILS} is more than any school has.")
            return None
        if number == 0:
            # A school that has just opened, or was not counted: its children would silently not be missed.
            self._note("ROLL_IS_ZERO", f"{_PUPILS} is 0: it leaves the number that is known, or not known.")
            return None
        return number

    def _phone(self) -> str:
        try:
            return school_phone(raw) if (raw := self._cells.get(_PHONE, "")) else ""
        except ValueNotGood as problem:
            self._note(problem.problem.name, problem.problem.value)
            return ""


def _number_in(raw: str) -> int:
    """A code, or -1 if it is not a number. "02" is 2."""
    number = whole_number(raw)
    return -1 if number is None else number
