"""A roll that is written in any format is read back as the same rows, up to what the format can hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.contacts.recipients import PostalAddress
from everyfamily.core.rolls.closing.deaths import may_say_so
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.model.roll_rows import (
    CHANNEL_WISHES,
    COLUMNS,
    FORMATS,
    NOT_SAID,
    RELATIONSHIPS,
    RESTRICTIONS,
    YES_NO_UNKNOWN,
    Roll,
    RollRow,
)
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.words.closing_words import closes
from tests.factories.office_tables import OFFICE

URN = 900001
type Table = tuple[list[str], list[list[str]]]


@dataclass(frozen=True)
class Person:
    """What a school knows about one adult and one child."""

    pupil_id: str
    year: str
    group: str
    child: str
    title: str
    forename: str
    surname: str
    relationship: str
    responsible: str
    priority: int
    restriction: str
    """One of `RESTRICTIONS`, of which an export can say only "none", "hold" and nothing."""
    objects: bool
    email: str | None
    mobile: str | None
    street: tuple[str, ...]
    language: str
    format: str
    wishes: str

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.title, self.forename, self.surname)))

    @property
    def postcode(self) -> str:
        return "EM4 7QX" if self.street else ""

    @property
    def address(self) -> PostalAddress | None:
        return PostalAddress((*self.street, self.postcode)) if self.street else None


LETTERS = st.text(
    st.characters(categories=("Lu", "Ll", "Lo"), exclude_characters="\u3164\uffa0\u115f\u1160"), min_size=1
)
NAMES = st.builds("".join, st.tuples(LETTERS, st.sampled_from(["", "’", "'", "-", " ", '"x"']), LETTERS)).filter(
    lambda name: len(name) < 35 and not closes(name) and not may_say_so(name)
)
# Words of one line: no comma, at which a block without line breaks is split.
STREETS = st.lists(
    st.builds("{} {}".format, st.integers(1, 99), st.text("abcdeé'-/ ", min_size=1).map(str.strip).filter(bool)),
    min_size=1,
    max_size=5,
)
PEOPLE = st.lists(
    st.builds(
        Person,
        pupil_id=st.from_regex(r"[A-Z][0-9]{3,8}", fullmatch=True),
        year=st.sampled_from(["", "7", "Year 8"]),
        group=st.sampled_from(["", "7B", "Ash, Oak"]),
        child=st.just("Marked"),
        title=st.sampled_from(["", "Ms", "Dr"]),
        forename=NAMES,
        surname=NAMES,
        relationship=st.sampled_from(RELATIONSHIPS),
        responsible=st.sampled_from(YES_NO_UNKNOWN),
        priority=st.integers(1, 9),
        restriction=st.sampled_from(RESTRICTIONS),
        objects=st.booleans(),
        email=st.one_of(
            st.none(), st.from_regex(r"[a-z][a-z0-9]{1,8}\.[a-z]{1,8}@example\.(com|org)", fullmatch=True)
        ),
        mobile=st.one_of(st.none(), st.integers(0, 999).map("+447700900{:03}".format)),
        street=st.one_of(st.just(()), STREETS.map(lambda lines: tuple(" ".join(line.split()) for line in lines))),
        language=st.sampled_from(["und", "pl", "ur", "zh-Hant"]),
        format=st.sampled_from(["", *FORMATS]),
        wishes=st.sampled_from(CHANNEL_WISHES),
    ),
    min_size=1,
    max_size=6,
)
WRITTEN = st.sampled_from(
    [
        *(f"{codec} {separator}" for codec in ("utf-8", "utf-8-sig", "utf-16") for separator in ",;\t"),
        "xlsx",
        "ods",
    ]
)


def in_bytes(table: Table, how: str) -> bytes:
    """The table as a file."""
    header, rows = table
    if how == "xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in (header, *rows):
            sheet.append([value or None for value in row])
        data = io.BytesIO()
        book.save(data)
        return data.getvalue()
    if how in OFFICE:
        return OFFICE[how]((header, *rows))
    codec, separator = how.split(" ")
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    return text.getvalue().encode(codec)


def read(table: Table, how: str, mapping: ColumnMapping | None = None) -> Roll:
    return read_roll(in_bytes(table, how), file="roll", urn=URN, mapping=mapping)


def local(mobile: str | None) -> str:
    return f"0{mobile[3:7]} {mobile[7:]}" if mobile else ""


def held(people: Sequence[Person], **cannot: Any) -> list[RollRow]:
    """The rows of these people; `cannot` gives the fields that a format does not hold."""
    rows = []
    for number, one in enumerate(people, start=2):
        fields: dict[str, Any] = {
            "year_group": one.year,
            "class_name": one.group,
            "adult_name": one.name,
            "relationship": one.relationship,
            "parental_responsibility": one.responsible,
            "has_care": "unknown",
            "priority": one.priority,
            "restriction": one.restriction,
            "objects": one.objects,
            "email": one.email,
            "mobile": one.mobile,
            "address": one.address,
            "language": one.language,
            "format": one.format,
            "wishes": one.wishes,
        }
        fields |= {name: value(one) if callable(value) else value for name, value in cannot.items()}
        rows.append(RollRow(number, one.pupil_id, **fields))
    return rows


NOT_HELD_BY_EXPORTS = {"objects": False, "format": "", "wishes": "", "language": "und"}


def by_court_order(one: Person) -> str:
    return {"none": "none", "unknown": "unknown"}.get(one.restriction, "hold")


def reason_of_order(one: Person) -> str:
    return NOT_SAID if one.restriction == "unknown" else ""


def order(one: Person, yes: str, no: str) -> str:
    """As a column of court orders has it: no order, an order, nothing."""
    return {"none": no, "unknown": ""}.get(one.restriction, yes)


def answer(one: Person, yes: str, no: str) -> str:
    return {"yes": yes, "no": no}.get(one.responsible, "")


def template(people: Sequence[Person]) -> Table:
    rows = [
        [
            *(
                str(URN),
                one.pupil_id,
                one.year,
                one.group,
                one.name,
                one.relationship,
                one.responsible,
                "unknown",
            ),
            *(
                str(one.priority),
                one.restriction,
                "yes" if one.objects else "no",
                one.email or "",
                one.mobile or "",
            ),
            *((*one.street, "", "", "", "", "")[:5]),
            *(one.postcode, "" if one.language == "und" else one.language, one.format, one.wishes),
        ]
        for one in people
    ]
    return list(COLUMNS), rows


def sims(people: Sequence[Person]) -> Table:
    header = (
        "UPN,Forename,Surname,DOB,Year,Reg,Contact Priority,Contact Title,Contact Forename,Contact Surname,"
        "Relationship,Parental Responsibility,Court Order,Correspondence,Contact Primary Email,Contact Mobile,"
        "Contact Home Telephone,Contact Address Block,Contact Postcode,First Language"
    )
    rows = [
        [
            *(
                one.pupil_id,
                one.child,
                one.child,
                "02/11/2013",
                one.year,
                one.group,
                str(one.priority),
                one.title,
            ),
            *(
                one.forename,
                one.surname,
                one.relationship.title(),
                answer(one, "T", "F"),
                order(one, "T", "F"),
                "T",
            ),
            *(one.email or "", local(one.mobile), "0151 496 0101", "\n".join(one.street), one.postcode, "Polish"),
        ]
        for one in people
    ]
    return header.split(","), rows


def arbor(people: Sequence[Person]) -> Table:
    header = (
        "Student,UPN,Year group,Registration form,Guardian,Relationship,Primary Guardian,Legal Guardian,"
        "Emergency contact,Mobile Phone,Email Address,Address,Postcode,Native language"
    )
    rows = [
        [
            *(f"{one.child}, C", one.pupil_id, one.year, one.group, one.name, one.relationship, ""),
            *(answer(one, "Yes", "No"), str(one.priority), local(one.mobile), one.email or ""),
            *(", ".join(one.street), one.postcode, {"pl": "Polish", "ur": "URD"}.get(one.language, "Not known")),
        ]
        for one in people
    ]
    return header.split(","), rows


def bromcom(people: Sequence[Person]) -> Table:
    header = (
        "PersonID,UPN,FirstName,LastName,YearGroup,ContactPersonID,ContactTitle,ContactFirstName,ContactLastName,"
        "Relationship,ParentalResponsibility,ContactPriority,CourtOrderRestrictedAccess,Correspondence,Email,Mobile,"
        "HomePhone,Address,Postcode"
    )
    rows = [
        [
            *("1", one.pupil_id, one.child, one.child, one.year, "10", one.title, one.forename, one.surname),
            *(one.relationship, answer(one, "Yes", "No"), str(one.priority), order(one, "Yes", "No"), "Yes"),
            *(one.email or "", local(one.mobile), "", "\r\n".join(one.street), one.postcode),
        ]
        for one in people
    ]
    return header.split(","), rows


def scholarpack(people: Sequence[Person]) -> Table:
    header = (
        "UPN,Pupil Forename,Year Group,Class,Contact Order,Contact Name,Relationship,Responsibility,Mobile Phone,Email,"
        "Email 2,Address,Postcode"
    )
    rows = [
        [
            *(one.pupil_id, one.child, one.year, one.group, str(one.priority), one.name, one.relationship),
            *(answer(one, "True", "False"), local(one.mobile), one.email or "", one.email or ""),
            *("\n".join(one.street), one.postcode),
        ]
        for one in people
    ]
    return header.split(","), rows


def own(people: Sequence[Person]) -> Table:
    header = ["Who", "ID", "ID", "Forename", "Forename", "Surname", "Surname", "Order?", "Post"]
    rows = [
        [
            one.child,
            "77",
            one.pupil_id,
            one.forename,
            one.child,
            one.surname,
            one.child,
            order(one, "y", "n"),
            one.email or "",
        ]
        for one in people
    ]
    return header, rows


OWN = ColumnMapping(
    (
        *(("ID", 2, "PUPIL_ID"), ("Forename", 1, "ADULT_FORENAME"), ("Surname", 1, "ADULT_SURNAME")),
        *(("Order?", 1, "COURT_ORDER"), ("Post", 1, "EMAIL")),
    )
)


@pytest.mark.slow
@given(PEOPLE, WRITTEN)
@settings(max_examples=60)
def test_the_template_holds_everything(people: list[Person], how: str) -> None:
    roll = read(template(people), how)
    assert (roll.set_aside, roll.read) == ([], len(people))
    assert roll.rows == held(people)


def check(
    write: Callable[[Sequence[Person]], Table], name: str, people: Sequence[Person], how: str, **cannot: Any
) -> None:
    roll = read(write(people), how)
    assert (roll.set_aside, roll.ignored) == ([], ())
    assert roll.format.startswith(f"{name}, ")
    assert roll.rows == held(people, **NOT_HELD_BY_EXPORTS | cannot)
    assert "Marked" not in repr(roll)


@given(PEOPLE, WRITTEN)
@settings(max_examples=40)
def test_sims_is_read_back(people: list[Person], how: str) -> None:
    check(sims, "SIMS", people, how, restriction=by_court_order, restriction_reason=reason_of_order)


@given(PEOPLE, WRITTEN)
@settings(max_examples=40)
def test_arbor_is_read_back_with_every_restriction_unknown(people: list[Person], how: str) -> None:
    known = {"pl", "ur"}
    check(
        *(arbor, "Arbor", people, how),
        restriction="unknown",
        restriction_reason=NOT_SAID,
        language=lambda one: one.language if one.language in known else "und",
    )


@given(PEOPLE, WRITTEN)
@settings(max_examples=40)
def test_bromcom_is_read_back(people: list[Person], how: str) -> None:
    check(
        bromcom,
        "Bromcom",
        people,
        how,
        class_name="",
        restriction=by_court_order,
        restriction_reason=reason_of_order,
    )


@given(PEOPLE, WRITTEN)
@settings(max_examples=40)
def test_scholarpack_is_read_back_with_every_restriction_unknown(people: list[Person], how: str) -> None:
    check(scholarpack, "ScholarPack", people, how, restriction="unknown", restriction_reason=NOT_SAID)


@given(PEOPLE, WRITTEN)
@settings(max_examples=40)
def test_an_export_with_repeated_headings_is_read_back_by_its_mapping(people: list[Person], how: str) -> None:
    roll = read(own(people), how, OWN)
    assert roll.set_aside == []
    assert roll.rows == held(
        people,
        **NOT_HELD_BY_EXPORTS,
        year_group="",
        class_name="",
        adult_name=lambda one: f"{one.forename} {one.surname}",
        relationship="other",
        parental_responsibility="unknown",
        priority=None,
        restriction=by_court_order,
        restriction_reason=reason_of_order,
        mobile=None,
        address=None,
    )
    assert "Marked" not in repr(roll)
