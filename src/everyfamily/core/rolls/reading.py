"""Which reader a file needs, judged by what it holds and never by its name."""

from __future__ import annotations

import re
from collections.abc import Collection

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.zips import check_zip, is_zip
from everyfamily.core.rolls.formats.ctf import read_ctf
from everyfamily.core.rolls.formats.excel_xml import read_excel_xml
from everyfamily.core.rolls.formats.html_tables import is_web_archive, read_html
from everyfamily.core.rolls.formats.nested import read_nested
from everyfamily.core.rolls.formats.ods import is_open_document, read_flat_ods, read_ods
from everyfamily.core.rolls.formats.oneroster import read_oneroster
from everyfamily.core.rolls.formats.text import read_text
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.model.sheet import Sheet

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How Word, Excel and PowerPoint files from before 2007 begin, and newer ones with a password."""
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(rb"\s*<\s*([!?\w])")
_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_BEGIN = 800
"""This many bytes show what a file is, and half of them if it does not begin with a tag."""
_WEB_PAGE = re.compile(
    rb"<\s*(?:!doctype\s+html|html|table|meta|head|body|style|div|center|font|h[1-6])\b", re.IGNORECASE
)
_EXCEL_XML = re.compile(rb"<(?:\w+:)?Workbook\b")
_FLAT_ODS = re.compile(rb"<office:document\b")


def sheet_of_file(
    data: bytes,
    *,
    file: str,
    urn: int,
    former_urns: Collection[int] = (),
    dfe_number: str = "",
    mapping: ColumnMapping | None = None,
    answers: KnownAnswers | None = None,
) -> Sheet:
    """Read a file of any known format. Raises EveryfamilyError: RollNotReadable or its kinds, or ZipRefused."""
    _refuse(data, file)
    if is_zip(data):
        # A text file need not wait a quarter of a second until the library for spreadsheets is loaded.
        from everyfamily.core.rolls.formats.workbook import is_workbook, read_workbook

        with check_zip(data, file) as archive:
            if is_workbook(archive):
                return read_workbook(data, file, archive, mapping, answers)
            if is_open_document(archive):
                return read_ods(archive, file, mapping, answers)
            _refuse_other_zips(set(archive.namelist()), file)
        return read_oneroster(data, file=file, urn=urn, former_urns=former_urns, dfe_number=dfe_number)
    if _JSON.match(data[:400].removeprefix(_MARKS[0])):
        return read_nested(data, file, answers)
    begin = _begin(data)
    is_markup = _MARKUP.match(begin) is not None
    if is_markup and _EXCEL_XML.search(begin):
        return read_excel_xml(data, file, mapping, answers)
    if is_markup and _FLAT_ODS.search(begin):
        return read_flat_ods(data, file, mapping, answers)
    if is_web_archive(data) or _WEB_PAGE.search(begin if is_markup else begin[: _BEGIN // 2]):
        return read_html(data, file, mapping, answers)
    if is_markup:
        return read_ctf(data, file=file, urn=urn, former_urns=former_urns, dfe_number=dfe_number)
    return read_text(data, file, mapping, answers)


def _begin(data: bytes) -> bytes:
    begin = data[:_BEGIN]
    for mark in _MARKS:
        begin = begin.removeprefix(mark)
    # In UTF-16 every other byte is zero.
    return begin.replace(b"\x00", b"")


def _refuse(data: bytes, file: str) -> None:
    if len(data) > limits.FILE_BYTES:
        raise RollNotReadable(
            f"The file is larger than {limits.FILE_BYTES // (1024 * 1024)} MB.",
            "One file is one school's roll: check that it is the right one.",
            SourceLocation(file),
        )
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RollNotReadable(
                "The workbook is protected by a password.",
                "Save it without a password, import it, and delete that copy.",
                SourceLocation(file),
            )
        raise RollNotReadable(
            "The file is a workbook of the old kind (.xls), which is not read here.",
            "Open it in Excel and save it as .xlsx, or as CSV UTF-8.",
            SourceLocation(file),
        )
    if data.startswith(b"%PDF"):
        raise RollNotReadable(
            "The file is a PDF, which has no rows.", "Export the roll as CSV or .xlsx.", SourceLocation(file)
        )


def _refuse_other_zips(names: set[str], file: str) -> None:
    if "xl/workbook.bin" in names:
        kind, fix = "a binary workbook (.xlsb)", "Open it in Excel and save it as .xlsx."
    elif "word/document.xml" in names:
        kind, fix = "a Word document", "Export the roll as CSV or .xlsx."
    else:
        return
    raise RollNotReadable(f"The file is {kind}, which is not read here.", fix, SourceLocation(file))
