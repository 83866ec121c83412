"""A roll written as a Common Transfer File is read back as the same facts, and frees nobody."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.contacts.recipients import PostalAddress
from everyfamily.core.rolls.closing.deaths import may_say_so
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, RollRow
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.words.closing_words import closes

URN = 900001
CODES = {
    "PAM": "mother",
    "PAF": "father",
    "STM": "step-parent",
    "CAR": "carer",
    "FOM": "foster carer",
    "OTH": "other",
}
LETTERS = st.text(st.characters(codec="utf-8", categories=("Lu", "Ll")), min_size=1, max_size=8)
NAMES = st.builds("{}{}{}".format, LETTERS, st.sampled_from(["", "’", "'", "-", " & "]), LETTERS)
STREETS = st.lists(st.builds("{} {}".format, st.integers(1, 99), LETTERS), min_size=1, max_size=4).map(tuple)


@dataclass(frozen=True)
class Contact:
    forename: str
    surname: str
    title: str
    code: str
    responsible: bool | None
    order: int | None
    email: str
    mobile: str
    marked: bool
    """The phone says that it is a mobile."""
    at_childs: bool
    street: tuple[str, ...]


@dataclass(frozen=True)
class Pupil:
    upn: str
    year: str
    in_care: bool | None
    street: tuple[str, ...]
    contacts: tuple[Contact, ...]


PLAIN_STREETS = STREETS.filter(lambda street: not any(map(closes, street)))
"""Without the words that keep an adult away, wherever they are."""
CONTACTS = st.builds(
    Contact,
    forename=NAMES.filter(lambda name: not closes(name) and not may_say_so(name)),
    surname=NAMES.filter(lambda name: not closes(name) and not may_say_so(name)),
    title=st.sampled_from(["", "Ms", "Dr"]),
    code=st.sampled_from(list(CODES)),
    responsible=st.sampled_from([None, True, False]),
    order=st.one_of(st.none(), st.integers(1, 9)),
    email=st.one_of(st.just(""), st.from_regex(r"[a-z][a-z0-9]{1,8}@example\.org", fullmatch=True)),
    mobile=st.one_of(st.just(""), st.integers(0, 999).map("07700 900{:03}".format)),
    marked=st.booleans(),
    at_childs=st.booleans(),
    street=st.one_of(st.just(()), PLAIN_STREETS),
)
PUPILS = st.lists(
    st.builds(
        Pupil,
        upn=st.from_regex(r"[A-Z][0-9]{12}", fullmatch=True),
        year=st.sampled_from(["", "7", "N2"]),
        in_care=st.sampled_from([None, True, False]),
        street=st.one_of(st.just(()), PLAIN_STREETS),
        contacts=st.lists(CONTACTS, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=4,
)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "iso-8859-1"])


def say(parent: Element, name: str, value: object) -> None:
    """An element, left out at times when there is nothing to say."""
    if value not in ("", None):
        SubElement(parent, name).text = str(value).lower() if isinstance(value, bool) else str(value)


def address(parent: Element, street: tuple[str, ...], *, at_childs: bool = False) -> None:
    element = SubElement(parent, "Address")
    if at_childs:
        say(element, "AddressAsPupil", True)
    elif street:
        lines = SubElement(element, "AddressLines")
        for number, line in enumerate(street, start=1):
            say(lines, f"AddressLine{number}", line)
        say(element, "PostCode", "EM4 7QX")


def written(pupils: list[Pupil], encoding: str) -> bytes:
    root = Element("CTfile")
    header = SubElement(root, "Header")
    say(header, "CTFversion", "25.0")
    say(SubElement(header, "SourceSchool"), "URN", URN)
    data = SubElement(root, "CTFpupilData")
    for one in pupils:
        pupil = SubElement(data, "Pupil")
        say(pupil, "UPN", one.upn)
        say(pupil, "Forename", "Marked")
        say(SubElement(pupil, "BasicDetails"), "NCyearActual", one.year)
        say(SubElement(pupil, "LookedAfter"), "InCare", one.in_care)
        address(pupil, one.street)
        contacts = SubElement(pupil, "Contacts")
        for who in one.contacts:
            write_contact(SubElement(contacts, "Contact"), who)
    return ElementTree.tostring(root, encoding=encoding)


def write_contact(contact: Element, who: Contact) -> None:
    for name, value in (
        *(("Order", who.order), ("Title", who.title), ("Surname", who.surname), ("Forename", who.forename)),
        *(("Relationship", who.code), ("Responsibility", who.responsible)),
    ):
        say(contact, name, value)
    address(contact, who.street, at_childs=who.at_childs)
    if who.mobile:
        phone = SubElement(SubElement(contact, "Phones"), "Phone")
        say(phone, "TelephoneType", "M" if who.marked else "")
        say(phone, "PhoneNo", who.mobile)
    say(contact, "Email", who.email)


type Facts = tuple[object, ...]


def facts(row: RollRow) -> Facts:
    return (
        *(
            row.pupil_id,
            row.year_group,
            row.in_care,
            row.adult_name,
            row.relationship,
            row.parental_responsibility,
        ),
        *(row.priority, row.email, row.mobile, row.address),
    )


def known(pupil: Pupil) -> list[Facts]:
    child = (pupil.upn, pupil.year, pupil.in_care is True)
    if not pupil.contacts:
        return [(*child, "", "other", "unknown", None, None, None, None)]
    return [(*child, *known_adult(pupil, who)) for who in pupil.contacts]


def known_adult(pupil: Pupil, who: Contact) -> Facts:
    street = pupil.street if who.at_childs else who.street
    return (
        " ".join(filter(None, (who.title, who.forename, who.surname))),
        CODES[who.code],
        {True: "yes", False: "no", None: "unknown"}[who.responsible],
        who.order,
        who.email or None,
        f"+44{who.mobile[1:].replace(' ', '')}" if who.mobile else None,
        PostalAddress((*street, "EM4 7QX")) if street else None,
    )


@given(PUPILS, ENCODINGS)
@settings(max_examples=60)
def test_a_ctf_gives_back_what_was_written(pupils: list[Pupil], encoding: str) -> None:
    roll = read_roll(written(pupils, encoding), file="roll.xml", urn=URN)
    assert roll.set_aside == []
    assert [facts(row) for row in roll.rows] == [row for pupil in pupils for row in known(pupil)]


@given(PUPILS, ENCODINGS)
@settings(max_examples=30)
def test_no_ctf_frees_anybody(pupils: list[Pupil], encoding: str) -> None:
    roll = read_roll(written(pupils, encoding), file="roll.xml", urn=URN)
    assert not roll.restriction_column
    assert {row.restriction for row in roll.rows} == {"unknown"}
    assert {row.restriction_reason for row in roll.rows if row.adult_name} <= {NOT_SAID, NOT_READABLE}
    assert "Marked" not in repr(roll)
