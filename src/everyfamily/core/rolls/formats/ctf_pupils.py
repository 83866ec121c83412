"""One pupil of a Common Transfer File: their contacts' names, numbers and addresses as cells of our template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from everyfamily.core.contacts.recipients import ValueNotGood, mobile_number
from everyfamily.core.rolls.closing.words_beside import unread_that_may_close
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.rolls.model.sheet import Line

COLUMNS = (
    *("PUPIL_ID", "YEAR_GROUP", "IN_CARE", "ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME", "RELATIONSHIP"),
    *("PARENTAL_RESPONSIBILITY", "PRIORITY", "EMAIL", "EMAIL_2", "MOBILE", "MOBILE_2"),
    *(f"ADDRESS_{number}" for number in range(1, 6)),
    "POSTCODE",
)
MOST_OF_A_KIND = 20
"""Phones, addresses or emails of one person; what comes after is not kept."""
UNREAD = "*"
"""Where a record keeps what stands in elements that no column has: they are looked at for words that close."""
_YES = frozenset({"true", "t", "yes", "y", "1"})


@dataclass(slots=True)
class Record:
    """The kept values of one element, and the records inside it."""

    name: str
    row: int = 0
    path: list[str] = field(default_factory=list)
    """From this element down to where the parser stands."""
    values: dict[str, list[str]] = field(default_factory=dict)
    inside: dict[str, list[Record]] = field(default_factory=dict)

    def first(self, *paths: str) -> str:
        """The first value that is not blank."""
        return next((value for path in paths for value in self.values.get(path, ()) if value), "")

    def all(self, name: str) -> list[Record]:
        return self.inside.get(name, [])


def lines_of_pupil(pupil: Record, set_aside: list[SetAside]) -> Iterator[Line]:
    """A line for each of the pupil's contacts, or one for the pupil alone."""
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
        yield Line(contact.row, blank | child | _adult(contact) | (address or {}), values=_unread(contact))
    if not pupil.all("Contact"):
        # A child whom nobody is known for is on the roll all the same.
        yield Line(pupil.row, blank | child)


def _unread(contact: Record) -> tuple[str, ...]:
    records = (contact, *contact.all("Phone"))
    return unread_that_may_close(text for one in records for text in one.values.get(UNREAD, ()))


def _adult(contact: Record) -> dict[str, str]:
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


def _mobiles(contact: Record) -> list[str]:
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


def _address_of(contact: Record, pupil: Record) -> dict[str, str] | None:
    """The contact's address; none when the file leaves open which it is: it must not go to where a child is not."""
    given = {_address(one) for one in contact.all("Address") if _address(one)}
    if any(one.first("AddressAsPupil").lower() in _YES for one in contact.all("Address")):
        given |= {_address(one) for one in pupil.all("Address") if _address(one)}
    if len(given) > 1:
        return None
    return dict(next(iter(given), ()))


def _address(address: Record) -> tuple[tuple[str, str], ...]:
    lines = [address.first(f"AddressLines/AddressLine{number}") for number in range(1, 6)]
    lines = [line for line in lines if line] or _of_bs7666(address)
    postcode = address.first("PostCode", "BS7666Address/PostCode", "AddressLines/PostCode")
    county = address.first("County")
    if lines and county and len(lines) < 5 and county not in lines:
        lines.append(county)
    named = [(f"ADDRESS_{number}", line) for number, line in enumerate(lines, start=1)]
    return (*named, ("POSTCODE", postcode)) if lines or postcode else ()


def _of_bs7666(address: Record) -> list[str]:
    parts = ("SAON", "PAON", "Street", "Locality", "Town", "PostTown")
    flat, house, street, *places = (address.first(f"BS7666Address/{part}") for part in parts)
    # A number stands on the street's line, a house's name on its own.
    front = [flat, f"{house} {street}".strip()] if house[:1].isdigit() else [flat, house, street]
    lines = list(dict.fromkeys(line for line in (*front, *places) if line))
    return lines if len(lines) <= 5 else [", ".join(lines[:2]), *lines[2:]]
