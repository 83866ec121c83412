"""Tables of web pages as sheets of cells: some records systems "export to Excel" as such a page, also under the name
.xls.

Scripts and styles are thrown away. Comments, tooltips and text outside all tables are searched for words that may keep
an adult away, and are nobody's values.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from email import message_from_bytes

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.closing.workbook_notes import line_closes
from everyfamily.core.rolls.formats.html_page import Page
from everyfamily.core.rolls.formats.sheets import looks_like_a_roll, read_sheets
from everyfamily.core.rolls.formats.text import decode
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.model.sheet import Sheet

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,20})", re.IGNORECASE)
_ONE_LETTER = re.compile(r"(?:iso-?8859-?\d{1,2}|windows-125\d|cp125\d)", re.IGNORECASE)
_FIELDS = 4_000
"""Bytes within which a web archive says what it is."""
_FIELD = re.compile(rb"\s*[A-Za-z-]{2,40}:")
_BOUNDARY = re.compile(rb"boundary=", re.IGNORECASE)
_MOST_PARTS = 20
"""Nested parts of a web archive."""
_ARCHIVE = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
_WINDOWS_FOR = "iso-8859-1"
"""Browsers read this as cp1252, and the programs that write it mean that."""


def read_html(
    data: bytes, file: str, mapping: ColumnMapping | None = None, answers: KnownAnswers | None = None
) -> Sheet:
    """Read the tables of a page. Raises RollNotReadable, also for a page that has no table with a roll's headings."""
    page = Page(file)
    try:
        for part in _parts(data):
            page.read(decoded(part, file))
    except AssertionError as problem:
        # The library's own name for a declaration that no browser knows.
        raise RollNotReadable(
            "The page is damaged.",
            "Open it in Excel and save it as .xlsx, or export it as CSV.",
            SourceLocation(file),
        ) from problem
    if not page.sheets or not (mapping or looks_like_a_roll(page.sheets)):
        raise RollNotReadable(
            "The file is a web page, even if its name says otherwise.",
            "Open it in Excel and save it as .xlsx, or export it as CSV.",
            SourceLocation(file),
        )
    elsewhere = tuple((line,) for line in dict.fromkeys(page.said) if line_closes(line))
    return read_sheets(page.sheets, file, "HTML", mapping, answers, elsewhere)


def _parts(data: bytes) -> list[bytes]:
    """The pages of a web archive (.mht), or the single page."""
    if not is_web_archive(data):
        return [data]
    pages: list[bytes] = []
    if len(_BOUNDARY.findall(data)) > _MOST_PARTS:
        return pages
    for part in message_from_bytes(data).walk():
        if part.get_content_type() == "text/html" and isinstance(held := part.get_payload(decode=True), bytes):
            with suppress(LookupError, ValueError):
                held = held.decode(part.get_content_charset("utf-8")).encode()
            pages.append(held)
    return pages


def is_web_archive(data: bytes) -> bool:
    """Whether a file is a page that was saved with everything that belongs to it, as a message with several parts."""
    return _FIELD.match(data) is not None and _ARCHIVE.search(data[:_FIELDS]) is not None


def decoded(data: bytes, file: str) -> str:
    """The page's text. UTF-8 or UTF-16 is read as that, whatever the page says about itself. Raises RollNotReadable."""
    for at, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if data[at : at + 1] == b"\x00":
            data = codecs.BOM_UTF8 + data.decode(codec, "replace").encode()
    said = _CHARSET.search(data[:4_000])
    charset = said[1].decode().lower() if said else _WINDOWS_FOR
    if _ONE_LETTER.fullmatch(charset) and charset != _WINDOWS_FOR:
        try:
            data.decode("utf-8-sig")
        except UnicodeDecodeError:
            with suppress(UnicodeDecodeError, LookupError):
                data = data.decode(charset).encode()
    return decode(data, file)
