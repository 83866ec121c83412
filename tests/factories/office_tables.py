"""Tables as offices save them in other formats than Excel's own: OpenDocument spreadsheets, web pages, Excel's XML of
2003."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        *(("office", "office"), ("table", "table"), ("text", "text")),
        *(("style", "style"), ("draw", "drawing")),
    )
)


def ods_cell(text: str) -> str:
    """A cell of text; its lines are paragraphs."""
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n")) if text else ""
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def ods_row(*cells: str, more: str = "") -> str:
    """A row of cells given as text, or as XML where one begins with a tag."""
    inside = "".join(cell if cell.startswith("<table:") else ods_cell(cell) for cell in cells)
    return f"<table:table-row {more}>{inside}</table:table-row>"


def ods_sheet(name: str, *rows: str, more: str = "", before: str = "") -> str:
    """A sheet of rows as `ods_row` makes them."""
    return f'<table:table table:name="{escape(name)}" {more}>{before}{"".join(rows)}</table:table>'


def ods(*sheets: str, styles: str = "", common: str = "", body: str = "spreadsheet", manifest: str = "") -> bytes:
    """An OpenDocument file. `styles` are the file's own, `common` those of styles.xml."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "styles.xml": f"<office:document-styles {_NAMESPACES}><office:styles>{common}</office:styles>"
        "</office:document-styles>",
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{body}>{''.join(sheets)}"
        f"</office:{body}></office:body></office:document-content>",
        "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def ods_of(rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet of texts."""
    return ods(ods_sheet("Sheet1", *(ods_row(*row) for row in rows)))


def html_of(rows: Iterable[Sequence[str]]) -> bytes:
    """One table of texts, as a page."""
    lines = (
        "<tr>" + "".join(f"<td>{escape(cell).replace(chr(10), '<br>')}</td>" for cell in row) + "</tr>\n"
        for row in rows
    )
    return (
        f'<html><head><meta charset="utf-8"></head><body><table>\n{"".join(lines)}</table></body></html>'.encode()
    )


def excel_xml(*rows: str, styles: str = "", options: str = "", more: str = "", title: str = "Sheet1") -> bytes:
    """A workbook as Excel's XML of 2003, with one sheet of rows, and `more` after it."""
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook '
        'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:html="http://www.w3.org/TR/REC-html40"><Styles>{styles}</Styles><Worksheet ss:Name="{escape(title)}">'
        f"<Table>{''.join(rows)}</Table><WorksheetOptions>{options}</WorksheetOptions></Worksheet>{more}</Workbook>"
    ).encode()


def excel_xml_row(*cells: str, more: str = "") -> str:
    """A row of cells given as text, or as XML where one begins with a tag."""
    inside = "".join(
        cell
        if cell.startswith("<Cell")
        else f'<Cell><Data ss:Type="String">{escape(cell).replace(chr(10), "&#10;")}</Data></Cell>'
        for cell in cells
    )
    return f"<Row {more}>{inside}</Row>"


def excel_xml_of(rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet of texts."""
    return excel_xml(*(excel_xml_row(*row) for row in rows))


OFFICE = {"ods": ods_of, "html": html_of, "Excel's XML": excel_xml_of}
"""How to write rows of texts."""
