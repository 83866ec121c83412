"""A damaged sheet, as text or as a workbook, is read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.rolls.model.roll_rows import RESTRICTIONS, Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.office_tables import excel_xml, excel_xml_row, ods, ods_row, ods_sheet
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, mutated_zip, outcome
from tests.repo.files import ROOT

URN = 999001
SAMPLES = [path for path in sorted((ROOT / "tests/data/rolls").iterdir()) if path.suffix == ".csv"]
SEEDS = corpus("sheets", *SAMPLES)
TEXTS = [seed for seed in SEEDS if not seed.startswith((b"PK", b"<"))]
PAGES = [seed for seed in SEEDS if seed.startswith(b"<")]
BOOKS = [seed for seed in SEEDS if seed.startswith(b"PK")]
WORDS = (
    *(b"SCHOOL_URN", b"PUPIL_ID", b"ADULT_NAME", b"RESTRICTION", b"UPN", b"Contact Surname", b"Court Order"),
    *(b"Leaving Date", b"On Roll", b"Deceased", b"Leaver", b"Total 7"),
    *(
        b"999001",
        b"sep=;\n",
        b'"',
        b'""',
        b'"\n',
        b"\r",
        b'="0',
        b"+44",
        b"#REF!",
        b"," * 700,
        b"\n" * 12,
        b"1E+12",
    ),
)
XML = (
    *(b"<row ", b"</row>", b"<c ", b"</c>", b"<v>", b"</v>", b"<f>", b'r="A1"', b'r="ZZZ9"', b'r="99999999"'),
    *(b't="s"', b't="d"', b't="b"', b't="e"', b's="1"', b"<mergeCell/>", b"<dimension ref='A1:XFD9'/>", b"1e999"),
)
_HEADINGS = ("UPN", "Class", "Contact", "Email", "Court Order")
_ADA = ("A1", "4B", "Ada Person", "ada@example.com", "No")
_TWICE = 'table:number-rows-repeated="2"'
_COMMENT = (
    '<table:table-cell table:style-name="s"><office:annotation><text:p>no contact</text:p></office:annotation>'
    "<text:p>Bo Person</text:p></table:table-cell>"
)
NESTED = (
    b'{"data":[{"upn":"A1","surname":"Person","contacts":{"data":[{"title":"Mrs","forename":"Ada","surname":"Person",'
    b'"relationship":{"relationship":"Mother","court_order":false},"emails":[{"email":"ada@example.com","type":"home"}]}]}}]}',
    b'[{"pupilId":"7","contact1":{"name":"Ada Person","mobile":"07700 900101"},"contact2":null}]',
    b'{"contacts":[{"name":"Ada Person","pupils":[{"upn":"A1","courtOrder":true},{"upn":"A2"}]}]}',
)
JSON = (
    b"{",
    b"}",
    b"[",
    b"]",
    b'"contacts":',
    b'"pupils":[',
    b"null",
    b"true",
    b"1e999",
    b'"date":',
    b'"\\u0000"',
    b"[" * 99,
)
LAYOUTS = (
    b"Pupil,,Contact 1,,Contact 2,\nUPN,Name,Name,Email,Name,Email\nA1,Kit,Ada Person,a@example.com,Bo Person,\n",
    b'ID,Pupil,Parents\n7,Kit,"Mrs Ada Person (Mother) 07700 900101; Mr Bo Person (Father)"\n',
    b"Adm No,Child,Carer 1,Carer 1 Address,XQ\nClass: 4B,,,,\n7,Kit,Ada Person,As child,R\n,,Bo Person,,\n",
)
ODS = ods(
    ods_sheet("4B", ods_row("Contacts of 4B"), ods_row(*_HEADINGS), ods_row(*_ADA), ods_row(*_ADA, more=_TWICE)),
    ods_sheet(
        "5C", ods_row("UPN", "Contact", "Notes"), ods_row("A2", _COMMENT, "DNC"), more='table:style-name="ta1"'
    ),
    styles='<style:style style:name="s" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>',
)
ODF = (
    *(b"<table:table-row>", b"</table:table-row>", b"<table:table-cell>", b"</table:table-cell>", b"<text:p>"),
    *(
        b'table:number-rows-repeated="1000000"',
        b'table:number-columns-repeated="16384"',
        b"<table:covered-table-cell/>",
    ),
    *(b'office:value-type="float"', b'office:value="1e999"', b'office:value-type="date"', b"<office:annotation>"),
    *(b'table:formula="of:=1"', b'table:style-name="s"', b"<table:table>", b"</table:table>", b"<text:s/>"),
)
TAGS = (
    *(
        b"<table>",
        b"</table>",
        b"<tr>",
        b"</tr>",
        b"<td>",
        b"</td>",
        b"<td rowspan=0>",
        b"<td colspan=999999>",
        b"<s>",
    ),
    *(
        b"</s>",
        b"<style>",
        b"</style>",
        b"<script>",
        b"<!--",
        b"-->",
        b"<![x[",
        b"<tbody>",
        b"<br>",
        b"<caption>",
    ),
    *(
        b"<td title='no contact'>",
        b"<input value=x>",
        b"&#0;",
        b"&nbsp;",
        b"hidden",
        b"x:fmla",
        b"UPN",
        b"Contact",
    ),
)
XML_2003 = excel_xml(
    excel_xml_row(*_HEADINGS, more='ss:Index="2"'),
    excel_xml_row(*_ADA, more='ss:StyleID="s"'),
    '<Row><Cell ss:Index="3"><Data ss:Type="String">Bo</Data><Comment><Data>no contact</Data></Comment></Cell></Row>',
    styles='<Style ss:ID="s"><Font ss:StrikeThrough="1"/></Style>',
)
ELEMENTS = (
    *(
        b"<Row>",
        b"</Row>",
        b"<Cell>",
        b"</Cell>",
        b"<Data>",
        b"</Data>",
        b"</Worksheet>",
        b"<Comment>",
        b"</Table>",
    ),
    *(
        b'ss:Index="3"',
        b'ss:Index="99999999"',
        b'ss:MergeAcross="16000"',
        b'ss:Type="Number"',
        b'ss:Type="DateTime"',
    ),
)
ARCHIVE = (
    b"From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html; "
    b"charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + PAGES[-1] + b"\n--x--\n"
)
FIELDS = (
    b"--x\n",
    b"--x--",
    b"boundary=x",
    b"charset=idna",
    b"multipart/mixed",
    b"message/rfc822",
    b"=3D",
    b"base64",
)
FILES = st.one_of(
    mutated([ARCHIVE], (*FIELDS, *TAGS)),
    mutated([XML_2003], ELEMENTS),
    mutated(PAGES, TAGS),
    mutated_zip([ODS], ODF),
    mutated(NESTED, JSON),
    mutated(LAYOUTS, WORDS),
    mutated(TEXTS, WORDS),
    mutated(TEXTS, WORDS),
    mutated_zip(BOOKS, XML),
)


def check(data: bytes) -> None:
    found = outcome(lambda: read_roll(data, file="roll", urn=URN))
    if isinstance(found, Roll):
        assert found.read > 0
        assert all(row.pupil_id and row.restriction in RESTRICTIONS for row in found.rows)
        assert all(not row.adult_name.startswith(("=", "@")) for row in found.rows)


@pytest.mark.parametrize("data", SEEDS)
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.parametrize("letter", ["A", "1", " ", "a@"])
@pytest.mark.parametrize("at", range(4))
def test_a_giant_cell_is_refused_in_time(letter: str, at: int) -> None:
    row = ["A2", "Bo Person", "b@example.com", "no contact"]
    row[at] = f"A{letter * 100_000}A"
    check(f"UPN,Contact,Email,Notes\nA1,Ada Person,a@example.com,\n{','.join(row)}\n".encode())


@given(FILES)
@SHORT
def test_a_damaged_file_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_files_are_read_or_refused(data: bytes) -> None:
    check(data)
