"""Common Transfer File (XML) -> sheet: one line for each pupil and contact.

Any version is read whose elements are where they have been since CTF 9; the version is only said in the report.
A CTF holds no court order and no language of an adult: there is no RESTRICTION column, so everyone is held until
the school attests, and the pupil's own language is not taken for the adult's. A child's name is never kept.

`DocumentQualifier` (full or partial) says how much of each pupil's record is in the file, not how many pupils, so
it does not decide whether the file is the whole roll. Its address does: a file for another school is about the
children who move there, one for the council is about all.

Read by expat under defusedxml: any DOCTYPE ends the reading. Nothing is kept but the values named below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from everyfamily.core.errors import Place
from everyfamily.core.recipients import ValueNotGood, mobile_number
from everyfamily.core.roll import RollNotReadable, RollOfOtherSchool, SetAside
from everyfamily.core.rolls.sheet import Line, Sheet

COLUMNS = (
    *("PUPIL_ID", "YEAR_GROUP", "IN_CARE", "ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME", "RELATIONSHIP"),
    *("PARENTAL_RESPONSIBILITY", "PRIORITY", "EMAIL", "EMAIL_2", "MOBILE", "MOBILE_2"),
    *(f"ADDRESS_{number}" for number in range(1, 6)),
    "POSTCODE",
)
MOST_LINES = 100_000
LONGEST_VALUE = 10_000
"""Characters. No value that is kept comes near it."""
_DEEPEST = 40
_LONGEST_TAG = 1_000_000
"""Bytes of one tag or comment; the parser hands nothing out before a tag has ended."""
_PIECE = 1 << 16
_MOST_OF_A_KIND = 20
"""Phones, addresses or emails of one person; what comes after is not kept."""
_YES = frozenset({"true", "t", "yes", "y", "1"})
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


def read_ctf(
    data: bytes, *, file: str, urn: int, former_urns: Collection[int] = (), dfe_number: str = ""
) -> Sheet:
    """Read a CTF that the school `urn` (or one of its `former_urns`, or `dfe_number`, 3 + 4 digits) made.

    A line's row is the line of the file on which the contact, or a pupil without one, begins. Raises
    RollNotReadable when it is not a whole CTF or holds a DOCTYPE, RollOfOtherSchool when another school made it.
    """
    reader = _Reader(file, _School(urn, frozenset(former_urns), re.sub(r"\D", "", dfe_number)))
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    reader.expat = parser.parser
    try:
        _feed(parser, reader, data)
    except DefusedXmlException as problem:
        raise RollNotReadable(
            "The file holds a DOCTYPE, which no CTF has and which can make a program read other files.",
            "Export the CTF again from the records system.",
            reader.place(),
        ) from problem
    except (ParseError, LookupError, ValueError) as problem:
        raise RollNotReadable(
            "The XML is damaged or cut off, or its encoding is not known.",
            "Export the CTF again from the records system and do not edit it by hand.",
            reader.place(),
        ) from problem
    return reader.sheet()


def _feed(parser: Any, reader: _Reader, data: bytes) -> None:
    seen, silent = 0, 0
    for at in range(0, len(data), _PIECE):
        parser.feed(data[at : at + _PIECE])
        silent = 0 if reader.events != seen else silent + _PIECE
        seen = reader.events
        if silent > _LONGEST_TAG:
            raise reader.refused("The file holds a tag or comment of more than 1 MB.")
    parser.close()


@dataclass(frozen=True, slots=True)
class _School:
    """The school that the roll is imported for."""

    urn: int
    former_urns: frozenset[int]
    dfe_number: str


@dataclass(slots=True)
class _Record:
    """The kept values of one element, and the records inside it."""

    name: str
    row: int = 0
    path: list[str] = field(default_factory=list)
    """From this element down to where the parser stands."""
    values: dict[str, list[str]] = field(default_factory=dict)
    inside: dict[str, list[_Record]] = field(default_factory=dict)

    def first(self, *paths: str) -> str:
        """The first value that is not blank."""
        return next((value for path in paths for value in self.values.get(path, ()) if value), "")

    def all(self, name: str) -> list[_Record]:
        return self.inside.get(name, [])


class _Reader:
    """What the parser tells of the file's elements (an ElementTree target)."""

    def __init__(self, file: str, school: _School) -> None:
        self.file = file
        self.school = school
        self.expat: Any = None
        self.events = 0
        self.header: _Record | None = None
        self.lines: list[Line] = []
        self.set_aside: list[SetAside] = []
        self._open = [_Record("")]
        self._depth = 0
        self._text: list[str] | None = None
        self._length = 0

    def place(self) -> Place:
        return Place(self.file, self.expat.CurrentLineNumber)

    def refused(self, fact: str) -> RollNotReadable:
        return RollNotReadable(fact, "Export the CTF again from the records system.", self.place())

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self._depth += 1
        name = tag.rpartition("}")[2]
        if self._depth > _DEEPEST:
            raise self.refused(f"The file's elements lie more than {_DEEPEST} deep in each other.")
        if self._depth == 1 and name != "CTfile":
            raise self.refused("The file is XML and not a CTF: it does not begin with CTfile.")
        record = self._open[-1]
        record.path.append(name)
        path = "/".join(record.path)
        self._text = [] if path in _KEPT.get(record.name, ()) else None
        self._length = 0
        if (record.name, path) in _OPENS:
            self._open.append(_Record(name, self.expat.CurrentLineNumber))

    def data(self, text: str) -> None:
        self.events += 1
        if self._text is not None:
            self._text.append(text)
            self._length += len(text)
            if self._length > LONGEST_VALUE:
                raise self.refused(f"The file holds a value of more than {LONGEST_VALUE:,} characters.")

    def end(self, tag: str) -> None:
        self.events += 1
        self._depth -= 1
        record = self._open[-1]
        if not record.path:
            self._open.pop()
            self._close(record, self._open[-1])
            record = self._open[-1]
        elif self._text is not None:
            values = record.values.setdefault("/".join(record.path), [])
            if len(values) < _MOST_OF_A_KIND:
                values.append(" ".join("".join(self._text).split()))
        record.path.pop()
        self._text = None

    def close(self) -> None:
        """The file has ended."""

    def _close(self, record: _Record, around: _Record) -> None:
        if record.name == "Header":
            _check_source(record, self.school, self.place())
            self.header = record
        elif record.name == "Pupil":
            self.lines += _lines(record, self.set_aside)
        elif record.name == "Contact" or len(around.all(record.name)) < _MOST_OF_A_KIND:
            around.inside.setdefault(record.name, []).append(record)
        if len(self.lines) + len(around.all("Contact")) > MOST_LINES:
            raise self.refused(f"The file holds more than {MOST_LINES:,} contacts.")

    def sheet(self) -> Sheet:
        if not self.lines:
            raise self.refused("The file holds no pupil.")
        header = self.header or _Record("Header")
        version = header.first("CTFversion")
        known = version if re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", version) else ""
        whole = not _is_for_another_school(header)
        return Sheet(f"CTF {known}".strip(), frozenset(COLUMNS), tuple(self.lines), whole, tuple(self.set_aside))


