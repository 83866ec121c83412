"""Common Transfer File (XML) -> sheet: one line for each pupil and contact.

Any version is read whose elements are where they have been since CTF 9; the version is only said in the report.
A CTF holds no court order and no language of an adult: there is no RESTRICTION column, so everyone is held until
the school attests, and the pupil's own language is not taken for the adult's. A child's name is never kept.

`DocumentQualifier` (full or partial) says how much of each pupil's record is in the file, not how many pupils, so
it does not decide whether the file is the whole roll. Its address does: a file for another school is about the
children who move there, one for the council is about all.

Any DOCTYPE ends the reading. Nothing is kept but the values named below.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.formats.ctf_pupils import COLUMNS, MOST_OF_A_KIND, UNREAD, Record, lines_of_pupil
from everyfamily.core.rolls.formats.xml_pieces import in_pieces, read_xml
from everyfamily.core.rolls.model.limits import CELL_CHARACTERS, ROWS
from everyfamily.core.rolls.model.roll_rows import RollNotReadable, RollOfOtherSchool, SetAside
from everyfamily.core.rolls.model.sheet import Line, Sheet

_AGAIN = "Export the CTF again from the records system"
_DEEPEST = 40
_LA_ITSELF = re.compile(r"[A-Z]+")
"""How `Estab` says that a council made or gets the file: LLLL."""

_OPENS = {
    ("", "CTfile/Header"),
    ("", "CTfile/CTFpupilData/Pupil"),
    ("Pupil", "Address"),
    ("Pupil", "Contacts/Contact"),
    ("Contact", "Address"),
    ("Contact", "Phones/Phone"),
}
"""Elements whose values belong together, by the one around them and the path between."""
_KEPT = {
    "Header": frozenset(
        (
            "CTFversion",
            *(f"{end}/{part}" for end in ("SourceSchool", "DestSchool") for part in ("LEA", "Estab", "URN")),
        )
    ),
    "Pupil": frozenset({"UPN", "BasicDetails/NCyearActual", "LookedAfter/InCare"}),
    "Contact": frozenset({"Order", "Title", "Surname", "Forename", "Relationship", "Responsibility", "Email"}),
    "Phone": frozenset({"TelephoneType", "PhoneNo"}),
    "Address": frozenset(
        {
            "AddressAsPupil",
            *(
                f"BS7666Address/{part}"
                for part in ("SAON", "PAON", "Street", "Locality", "Town", "PostTown", "PostCode")
            ),
            *(f"AddressLines/AddressLine{number}" for number in range(1, 6)),
            *("AddressLines/PostCode", "County", "PostCode"),
        }
    ),
}
_LOOKED_AT = frozenset({"Contact", "Phone"})
"""Their other elements are looked at for words that may keep the adult away."""


def read_ctf(
    data: bytes, *, file: str, urn: int, former_urns: Collection[int] = (), dfe_number: str = ""
) -> Sheet:
    """Read a CTF that the school `urn` (or one of its `former_urns`, or `dfe_number`, 3 + 4 digits) made.

    A line's row is the line of the file on which the contact, or a pupil without one, begins. Raises
    RollNotReadable when it is not a whole CTF or holds a DOCTYPE, RollOfOtherSchool when another school made it.
    """
    reader = _Reader(file, _School(urn, frozenset(former_urns), re.sub(r"\D", "", dfe_number)))
    read_xml(reader, in_pieces(data), "CTF", _AGAIN)
    return reader.sheet()


@dataclass(frozen=True, slots=True)
class _School:
    """The school that the roll is imported for."""

    urn: int
    former_urns: frozenset[int]
    dfe_number: str


class _Reader:
    """What the parser tells of the file's elements (an ElementTree target)."""

    def __init__(self, file: str, school: _School) -> None:
        self.file = file
        self.school = school
        self.expat: Any = None
        self.events = 0
        self.header: Record | None = None
        self.lines: list[Line] = []
        self.set_aside: list[SetAside] = []
        self._open = [Record("")]
        self._depth = 0
        self._text: list[str] | None = None
        self._key = ""
        self._length = 0

    def place(self) -> SourceLocation:
        return SourceLocation(self.file, self.expat.CurrentLineNumber)

    def refused(self, fact: str) -> RollNotReadable:
        return RollNotReadable(fact, f"{_AGAIN}.", self.place())

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self._depth += 1
        name = tag.rpartition("}")[2]
        if self._depth > _DEEPEST:
            raise self.refused(f"The file's elements are more than {_DEEPEST} deep inside each other.")
        if self._depth == 1 and name != "CTfile":
            raise self.refused("The file is XML and not a CTF: it does not begin with CTfile.")
        record = self._open[-1]
        record.path.append(name)
        path = "/".join(record.path)
        is_kept = path in _KEPT.get(record.name, ())
        self._key = path if is_kept else UNREAD
        self._text = [] if is_kept or record.name in _LOOKED_AT else None
        self._length = 0
        if (record.name, path) in _OPENS:
            self._open.append(Record(name, self.expat.CurrentLineNumber))

    def data(self, text: str) -> None:
        self.events += 1
        if self._text is not None and (self._key != UNREAD or self._length <= CELL_CHARACTERS):
            self._text.append(text)
            self._length += len(text)
            if self._length > CELL_CHARACTERS and self._key != UNREAD:
                raise self.refused(f"The file holds a value of more than {CELL_CHARACTERS:,} characters.")

    def end(self, tag: str) -> None:
        self.events += 1
        self._depth -= 1
        record = self._open[-1]
        if not record.path:
            self._open.pop()
            self._close(record, self._open[-1])
            record = self._open[-1]
        elif self._text is not None:
            values = record.values.setdefault(self._key, [])
            if len(values) < MOST_OF_A_KIND:
                values.append(" ".join("".join(self._text).split()))
        record.path.pop()
        self._text = None

    def close(self) -> None:
        """The file has ended."""

    def _close(self, record: Record, around: Record) -> None:
        if record.name == "Header":
            _check_source(record, self.school, self.place())
            self.header = record
        elif record.name == "Pupil":
            self.lines += lines_of_pupil(record, self.set_aside)
        elif record.name == "Contact" or len(around.all(record.name)) < MOST_OF_A_KIND:
            around.inside.setdefault(record.name, []).append(record)
        if len(self.lines) + len(around.all("Contact")) > ROWS:
            raise self.refused(f"The file holds more than {ROWS:,} contacts.")

    def sheet(self) -> Sheet:
        if not self.lines:
            raise self.refused("The file has no pupils.")
        header = self.header or Record("Header")
        version = header.first("CTFversion")
        known = version if re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", version) else ""
        whole = not _is_for_another_school(header)
        return Sheet(
            f"CTF {known}".strip(),
            frozenset(COLUMNS),
            tuple(self.lines),
            whole,
            tuple(self.set_aside),
            unread=((0, "an element of the contact that is not read"),),
        )


