"""Bytes of a text file as text: byte order marks, UTF-8, UTF-16, or otherwise what Windows writes in Britain."""

from __future__ import annotations

import codecs
import re

from everyfamily.documents.shared.not_readable import NotText

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<meta[^<>]{1,100}?charset\s{0,4}=\s{0,4}["']?([A-Za-z0-9_-]{2,30})""", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_NOT_OF_PAGES = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7", "utf_8", "iso8859_1"}
)
"""Encodings that Python knows but no page uses; UTF-8, which was already tried; and Latin-1, for which cp1252 is
used."""
_FEW = 0.001
"""Stray control characters, as a share of the text, that are allowed in a text from an old program."""


def decoded(data: bytes, *, is_html: bool = False) -> str:
    """The text, with every line end as a newline. Raises NotText if it holds what no text holds."""
    text = _decoded(data, is_html=is_html)
    strange = len(_CONTROL.findall(text))
    if "\x00" in text or strange > 2 + len(text) * _FEW:
        raise NotText("The file is not text.", "Use the file that the letter was written in.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, *, is_html: bool) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if encoding := _utf16(data):
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_declared(data) if is_html else "cp1252", "replace")


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark: in Western text, nearly every second byte is zero."""
    start = data[:4_000]
    half = len(start) // 2
    if half < 2 or len(data) % 2:
        return ""
    if start[1::2].count(0) > 0.8 * half and start[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if start[::2].count(0) > 0.8 * half and start[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:4_096])
    try:
        encoding = codecs.lookup(found[1].decode("ascii")) if found else codecs.lookup("cp1252")
    except LookupError:
        return "cp1252"
    # Names such as "rot13" or "zip" are not encodings of text.
    is_text = encoding._is_text_encoding and encoding.name.replace("-", "_") not in _NOT_OF_PAGES
    return encoding.name if is_text else "cp1252"
