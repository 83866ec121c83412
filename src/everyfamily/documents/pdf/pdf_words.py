"""The words that a page of a PDF shows, with their positions, their formatting, and the tags that hold them."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from everyfamily.core.text.outside_document import Colour

_BROKEN = "\x02\ufffe\xad"
"""What pdfium gives for a hyphen at the end of a line."""
_SPACE = frozenset(" \t\r\n\xa0\u2002\u2003\u2009\u200b\x00")
_ARTIFACT = "Artifact"
_FORCED_BOLD = 1 << 18
_BLACK: Colour = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text object is formatted, and the marked content that it belongs to."""

    size: float = 0.0
    bold: bool = False
    colour: Colour | None = None
    mcid: int = -1
    is_artifact: bool = False


@dataclass(slots=True)
class Word:
    """A word with its left edge, right edge and baseline in points from the lower left corner of the page."""

    text: str
    left: float
    right: float
    base: float
    setting: Setting
    is_broken: bool = False
    """Whether it ends in a hyphen at the end of a line."""
    address: str = ""


class PageWords:
    """Reads the words of one page after another. Fonts are looked at once for each file."""

    def __init__(self) -> None:
        self._is_bold: dict[int, bool] = {}

    def read(self, page: pdfium.PdfPage) -> list[Word]:
        """The words of a page in the order in which they were drawn."""
        text = page.get_textpage()
        try:
            return list(self._words(text))
        finally:
            text.close()

    def _words(self, text: Any) -> Iterator[Word]:
        handle = text.raw
        settings: dict[int, Setting] = {}
        first = -1
        letters: list[str] = []
        unicode_of = raw.FPDFText_GetUnicode
        for index in range(text.count_chars()):
            code = unicode_of(handle, index)
            letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            if letter in _BROKEN and letters:
                yield self._word(handle, first, index - 1, "".join(letters) + "-", settings, is_broken=True)
                letters = []
            elif letter in _SPACE:
                if letters:
                    yield self._word(handle, first, index - 1, "".join(letters), settings)
                    letters = []
            elif letter >= " " and letter not in _BROKEN:
                if not letters:
                    first = index
                letters.append(letter)
        if letters:
            yield self._word(handle, first, text.count_chars() - 1, "".join(letters), settings)

    def _word(
        self,
        handle: Any,
        first: int,
        last: int,
        letters: str,
        settings: dict[int, Setting],
        *,
        is_broken: bool = False,
    ) -> Word:
        left, base, right, unused = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharOrigin(handle, first, left, base)
        raw.FPDFText_GetCharBox(handle, last, unused, right, ctypes.c_double(), ctypes.c_double())
        drawn = raw.FPDFText_GetTextObject(handle, first)
        key = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if key not in settings:
            settings[key] = self._setting(handle, first, drawn) if key else Setting()
        return Word(letters, left.value, right.value, base.value, settings[key], is_broken)

    def _setting(self, handle: Any, index: int, drawn: Any) -> Setting:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(handle, index, matrix)
        size = raw.FPDFText_GetFontSize(handle, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        colour = None
        if raw.FPDFPageObj_GetFillColor(drawn, red, green, blue, alpha):
            colour = (red.value & 255, green.value & 255, blue.value & 255)
        marks = range(max(raw.FPDFPageObj_CountMarks(drawn), 0))
        return Setting(
            round(size, 1),
            self._bold(drawn),
            None if colour == _BLACK else colour,
            raw.FPDFPageObj_GetMarkedContentID(drawn),
            any(_mark_name(raw.FPDFPageObj_GetMark(drawn, number)) == _ARTIFACT for number in marks),
        )

    def _bold(self, drawn: Any) -> bool:
        font = raw.FPDFTextObj_GetFont(drawn)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self._is_bold:
            buffer = ctypes.create_string_buffer(256)
            length = raw.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.raw[: min(length, 256)].decode("latin-1").lower()
            flags = raw.FPDFFont_GetFlags(font)
            self._is_bold[key] = any(word in name for word in ("bold", "black", "heavy", "semibold")) or bool(
                flags > 0 and flags & _FORCED_BOLD
            )
        return self._is_bold[key]


def _mark_name(mark: Any) -> str:
    buffer = (ctypes.c_ushort * 64)()
    length = ctypes.c_ulong()
    if not raw.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), length):
        return ""
    return bytes(buffer)[: min(length.value, 128)].decode("utf-16-le", "replace").rstrip("\0")


def links_of(
    document: pdfium.PdfDocument, page: pdfium.PdfPage
) -> list[tuple[tuple[float, float, float, float], str]]:
    """The areas of a page that lead somewhere (left, bottom, right, top), with their addresses."""
    found: list[tuple[tuple[float, float, float, float], str]] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    while len(found) < 10_000 and raw.FPDFLink_Enumerate(page.raw, position, link):
        area = raw.FS_RECTF()
        address = _address(document, link)
        if address and raw.FPDFLink_GetAnnotRect(link, area):
            found.append(((area.left, area.bottom, area.right, area.top), address))
    return found


def _address(document: pdfium.PdfDocument, link: Any) -> str:
    action = raw.FPDFLink_GetAction(link)
    if not action:
        return ""
    length = raw.FPDFAction_GetURIPath(document.raw, action, None, 0)
    buffer = ctypes.create_string_buffer(length or 1)
    raw.FPDFAction_GetURIPath(document.raw, action, buffer, length)
    return buffer.raw[:length].rstrip(b"\0").decode("utf-8", "replace")