def _is_for_another_school(header: Record) -> bool:
    source, destination = (
        (header.first(f"{end}/LEA"), header.first(f"{end}/Estab")) for end in ("SourceSchool", "DestSchool")
    )
    return destination[1].isdigit() and destination != source


def _check_source(header: Record, school: _School, place: SourceLocation) -> None:
    urn, estab = header.first("SourceSchool/URN"), header.first("SourceSchool/Estab")
    if urn:
        same = urn.isascii() and urn.isdigit() and int(urn) in {school.urn, *school.former_urns}
    elif estab and not school.dfe_number and not _LA_ITSELF.fullmatch(estab):
        raise RollNotReadable(
            "The file names its school by a DfE number only, and this school has none here to compare it with.",
            "Import the list of schools first, or export the CTF with the school's URN.",
            place,
        )
    else:
        # The council's own lists (home-educated children) have no DfE number, as its files have none.
        same = (
            not estab
            or f"{header.first('SourceSchool/LEA')}{estab}" == school.dfe_number
            or not school.dfe_number
        )
    if not same:
        raise RollOfOtherSchool(
            f"SourceSchool says that another school made this file: {_named(urn, header)}.",
            "Import it for that school, or export the roll from this one.",
            place,
        )


def _named(urn: str, header: Record) -> str:
    """The school's number, if it has the form of one."""
    if urn:
        return f"URN {urn}" if re.fullmatch(r"[0-9]{6}", urn) else "its URN is no number"
    number = f"{header.first('SourceSchool/LEA')}{header.first('SourceSchool/Estab')}"
    return f"DfE number {number}" if re.fullmatch(r"[0-9A-Z]{7}", number) else "its DfE number is none"
