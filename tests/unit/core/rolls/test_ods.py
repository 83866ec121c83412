"""OpenDocument spreadsheets are read as workbooks are, and never more freely than they say."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each
from tests.factories.office_tables import ods, ods_of, ods_row, ods_sheet

HEADER = ["UPN", "Class", "Contact", "Relationship", "Email", "Court Order"]
ADA = ["X900000092001", "4B", "Ada Person", "Mother", "ada@example.com", "No"]
BO = ["X900000092001", "4B", "Bo Person", "Father", "bo@example.com", "No"]
CY = ["X900000092002", "4B", "Cy Person", "Father", "cy@example.com", "No"]
WAITS, OPEN, SILENT = ("unknown", NOT_READABLE), ("none", ""), ("unknown", NOT_SAID)
STRUCK = (
    '<style:style style:name="Gone" style:family="{family}"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="Child" style:family="{family}" style:parent-style-name="Gone"/>'
    '<style:style style:name="Not" style:family="{family}" style:parent-style-name="Gone"><style:text-properties '
    'style:text-line-through-style="none"/></style:style>'
)


def read(data: bytes) -> Roll:
    return read_roll(data, file="roll.ods", urn=900001)


def refused(data: bytes) -> EveryfamilyError:
    with pytest.raises(EveryfamilyError) as caught:
        read(data)
    return caught.value


def cell(inside: str = "", more: str = "", tag: str = "table-cell") -> str:
    return f"<table:{tag} {more}>{inside}</table:{tag}>"


def paragraph(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def sheet(*rows: str, name: str = "Contacts", more: str = "", before: str = "") -> str:
    return ods_sheet(name, ods_row(*HEADER), *rows, more=more, before=before)


def said(roll: Roll) -> list[tuple[str, str]]:
    return [(row.restriction, row.restriction_reason) for row in roll.rows]


def test_a_spreadsheet_is_read_like_a_workbook() -> None:
    roll = read(ods_of([["Contacts of 4B"], HEADER, ADA, BO, [], CY]))
    assert (roll.format, said(roll)) == ("generic export, .ods", [OPEN, OPEN, OPEN])
    assert [(row.row, row.adult_name, row.email) for row in roll.rows] == [
        (3, "Ada Person", "ada@example.com"),
        (4, "Bo Person", "bo@example.com"),
        (6, "Cy Person", "cy@example.com"),
    ]


def test_a_spreadsheet_in_one_file_is_read_too() -> None:
    with zipfile.ZipFile(io.BytesIO(ods_of([HEADER, ADA]))) as archive:
        content = archive.read("content.xml").replace(b"document-content", b"document")
    assert [row.adult_name for row in read(content).rows] == ["Ada Person"]


def test_values_are_read_as_a_workbooks_are() -> None:
    header = ods_row("SCHOOL_URN", "PUPIL_ID", "CLASS", "ADULT_NAME", "RESTRICTION", "EMAIL", "MOBILE")
    number = (
        '<table:table-cell office:value-type="float" office:value="{}"><text:p>1E+6</text:p></table:table-cell>'
    )
    day = cell(paragraph("7/8/26"), 'office:value-type="date" office:date-value="2026-08-07"')
    formula = cell(paragraph("none"), 'office:value-type="string" table:formula="of:=[.A1]"')
    lines = cell(paragraph("ada@example.com") + paragraph("ada@<text:span>example</text:span>.org"))
    roll = read(
        ods(
            ods_sheet(
                "Roll",
                header,
                ods_row(number.format("900001"), number.format("1234.0"), day, "Ada", "none", lines),
                ods_row("900001", "8", "", "Bea<", formula, "", number.format("7700900123")),
                ods_row("900001", "9", "", "Cy", "none", formula, number.format("NaN")),
            )
        )
    )
    assert [(row.pupil_id, row.adult_name, row.restriction) for row in roll.rows] == [
        ("1234", "Ada", "none"),
        ("8", "Bea<", "unknown"),
        ("9", "Cy", "none"),
    ]
    assert (roll.rows[0].email, roll.rows[1].mobile) == ("ada@example.com", "+447700900123")
    assert [(one.row, one.code) for one in roll.set_aside] == [
        (2, "DATE_IN_CELL"),
        (3, "RESTRICTION_NOT_KNOWN"),
        (4, "FORMULA_IN_CELL"),
        (4, "FORMULA_IN_CELL"),
    ]


def test_only_the_first_cell_of_a_merge_has_a_value() -> None:
    hidden = cell(paragraph("X900000092009"), tag="covered-table-cell")
    merged = [cell(paragraph(text), 'table:number-rows-spanned="2"') for text in ("Kit Person", ADA[0])]
    rows = [
        ods_row("Pupil", "UPN", "Contact", "Relationship"),
        ods_row(*merged, "Ada Person", "Mother"),
        ods_row(hidden, hidden, "Bo Person", "Father"),
        ods_row("Lu Other", CY[0], "Cy Person", "Father"),
    ]
    roll = read(ods(ods_sheet("A", *rows)))
    assert [(row.pupil_id, row.adult_name) for row in roll.rows] == [
        ("X900000092001", "Ada Person"),
        ("X900000092001", "Bo Person"),
        ("X900000092002", "Cy Person"),
    ]


def test_repeated_cells_and_rows_are_as_many_as_they_say_and_blank_ones_cost_nothing() -> None:
    many = 'table:number-{}-repeated="{}"'.format
    twice = cell(paragraph("4B"), many("columns", 2))
    rows = (
        ods_row(more=many("rows", 1_000_000)),
        ods_row("Sheet", cell("", many("columns", 16_000))),
        ods_row("UPN", "Class", "Form", "Contact", "Court Order", cell("", many("columns", 16_000))),
        ods_row("X900000092001", twice, "Ada Person", "No"),
        ods_row(cell("", many("columns", 16_384)), more=many("rows", 1_000_000)),
    )
    assert "empty" in refused(ods(ods_sheet("A", *rows))).fact
    roll = read(ods(ods_sheet("A", *rows[1:])))
    assert [(row.row, row.class_name, row.adult_name) for row in roll.rows] == [(3, "4B", "Ada Person")]


@each(
    "data, fact",
    [
        (ods_of([]), "empty"),
        (ods(body="text"), "no spreadsheet"),
        (ods(ods_sheet("A"), manifest="<manifest:encryption-data/>"), "password"),
        (ods(sheet(ods_row(*ADA, more='table:number-rows-repeated="900000"'))), "more than 100,000 rows"),
        (ods(sheet(ods_row(*ADA, more='table:number-rows-repeated="many"'))), "no number"),
        (ods(sheet(ods_row(*ADA, more=f'table:number-rows-repeated="{"9" * 5000}"'))), "no number"),
        (ods(sheet(ods_row("x" * (limits.CELL_CHARACTERS + 1), *ADA[1:]))), "longer than 10,000"),
        (ods(sheet(cell("<text:p>" * 200 + "</text:p>" * 200))), "deep inside each other"),
        (ods("<table:table>" + "<a>" * 5 + "</table:table>"), "damaged"),
        (ods(*[ods_sheet("A")] * 300), "more than 250 sheets"),
        (ods(sheet(f"<!--{''.join(map(str, range(300_000)))}-->")), "more than 1 MB"),
        (
            ods(ods_sheet("A", ods_row(cell(paragraph("UPN"), 'table:number-columns-repeated="99999"')))),
            "columns",
        ),
    ],
)
def test_a_file_that_is_no_roll_or_means_harm_is_refused_in_one_sentence(data: bytes, fact: str) -> None:
    assert fact in refused(data).fact


def test_a_doctype_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    whole = ods_of([HEADER, ADA])
    assert "DOCTYPE" in refused(_with_content(whole, bomb)).fact


def _with_content(data: bytes, before: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            held = old.read(name).decode()
            new.writestr(name, held.replace("?>", f"?>{before}", 1) if name == "content.xml" else held)
    return out.getvalue()


def test_many_cells_are_refused_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 10_000)
    wide = cell(paragraph("x"), 'table:number-columns-repeated="400"')
    data = ods(ods_sheet("A", ods_row(*HEADER), *[ods_row(wide)] * 3_000))
    tracemalloc.start()
    assert "more than 10,000 cells" in refused(data).fact
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


# Never freer than the file.


def annotated(text: str, note: str) -> str:
    inside = f"<office:annotation>{paragraph(note)}</office:annotation>{paragraph(text)}"
    return cell(inside, 'office:value-type="string"')


def test_a_comment_closes_and_is_never_a_value() -> None:
    row = [*BO[:2], annotated("Bo Person", "Do not contact"), *BO[3:]]
    roll = read(ods(sheet(ods_row(*ADA), ods_row(*row), ods_row(*CY))))
    assert (said(roll), roll.rows[1].adult_name) == ([OPEN, WAITS, OPEN], "Bo Person")
    ordinary = [*BO[:2], annotated("Bo Person", "Works nights"), *BO[3:]]
    assert said(read(ods(sheet(ods_row(*ADA), ods_row(*ordinary))))) == [OPEN, OPEN]


@pytest.mark.parametrize(
    "hidden",
    [
        f"<draw:frame><draw:text-box>{paragraph('Do not contact')}</draw:text-box></draw:frame>"
        f"{paragraph('Bo Person')}",
        f"{paragraph('Bo Person')}<table:table><table:table-row>{cell(paragraph('Do not contact'))}</table:table-row>"
        "</table:table>",
    ],
)
def test_a_text_box_within_a_cell_is_looked_at(hidden: str) -> None:
    roll = read(ods(sheet(ods_row(*ADA), ods_row(*BO[:2], cell(hidden), *BO[3:]), ods_row(*CY))))
    assert (said(roll), roll.rows[1].adult_name) == ([OPEN, WAITS, OPEN], "Bo Person")


def test_what_a_merge_hides_and_a_formula_shows_is_looked_at() -> None:
    covered = cell(paragraph("Not to be contacted"), tag="covered-table-cell")
    formula = cell(paragraph("Not to be contacted"), 'table:formula="of:=1" office:value-type="string"')
    for one in (covered, formula):
        roll = read(ods(sheet(ods_row(*ADA), ods_row(*BO[:4], one, BO[5]), ods_row(*CY))))
        assert said(roll) == [OPEN, WAITS, OPEN]


def test_a_text_box_on_a_sheet_leaves_nobody_free() -> None:
    box = f"<draw:frame><draw:text-box>{paragraph('Do not contact Mr Person')}</draw:text-box></draw:frame>"
    roll = read(ods(sheet(ods_row(*ADA), before=f"<table:shapes>{box}</table:shapes>")))
    assert (said(roll), [one.code for one in roll.set_aside]) == ([SILENT], ["WORDS_ELSEWHERE"])


@each("where", ["cell", "row", "column", "paragraph", "span", "common"])
@each("style, expected", [("Gone", WAITS), ("Child", WAITS), ("Not", OPEN)])
def test_who_is_crossed_out_waits(where: str, style: str, expected: tuple[str, str]) -> None:
    family = {"paragraph": "paragraph", "span": "text"}.get(where, "table-cell")
    contact = {
        "cell": cell(paragraph("Bo Person"), f'table:style-name="{style}"'),
        "common": cell(paragraph("Bo Person"), f'table:style-name="{style}"'),
        "paragraph": cell(f'<text:p text:style-name="{style}">Bo Person</text:p>'),
        "span": cell(f'<text:p>Bo <text:span text:style-name="{style}">Person</text:span></text:p>'),
    }.get(where, "Bo Person")
    default = f'table:default-cell-style-name="{style}"'
    row = ods_row(*BO[:2], contact, *BO[3:], more=default if where == "row" else "")
    columns = f'<table:table-column table:number-columns-repeated="2"/><table:table-column {default}/>'
    struck = STRUCK.format(family=family)
    own, common = ("", struck) if where == "common" else (struck, "")
    data = ods(sheet(row, before=columns if where == "column" else ""), styles=own, common=common)
    assert said(read(data)) == [expected]


def test_a_hidden_sheet_is_not_read_and_its_words_are() -> None:
    hiding = (
        '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    for words, expected in (("Restraining order", [OPEN, WAITS]), ("Likes tea", [OPEN, OPEN])):
        hidden = ods_sheet("Old", ods_row("UPN", "Notes"), ods_row(CY[0], words), more='table:style-name="ta1"')
        roll = read(ods(hidden, sheet(ods_row(*ADA), ods_row(*CY)), styles=hiding))
        assert (said(roll), roll.ignored) == (expected, ('the sheet "Old"',))
