"""A Common Transfer File becomes lines of adults and children, or is refused in one sentence."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

import pytest

from everyfamily.core.rolls.formats.ctf import read_ctf
from everyfamily.core.rolls.formats.ctf_pupils import COLUMNS
from everyfamily.core.rolls.model.limits import CELL_CHARACTERS
from everyfamily.core.rolls.model.roll_rows import RollNotReadable, RollOfOtherSchool
from everyfamily.core.rolls.model.sheet import ALL_COLUMNS, Line, Sheet
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each
from tests.repo.files import ROOT

DATA = ROOT / "tests/data/ctf"
URN = 999001
SOURCE = "<SourceSchool><LEA>341</LEA><Estab>4999</Estab><URN>999001</URN></SourceSchool>"


def ctf(*pupils: str, header: str = SOURCE, before: str = "") -> bytes:
    head = f"<Header><CTFversion>25.0</CTFversion>{header}</Header>"
    return f"{before}<CTfile>{head}<CTFpupilData>{''.join(pupils)}</CTFpupilData></CTfile>".encode()


def pupil(inside: str = "", contact: str | None = None, upn: str = "T341499926001") -> str:
    contacts = f"<Contacts><Contact>{contact}</Contact></Contacts>" if contact is not None else ""
    return f"<Pupil><UPN>{upn}</UPN>{inside}{contacts}</Pupil>"


def read(data: bytes, *, urn: int = URN, former: tuple[int, ...] = (), dfe: str = "") -> Sheet:
    return read_ctf(data, file="roll.xml", urn=urn, former_urns=former, dfe_number=dfe)


def lines(data: bytes) -> list[Line]:
    return list(read(data).lines)


def said(line: Line) -> dict[str, str]:
    return {name: value for name, value in line.cells.items() if value}


def adult(contact: str, inside: str = "") -> dict[str, str]:
    (line,) = lines(ctf(pupil(inside, contact)))
    return said(line)


@pytest.fixture(scope="module")
def sample() -> Iterator[Sheet]:
    yield read((DATA / "3414999_CTF_341LLLL_001.xml").read_bytes())


def test_the_sample_gives_a_line_for_each_contact_and_for_the_child_without_one(sample: Sheet) -> None:
    assert sample.format == "CTF 25.0"
    assert [(line.row, line.cells["PUPIL_ID"][-1], line.cells["PRIORITY"]) for line in sample.lines] == [
        *((39, "1", "1"), (49, "1", "2"), (58, "1", "3")),
        *((69, "2", "1"), (72, "3", "")),
    ]
    assert sample.set_aside == ()
    assert sample.whole


def test_a_contact_at_the_pupils_address_gets_it(sample: Sheet) -> None:
    assert said(next(iter(sample.lines))) == {
        "PUPIL_ID": "T341499926001",
        "YEAR_GROUP": "8",
        "IN_CARE": "false",
        "ADULT_TITLE": "Ms",
        "ADULT_FORENAME": "Agnieszka",
        "ADULT_SURNAME": "Nowak",
        "RELATIONSHIP": "PAM",
        "PARENTAL_RESPONSIBILITY": "true",
        "PRIORITY": "1",
        "EMAIL": "agnieszka.nowak@example.com",
        "MOBILE": "07700 900101",
        "ADDRESS_1": "Flat 2",
        "ADDRESS_2": "14 Example Road",
        "ADDRESS_3": "Liverpool",
        "POSTCODE": "L1 8JQ",
    }


def test_a_contact_with_an_address_of_their_own_keeps_it(sample: Sheet) -> None:
    cells = list(sample.lines)[1].cells
    assert (cells["ADDRESS_1"], cells["ADDRESS_2"], cells["ADDRESS_3"], cells["POSTCODE"]) == (
        *("3 Sample Street", "Birkenhead", "Merseyside"),
        "CH41 5AA",
    )
    assert cells["MOBILE"] == "+44 7700 900102", "a number without a type that is a mobile number"


def test_a_neighbour_has_no_responsibility_and_no_address(sample: Sheet) -> None:
    cells = list(sample.lines)[2].cells
    assert (cells["RELATIONSHIP"], cells["PARENTAL_RESPONSIBILITY"], cells["POSTCODE"]) == ("OTH", "false", "")


def test_a_looked_after_child_is_said_to_be(sample: Sheet) -> None:
    assert [line.cells["IN_CARE"] for line in sample.lines] == ["false"] * 3 + ["true", ""]


def test_nothing_says_that_an_adult_may_be_written_to(sample: Sheet) -> None:
    never = {"RESTRICTION", "COURT_ORDER", "HAS_CARE", "LANGUAGE", "OBJECTS"}
    assert sample.columns == set(COLUMNS)
    assert sample.columns <= ALL_COLUMNS
    assert never.isdisjoint(sample.columns)
    assert all(set(line.cells) == set(COLUMNS) for line in sample.lines)


def test_a_childs_name_birthday_and_language_are_not_kept(sample: Sheet) -> None:
    kept = repr(sample)
    assert not any(word in kept for word in ("Siân", "Noone", "Lee", "2013", "POL"))


def test_contacts_before_the_pupils_address_get_it_too() -> None:
    contact = "<Surname>Ferris</Surname><Address><AddressAsPupil>true</AddressAsPupil></Address>"
    line = "<AddressLines><AddressLine1>1 A St</AddressLine1></AddressLines>"
    address = f"<Address>{line}<PostCode>L1 8JQ</PostCode></Address>"
    data = ctf(f"<Pupil><Contacts><Contact>{contact}</Contact></Contacts>{address}<UPN>A1</UPN></Pupil>")
    (read_line,) = lines(data)
    assert said(read_line) == {
        "PUPIL_ID": "A1",
        "ADULT_SURNAME": "Ferris",
        "ADDRESS_1": "1 A St",
        "POSTCODE": "L1 8JQ",
    }


def test_a_person_with_two_addresses_gets_none_of_them() -> None:
    own = "<Address><AddressAsPupil>true</AddressAsPupil><PostCode>CH41 5AA</PostCode></Address>"
    sheet = read(ctf(pupil("<Address><PostCode>L1 8JQ</PostCode></Address>", f"<Surname>F</Surname>{own}")))
    assert [line.cells["POSTCODE"] for line in sheet.lines] == [""]
    assert [(one.code, one.whole_row) for one in sheet.set_aside] == [("ADDRESS_NOT_CLEAR", False)]


BS7666 = {
    "number": ("<PAON>14</PAON><Street>Quay</Street><Town>Eastmere</Town>", ["14 Quay", "Eastmere"]),
    "house name": ("<PAON>The Mill</PAON><Street>Quay</Street>", ["The Mill", "Quay"]),
    "one town twice": ("<Street>Quay</Street><Town>E</Town><PostTown>E</PostTown>", ["Quay", "E"]),
    "six parts": (
        "<SAON>Flat 1</SAON><PAON>Mill</PAON><Street>Q</Street><Locality>L</Locality>"
        "<Town>T</Town><PostTown>P</PostTown>",
        ["Flat 1, Mill", "Q", "L", "T", "P"],
    ),
}


@pytest.mark.parametrize(("parts", "wanted"), BS7666.values(), ids=BS7666)
def test_a_bs7666_address_becomes_lines(parts: str, wanted: list[str]) -> None:
    cells = adult(f"<Address><BS7666Address>{parts}</BS7666Address><PostCode>EM4 7QX</PostCode></Address>")
    assert [cells[name] for name in COLUMNS if name.startswith("ADDRESS_") and name in cells] == wanted
    assert cells["POSTCODE"] == "EM4 7QX"


def phone(number: str, kind: str = "") -> str:
    mark = f"<TelephoneType>{kind}</TelephoneType>" if kind else ""
    return f"<Phone>{mark}<PhoneNo>{number}</PhoneNo></Phone>"


PHONES = {
    "a mark goes before none": ([("07700 900001", ""), ("07700 900002", "M")], ["07700 900002", "07700 900001"]),
    "a home or work phone is not taken": ([("07700 900001", "H"), ("07700 900002", "W")], []),
    "a number without a mark that is no mobile is not taken": ([("0151 496 0101", "")], []),
    "a marked number is left to the check": ([("0151 496 0101", "M")], ["0151 496 0101"]),
}


@pytest.mark.parametrize(("phones", "wanted"), PHONES.values(), ids=PHONES)
def test_texts_go_to_mobiles_only(phones: list[tuple[str, str]], wanted: list[str]) -> None:
    cells = adult("<Phones>" + "".join(phone(number, kind) for number, kind in phones) + "</Phones>")
    assert [cells[name] for name in ("MOBILE", "MOBILE_2") if name in cells] == wanted


def test_a_pupil_without_an_upn_is_left_to_be_set_aside() -> None:
    assert [line.cells["PUPIL_ID"] for line in lines(ctf("<Pupil><Surname>X</Surname></Pupil>"))] == [""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_declared_encoding_is_read(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    data = ctf(pupil(contact="<Surname>O'Sullivén</Surname>"), before=declared).decode().encode(encoding)
    assert [line.cells["ADULT_SURNAME"] for line in lines(data)] == ["O'Sullivén"]


@pytest.mark.parametrize("version", ["9.0", "24.0", "26.0", "31"])
def test_other_years_versions_are_read_and_named(version: str) -> None:
    assert read(ctf(pupil()).replace(b"25.0", version.encode())).format == f"CTF {version}"


def test_a_version_that_is_none_is_not_repeated() -> None:
    assert read(ctf(pupil()).replace(b"25.0", b"Ana Ferris")).format == "CTF"


def test_a_namespace_does_no_harm() -> None:
    assert lines(ctf(pupil()).replace(b"<CTfile>", b'<CTfile xmlns="urn:ctf">'))


TO_SCHOOL = SOURCE + "<DestSchool><LEA>341</LEA><Estab>4001</Estab></DestSchool>"
TO_COUNCIL = SOURCE + "<DestSchool><LEA>341</LEA><Estab>LLLL</Estab></DestSchool>"
TO_ITSELF = SOURCE + "<DestSchool><LEA>341</LEA><Estab>4999</Estab></DestSchool>"


@pytest.mark.parametrize(
    ("header", "whole"), [(TO_SCHOOL, False), (TO_COUNCIL, True), (TO_ITSELF, True), (SOURCE, True)]
)
@pytest.mark.parametrize("qualifier", ["full", "partial"])
def test_a_file_for_another_school_is_not_the_whole_roll(header: str, whole: bool, qualifier: str) -> None:
    marked = f"<DocumentQualifier>{qualifier}</DocumentQualifier>{header}"
    assert read(ctf(pupil(), header=marked)).whole is whole


def source(inside: str) -> bytes:
    return ctf(pupil(), header=f"<SourceSchool>{inside}</SourceSchool>")


BY_NUMBER = source("<LEA>341</LEA><Estab>4999</Estab>")
OF_COUNCIL = source("<LEA>341</LEA><Estab>LLLL</Estab>")


def test_another_schools_file_is_refused() -> None:
    for data, urn, dfe in (
        (ctf(pupil()), 900001, ""),
        (BY_NUMBER, 900001, "341/4001"),
        (OF_COUNCIL, 900001, "341/4001"),
        (source("<URN>999 001</URN>"), URN, ""),
    ):
        with pytest.raises(RollOfOtherSchool, match="another school"):
            read(data, urn=urn, dfe=dfe)
    with pytest.raises(RollOfOtherSchool, match="DfE number 3414999"):
        read(BY_NUMBER, urn=900001, dfe="341/4001")


def test_its_own_file_is_known_by_urn_by_former_urn_and_by_dfe_number() -> None:
    assert read(ctf(pupil())).lines
    assert read(ctf(pupil()), urn=900001, former=(URN,), dfe="341/4001").lines
    assert read(BY_NUMBER, urn=900001, dfe="341/4999").lines
    assert read(OF_COUNCIL, urn=999999).lines, "the council's own list has no DfE number"
    assert read(ctf(pupil(), header="")).lines, "a file that does not say is of the school it is imported for"


def test_a_dfe_number_that_cannot_be_compared_is_not_trusted() -> None:
    with pytest.raises(RollNotReadable, match="none here to compare"):
        read(BY_NUMBER, urn=900001)


@pytest.mark.parametrize("file", ["hostile_billion_laughs.xml", "hostile_xxe.xml"])
def test_a_doctype_ends_the_reading_at_once(file: str) -> None:
    tracemalloc.start()
    with pytest.raises(RollNotReadable, match="has a DOCTYPE"):
        read((DATA / file).read_bytes())
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


REFUSED = {
    "cut off": (ctf(pupil())[:-30], "damaged or cut off"),
    "an entity nobody declared": (ctf(pupil("&x;")), "damaged or cut off"),
    "NUL": (ctf(pupil("\0")), "damaged or cut off"),
    "not UTF-8": (ctf(pupil("é")).decode().encode("latin-1"), "damaged or cut off"),
    "an encoding nobody knows": (ctf(pupil(), before='<?xml version="1.0" encoding="x-none"?>'), "encoding"),
    "an encoding of many bytes": (ctf(pupil(), before='<?xml version="1.0" encoding="shift_jis"?>'), "encoding"),
    "another root": (b"<html><body/></html>", "does not begin with CTfile"),
    "no pupil": (ctf(), "has no pupils"),
    "a deep file": (ctf("<a>" * 100_000), "more than 40 deep"),
    "a long value": (ctf(pupil(upn="x" * (CELL_CHARACTERS + 1))), "more than 10,000 characters"),
    "a huge attribute": (ctf(f'<Pupil a="{"x" * 3_000_000}"/>'), "more than 1 MB"),
    "a huge comment": (ctf(f"<!--{'x' * 3_000_000}-->"), "more than 1 MB"),
    "nothing": (b"", "damaged or cut off"),
}


@each("data, fact", REFUSED.values())
def test_what_is_no_ctf_is_refused_in_one_sentence(data: bytes, fact: str) -> None:
    begun = time.process_time()
    with pytest.raises(RollNotReadable, match=fact) as refused:
        read(data)
    assert time.process_time() - begun < 3
    assert refused.value.place is not None
    assert refused.value.place.file == "roll.xml"


@pytest.mark.slow
def test_a_file_is_read_piece_by_piece() -> None:
    contact = "<Surname>Ferris</Surname><Order>1</Order>" + "<Ignored>word</Ignored>" * 400
    data = ctf(*(pupil(contact=contact, upn=f"A{number}") for number in range(300)))
    tracemalloc.start()
    assert len(lines(data)) == 300
    assert tracemalloc.get_traced_memory()[1] < len(data) / 2, "what is not kept takes no memory"
    tracemalloc.stop()


def test_what_one_person_has_too_much_of_is_not_kept() -> None:
    many = "<Email>a@example.com</Email>" * 25 + "<Phones>" + phone("07700 900001") * 25 + "</Phones>"
    cells = adult(many)
    assert (cells["EMAIL"], cells["EMAIL_2"], cells["MOBILE"]) == (
        "a@example.com",
        "a@example.com",
        "07700 900001",
    )


def test_more_contacts_than_any_school_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("everyfamily.core.rolls.formats.ctf.ROWS", 2)
    assert lines(ctf(pupil(contact=""), pupil(contact="")))
    with pytest.raises(RollNotReadable, match="more than 2 contacts"):
        read(ctf(pupil(contact=""), pupil(contact=""), pupil(contact="")))
    with pytest.raises(RollNotReadable, match="more than 2 contacts"):
        read(ctf(f"<Pupil><Contacts>{'<Contact/>' * 3}</Contacts></Pupil>"))


def test_the_sample_becomes_a_roll_in_which_everybody_waits() -> None:
    roll = read_roll((DATA / "3414999_CTF_341LLLL_001.xml").read_bytes(), file="roll.xml", urn=URN)
    assert (roll.read, roll.set_aside, roll.restriction_column) == (5, [], False)
    assert [(row.relationship, row.parental_responsibility, row.restriction) for row in roll.rows] == [
        *(("mother", "yes", "unknown"), ("father", "yes", "unknown"), ("other", "no", "unknown")),
        *(("social worker", "yes", "unknown"), ("other", "unknown", "unknown")),
    ]
    assert [row.in_care for row in roll.rows] == [False, False, False, True, False]


@each(
    "element, restriction, named",
    [
        ("<CourtOrder>true</CourtOrder>", ("hold", ""), ()),
        ("<Flags><CourtOrder>Y</CourtOrder></Flags>", ("hold", ""), ()),
        ("<NoContact>Non-molestation order</NoContact>", ("hold", ""), ()),
        ("<ReceiveMail>false</ReceiveMail>", ("hold", ""), ()),
        ("<EntitledToInformation>false</EntitledToInformation>", ("hold", ""), ()),
        # Only a person says that there is no order: the file has no such column for everybody.
        ("<CourtOrder>false</CourtOrder>", ("unknown", "not said"), ()),
        ("<ReceiveMail>true</ReceiveMail>", ("unknown", "not said"), ()),
        ("<Zorble>must not be contacted</Zorble>", ("unknown", "not readable"), ('"Zorble"',)),
        ("<Zorble>blue</Zorble><Gender>F</Gender>", ("unknown", "not said"), ('"Zorble"',)),
        ("<Phones><Phone><CourtOrder>true</CourtOrder></Phone></Phones>", ("hold", ""), ()),
    ],
)  # fmt: skip
def test_a_suppliers_own_element_closes_as_a_heading_does_and_is_named(
    element: str, restriction: tuple[str, str], named: tuple[str, ...]
) -> None:
    contact = f"<Surname>Ferris</Surname><Relationship>PAF</Relationship>{element}"
    roll = read_roll(ctf(pupil(contact=contact)), file="roll.xml", urn=URN)
    assert [(row.restriction, row.restriction_reason) for row in roll.rows] == [restriction]
    assert roll.ignored == named
