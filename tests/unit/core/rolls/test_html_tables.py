"""Tables of web pages are read as workbooks are, and never more freely than they say."""

from __future__ import annotations

import quopri

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, Roll, RollNotReadable
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each
from tests.factories.office_tables import html_of

HEADER = ["UPN", "Class", "Contact", "Relationship", "Email", "Court Order"]
ADA = ["X900000092001", "4B", "Ada Person", "Mother", "ada@example.com", "No"]
BO = ["X900000092001", "4B", "Bo Person", "Father", "bo@example.com", "No"]
CY = ["X900000092002", "4B", "Cy Person", "Father", "cy@example.com", "No"]
WAITS, OPEN, SILENT = ("unknown", NOT_READABLE), ("none", ""), ("unknown", NOT_SAID)


def read(page: str | bytes) -> Roll:
    return read_roll(page.encode() if isinstance(page, str) else page, file="roll.xls", urn=900001)


def refused(page: str | bytes) -> EveryfamilyError:
    with pytest.raises(EveryfamilyError) as caught:
        read(page)
    return caught.value


def tr(*cells: str, more: str = "") -> str:
    """A row of cells, given as text or as whole elements."""
    inside = "".join(cell if cell.startswith("<td") else f"<td>{cell}</td>" for cell in cells)
    return f"<tr {more}>{inside}</tr>"


def table(*rows: str, more: str = "") -> str:
    return f"<table {more}>{''.join(rows)}</table>"


def page(*rows: str, before: str = "", after: str = "", head: str = "") -> str:
    return f"<html><head>{head}</head><body>{before}{table(tr(*HEADER), *rows)}{after}</body></html>"


def said(roll: Roll) -> list[tuple[str, str]]:
    return [(row.restriction, row.restriction_reason) for row in roll.rows]


def who(roll: Roll) -> list[tuple[str, str]]:
    return [(row.pupil_id, row.adult_name) for row in roll.rows]


def test_a_table_is_read_like_a_workbook() -> None:
    roll = read(html_of([["Contacts of 4B"], HEADER, ADA, BO, [], CY]))
    assert (roll.format, said(roll)) == ("generic export, HTML", [OPEN, OPEN, OPEN])
    assert [(row.row, row.adult_name, row.email) for row in roll.rows] == [
        (3, "Ada Person", "ada@example.com"),
        (4, "Bo Person", "bo@example.com"),
        (6, "Cy Person", "cy@example.com"),
    ]


def test_text_is_what_a_reader_sees() -> None:
    address = "1&nbsp;High&#32;St<br>East<b>mere</b><p>EM4 7QX"
    name = "<a href='x'>Ada\n  <span>Per</span>son&eacute;</a>"
    rows = [
        tr("UPN", "Contact", "Mobile", "Address"),
        tr("A1", name, "<input value='07700 900101'>", address),
    ]
    roll = read(
        f"<!-- saved --><html><script>'<table>'</script><style>td {{}}</style>{table(*rows)}<script>if (1<2)"
    )
    row = roll.rows[0]
    assert (row.adult_name, row.mobile) == ("Ada Personé", "+447700900101")
    assert row.address is not None
    assert row.address.lines == ("1 High St", "Eastmere", "EM4 7QX")


def test_end_tags_may_be_missing() -> None:
    rows = (
        "<tr><th>UPN<th>Contact<th>Email<tbody><tr><td>A1<td>Ada Person<td>ada@example.com<TR><TD>A2<TD>Bo Person"
    )
    assert who(read(f"<table>{rows}")) == [("A1", "Ada Person"), ("A2", "Bo Person")]