def _is_for_another_school(header: _Record) -> bool:
    source, destination = (
        (header.first(f"{end}/LEA"), header.first(f"{end}/Estab")) for end in ("SourceSchool", "DestSchool")
    )
    return destination[1].isdigit() and destination != source


def _check_source(header: _Record, school: _School, place: Place) -> None:
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
            "SourceSchool says that another school made this file.",
            "Import it for that school, or export the roll from this one.",
            place,
        )


def _lines(pupil: _Record, set_aside: list[SetAside]) -> Iterator[Line]:
    child = {
        "PUPIL_ID": pupil.first("UPN"),
        "YEAR_GROUP": pupil.first("BasicDetails/NCyearActual"),
        "IN_CARE": pupil.first("LookedAfter/InCare"),
    }
    blank = dict.fromkeys(COLUMNS, "")
    for contact in pupil.all("Contact"):
        address = _address_of(contact, pupil)
        if address is None:
            message = "The file gives more than one address for this person, so none of them is used."
            set_aside.append(SetAside(contact.row, "ADDRESS_NOT_CLEAR", message, whole_row=False))
        yield Line(contact.row, blank | child | _adult(contact) | (address or {}))
    if not pupil.all("Contact"):
        # A child whom nobody is known for is on the roll all the same.
        yield Line(pupil.row, blank | child)


def _adult(contact: _Record) -> dict[str, str]:
    emails = [*filter(None, contact.values.get("Email", ())), "", ""]
    mobiles = [*_mobiles(contact), "", ""]
    return {
        "ADULT_TITLE": contact.first("Title"),
        "ADULT_FORENAME": contact.first("Forename"),
        "ADULT_SURNAME": contact.first("Surname"),
        "RELATIONSHIP": contact.first("Relationship"),
        "PARENTAL_RESPONSIBILITY": contact.first("Responsibility"),
        "PRIORITY": contact.first("Order"),
        "EMAIL": emails[0],
        "EMAIL_2": emails[1],
        "MOBILE": mobiles[0],
        "MOBILE_2": mobiles[1],
    }


def _mobiles(contact: _Record) -> list[str]:
    """Numbers marked as mobiles, then those without a mark that are: a work or home phone may be another's."""
    phones = [(phone.first("TelephoneType").upper(), phone.first("PhoneNo")) for phone in contact.all("Phone")]
    marked = [number for kind, number in phones if kind == "M" and number]
    return marked + [number for kind, number in phones if not kind and _is_mobile(number)]


def _is_mobile(number: str) -> bool:
    try:
        mobile_number(number, demonstration=True)
    except ValueNotGood:
        return False
    return True


def _address_of(contact: _Record, pupil: _Record) -> dict[str, str] | None:
    """The contact's address; none when the file leaves open which it is: it must not go to where a child is not."""
    given = {_address(one) for one in contact.all("Address") if _address(one)}
    if any(one.first("AddressAsPupil").lower() in _YES for one in contact.all("Address")):
        given |= {_address(one) for one in pupil.all("Address") if _address(one)}
    if len(given) > 1:
        return None
    return dict(next(iter(given), ()))


def _address(address: _Record) -> tuple[tuple[str, str], ...]:
    lines = [address.first(f"AddressLines/AddressLine{number}") for number in range(1, 6)]
    lines = [line for line in lines if line] or _of_bs7666(address)
    postcode = address.first("PostCode", "BS7666Address/PostCode", "AddressLines/PostCode")
    county = address.first("County")
    if lines and county and len(lines) < 5 and county not in lines:
        lines.append(county)
    named = [(f"ADDRESS_{number}", line) for number, line in enumerate(lines, start=1)]
    return (*named, ("POSTCODE", postcode)) if lines or postcode else ()


def _of_bs7666(address: _Record) -> list[str]:
    parts = ("SAON", "PAON", "Street", "Locality", "Town", "PostTown")
    flat, house, street, *places = (address.first(f"BS7666Address/{part}") for part in parts)
    # A number stands on the street's line, a house's name on its own.
    front = [flat, f"{house} {street}".strip()] if house[:1].isdigit() else [flat, house, street]
    lines = list(dict.fromkeys(line for line in (*front, *places) if line))
    return lines if len(lines) <= 5 else [", ".join(lines[:2]), *lines[2:]]