@pytest.mark.parametrize(
    ("codec", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", ""),
        ("cp1252", ""),
        ("cp1252", '<meta charset="iso-8859-1">'),
        ("utf-8", '<meta charset="iso-8859-1">'),
        ("cp1250", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'),
    ],
)
def test_any_encoding_of_an_office_is_read(codec: str, head: str) -> None:
    data = page(tr(*ADA[:2], "Zoë Person", *ADA[3:]), head=head).encode(codec)
    assert who(read(data)) == [("X900000092001", "Zoë Person")]


def test_a_cell_over_several_rows_or_columns_has_its_value_in_the_first() -> None:
    rows = [
        tr("<td colspan=2>Pupil", "<td colspan=2>Contact 1", "<td colspan=2>Contact 2"),
        tr("UPN", "Name", "Name", "Email", "Name", "Email"),
        tr("A1", "<td rowspan=2>Kit", "Ada Person", "<td colspan=1000000>a@example.com"),
        tr("A2", "Bo Person", "b@example.com", "Cy Person"),
    ]
    assert who(read(table(*rows))) == [("A1", "Ada Person"), ("A2", "Bo Person"), ("A2", "Cy Person")]


def test_merged_children_are_read_as_in_a_workbook() -> None:
    rows = [
        tr("Pupil", "UPN", "Contact", "Relationship"),
        tr("<td rowspan=2>Kit Person", "<td rowspan=2>A1", "Ada Person", "Mother"),
        tr("Bo Person", "Father"),
        tr("Lu Other", "A2", "Cy Person", "Father"),
    ]
    assert who(read(table(*rows))) == [("A1", "Ada Person"), ("A1", "Bo Person"), ("A2", "Cy Person")]


def test_each_table_with_a_heading_is_a_class() -> None:
    header = tr("Pupil", "Adm No", "Contact", "Relationship")
    kit, lu = tr("Kit Person", "2041", "Ada Person", "Mother"), tr("Lu Other", "2042", "Cy Other", "Mother")
    gone = tr("Di Other", "2043", "Ed Other", "Father")
    roll = read(
        f"<h1>Contacts</h1><h2>Class 4B</h2>{table(header, kit)}<h2>Class 5K</h2>{table(header, lu)}"
        f"<h2>Leavers</h2>{table(header, gone)}"
    )
    assert [(row.pupil_id, row.class_name) for row in roll.rows] == [("2041", "4B"), ("2042", "5K")]
    assert roll.ignored == ("table 3 of the page",)


def test_a_table_for_looks_is_looked_through() -> None:
    inner = table(tr(*HEADER), tr(*ADA), tr(*BO))
    roll = read(table(tr("Logo", "<td>Contacts"), tr(f"<td>Class: 4B {inner}", "Page 1"), tr("Footer")))
    assert who(roll) == [("X900000092001", "Ada Person"), ("X900000092001", "Bo Person")]


def test_a_table_within_a_cell_is_the_cells_text() -> None:
    numbers = table(tr("Mobile", "<td title='best'>07700 900101"), tr("Home", "01632 960101<!-- after six -->"))
    rows = [tr("UPN", "Contact", "Phone"), tr("A1", "Ada Person", f"<td>{numbers}"), tr("A2", "Bo Person", "")]
    roll = read(table(*rows))
    assert [(row.adult_name, row.mobile) for row in roll.rows] == [
        ("Ada Person", "+447700900101"),
        ("Bo Person", None),
    ]


def test_a_table_before_may_say_the_class() -> None:
    header = tr("Adm No", "Pupil", "Contact", "Relationship")
    pages = [
        table(tr("Class:", name), tr("Printed", "12 Oct"))
        + table(header, tr(own, "Kit", f"{who} Person", "Mother"))
        for name, own, who in (("4B", "1", "Ada"), ("5K", "2", "Bo"))
    ]
    assert [(row.pupil_id, row.class_name) for row in read("".join(pages)).rows] == [("1", "4B"), ("2", "5K")]


def test_a_table_without_headings_goes_on_from_the_one_before() -> None:
    for before in (table(tr(*HEADER)), table(tr(*HEADER), tr(*ADA))):
        roll = read(before + table(tr(*BO)) + " " + table(tr(*CY)))
        assert who(roll)[-2:] == [("X900000092001", "Bo Person"), ("X900000092002", "Cy Person")]
    apart = read(table(tr(*HEADER), tr(*ADA)) + "<h3>Do not contact</h3>" + table(tr(*CY)))
    assert (who(apart), said(apart)) == ([("X900000092001", "Ada Person")], [SILENT])


def test_a_web_archive_is_read_too() -> None:
    body = quopri.encodestring(page(tr(*BO[:2], "Zo\xeb Person", BO[3], BO[4], "Do not contact")).encode())
    fields = b"From: <Saved by a browser>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n"
    part = b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    roll = read(fields + b"--x\n" + part + body + b"\n--x\nContent-Type: image/png\n\nx\n--x--\n")
    assert ([row.adult_name for row in roll.rows], said(roll)) == (["Zo\xeb Person"], [WAITS])
    assert "web page" in refused(fields + b"--x--\n").fact


@pytest.mark.parametrize(
    "text",
    [
        "<html><p>Contacts</p></html>",
        "<!DOCTYPE html><table><tr><td>Welcome<td>News</table>",
        "<html><table><tr><td>UPN</td></tr></table></html>",
        "<html>" + table(tr("<td colspan=0 rowspan=0>")) + table(),
    ],
)
def test_another_web_page_is_refused_as_one(text: str) -> None:
    assert "web page" in refused(text).fact


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (page(tr(*ADA[:2], "x" * (limits.CELL_CHARACTERS + 1))), "longer than 10,000"),
        ("<table><tr><td>" * 60, "deep inside each other"),
        (table(tr(*["UPN", "Contact"] * 300), tr("A1")), "columns"),
        (f"<html><!--{'x' * 2_000_000}", "more than 1 MB"),
        ("<html><![foo[x]]>" + page(), ""),
    ],
)
def test_a_page_that_means_harm_is_refused_in_one_sentence(text: str, fact: str) -> None:
    problem = refused(text)
    assert isinstance(problem, RollNotReadable)
    assert fact in problem.fact


def test_more_cells_and_rows_than_any_school_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 10)
    assert "more than 10 cells" in refused(page(tr(*ADA))).fact
    monkeypatch.setattr(limits, "ROWS", 5)
    assert "rows" in refused(table("<tr>" * 20)).fact


# Never freer than the file.


@each(
    "cell, expected",
    [
        ("<td title='Do not contact'>Bo Person", WAITS),
        ("<td><span title='Do not contact'>Bo Person</span>", WAITS),
        ("<td>Bo Person<!-- do not contact -->", WAITS),
        ("<td>Bo Person<img alt='No contact' src=x>", WAITS),
        ("<td>Bo Person<a data-bs-original-title='Do not contact'></a>", WAITS),
        ("<td>Bo Person<input type=hidden value='Do not contact'>", WAITS),
        ("<td title='Works nights'>Bo Person<!-- nice -->", OPEN),
        ("<td><table><tr><td>Bo Person<!-- do not contact --></table>", WAITS),
        ("<td><table><tr><td><s>Bo Person</s></table>", WAITS),
        ("<td><s>Bo Person</s>", WAITS),
        ("<td>Bo <del>Person", WAITS),
        ("<td><strike>Bo</strike> Person", WAITS),
        ("<td style='text-decoration: Line-Through'>Bo Person", WAITS),
        ("<td><span style='text-decoration:line-through'><span>x</span>Bo Person</span>", WAITS),
        ("<td class='a gone'>Bo Person", WAITS),
        ("<td><em>Bo Person</em>", WAITS),
        ("<td><s> </s><span style='text-decoration:none' class=a>Bo Person", OPEN),
    ],
)
def test_what_is_said_beside_an_adult_closes_that_adult(cell: str, expected: tuple[str, str]) -> None:
    style = "<style>.a{color:red} @media print { td.gone, .row em {text-decoration:line-through} }</style>"
    roll = read(page(tr(*ADA), tr(*BO[:2], cell, *BO[3:]), tr(*CY), head=style))
    assert said(roll) == [OPEN, expected, OPEN]


def test_what_a_formula_shows_is_looked_at_and_not_believed() -> None:
    for words, expected in (("Do not contact", WAITS), ("mum", OPEN)):
        roll = read(page(tr(*ADA), tr(*BO[:4], f"<td x:fmla='=A1'>{words}", BO[5]), tr(*CY)))
        assert (said(roll), roll.rows[1].email) == ([OPEN, expected, OPEN], None)
        assert next(one.code for one in roll.set_aside if one.row == 3) == "FORMULA_IN_CELL"


def test_a_row_that_is_crossed_out_is_about_its_adult_and_a_table_about_all() -> None:
    gone = "style='text-decoration:line-through'"
    assert said(read(page(tr(*ADA), tr(*BO, more=gone), tr(*CY)))) == [OPEN, WAITS, OPEN]
    assert said(read(table(tr(*HEADER), tr(*ADA), tr(*CY), more=gone))) == [WAITS, WAITS]
    assert said(read(f"<div {gone}>{page(tr(*ADA))}")) == [WAITS]


def test_what_is_said_of_a_row_holds_the_child() -> None:
    roll = read(page(tr(*ADA), tr(*BO, more="title='Do not contact'"), tr(*CY)))
    assert said(roll) == [WAITS, WAITS, OPEN]


@pytest.mark.parametrize("where", ["before", "after"])
def test_words_outside_the_table_leave_nobody_free(where: str) -> None:
    roll = read(page(tr(*ADA), tr(*CY), **{where: "<p>Do not contact <i>Mr Person</i></p>"}))
    assert (said(roll), [one.code for one in roll.set_aside]) == ([SILENT, SILENT], ["WORDS_ELSEWHERE"])
    ordinary = read(
        page(tr(*ADA), tr(*CY), **{where: "<p>Confidential. Destroy after use.</p><!--[if x]>dnc-->"})
    )
    assert (said(ordinary), ordinary.set_aside) == ([OPEN, OPEN], [])


def test_another_tables_rows_are_looked_at() -> None:
    other = table(tr("X900000092002", "Restraining order"), tr("X900000092001", "Likes tea"))
    roll = read(page(tr(*ADA), tr(*CY), after=other))
    assert (said(roll), roll.ignored) == ([OPEN, WAITS], ("table 2 of the page",))
    assert said(read(page(tr(*ADA), tr(*CY), after=f"<h3>Do not contact</h3>{other}"))) == [WAITS, WAITS]
    hidden = f"<table style='display: none'>{tr(*HEADER[:5])}{tr(*BO[:5])}{tr(*CY[:4], 'no contact')}</table>"
    assert said(read(page(tr(*ADA), tr(*CY), before=hidden))) == [OPEN, WAITS]
