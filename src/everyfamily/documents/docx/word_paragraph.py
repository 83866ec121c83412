"""The words of one paragraph of a Word file, with its links and pictures and what is attached to it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Colour, Image
from everyfamily.documents.docx.word_styles import Said, Style, W, WordStyles
from everyfamily.documents.shared.block_text import BlockText, Look

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_VML = "{urn:schemas-microsoft-com:vml}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_EMU_PER_PIXEL = 9525
_SKIPPED = frozenset(
    W + name for name in ("del", "moveFrom", "pPr", "rPr", "rt", "sdtPr", "instrText", "delText", "delInstrText")
)
_SHOWN = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "\u2011"}
_HYPERLINK = re.compile(r"""\s{0,20}HYPERLINK\s{1,20}(?:\\l\s{1,20})?(?:"([^"]{1,2000})"|([^\s"]{1,2000}))""")
_PICTURES = frozenset({_A + "blip", _VML + "imagedata"})


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    shows: bool = False
    is_link: bool = False


@dataclass(slots=True)
class WordParagraph:
    """What a paragraph holds, once `add` has gone through it."""

    styles: WordStyles
    style: Style
    links: Mapping[str, str]
    place: SourceLocation
    behind: Colour | None = None
    text: BlockText = field(default_factory=BlockText)
    images: list[Image] = field(default_factory=list)
    boxes: list[ET.Element] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    plain_words: bool = False
    """Whether some words are neither bold nor underlined."""
    _fields: list[_Field] = field(default_factory=list)

    def add(self, element: ET.Element) -> None:
        """Go through the children of a paragraph, or of what groups its runs."""
        for child in element:
            if child.tag in _SKIPPED:
                continue
            if child.tag == W + "r":
                self._run(child)
            elif child.tag == W + "hyperlink":
                self._linked(child, self._address(child))
            elif child.tag == W + "fldSimple":
                found = _HYPERLINK.match(child.get(W + "instr", ""))
                self._linked(child, (found[1] or found[2]) if found else "")
            elif child.tag == MC + "AlternateContent":
                self.add(_chosen(child))
            elif child.tag == _MATH:
                self.text.add(child.text or "")
            else:
                self.add(child)

    def _address(self, link: ET.Element) -> str:
        anchor = link.get(W + "anchor", "")
        address = self.links.get(link.get(R + "id", ""), "")
        return f"{address}#{anchor}" if anchor else address

    def _linked(self, element: ET.Element, address: str) -> None:
        if address:
            self.text.open_link(address)
        self.add(element)
        if address:
            self.text.close_link()

    def _run(self, run: ET.Element) -> None:
        said = self.styles.said(self.style, run.find(W + "rPr"))
        if said.get("hidden"):
            self._fields_of(run)
            return
        self._run_words(run, said, self.styles.look(said, self.behind))

    def _fields_of(self, run: ET.Element) -> None:
        """Hidden words are left out, but a field may begin or end among them."""
        for child in run:
            if child.tag == W + "fldChar":
                self._field(child.get(W + "fldCharType", ""))
            elif child.tag == W + "instrText" and self._fields:
                self._fields[-1].instruction += child.text or ""

    def _run_words(self, run: ET.Element, said: Said, look: Look) -> None:
        for child in run:
            tag = child.tag
            if tag == W + "t":
                self._words(child.text or "", said, look)
            elif tag in _SHOWN:
                self._words(_SHOWN[tag], said, look)
            elif tag == W + "br":
                self._words("\n" if child.get(W + "type", "textWrapping") == "textWrapping" else " ", said, look)
            elif tag == W + "fldChar":
                self._field(child.get(W + "fldCharType", ""))
            elif tag == W + "instrText" and self._fields:
                self._fields[-1].instruction += child.text or ""
            elif tag == MC + "AlternateContent":
                self._run_words(_chosen(child), said, look)
            elif tag in (W + "drawing", W + "pict", W + "object"):
                self._drawing(child)
            elif tag == W + "ruby" or tag == W + "rubyBase":
                self.add(child)

    def _words(self, words: str, said: Said, look: Look) -> None:
        if self._fields and not self._fields[-1].shows:
            return  # the code of a field, such as "PAGE" or "HYPERLINK"
        if words.strip():
            if look.language:
                self.languages[look.language] += len(words)
            self.plain_words = self.plain_words or not (said.get("bold") or said.get("underlined"))
        self.text.add(words.upper() if said.get("capitals") else words, look)

    def _field(self, step: str) -> None:
        if step == "begin":
            self._fields.append(_Field())
        elif step == "separate" and self._fields:
            now = self._fields[-1]
            now.shows = True
            if found := _HYPERLINK.match(now.instruction):
                local = re.match(r"\s*HYPERLINK\s+\\l", now.instruction) is not None
                self.text.open_link(("#" if local else "") + (found[1] or found[2]))
                now.is_link = True
        elif step == "end" and self._fields and self._fields.pop().is_link:
            self.text.close_link()

    def _drawing(self, drawing: ET.Element) -> None:
        holds_picture = False
        described = None
        size: list[float | None] = [None, None]
        address = ""
        decorative = False
        for element in drawing.iter():
            if element.tag == W + "txbxContent":
                self.boxes.append(element)
            elif element.tag in _PICTURES:
                holds_picture = True
                address = self.links.get(element.get(R + "link", ""), "") or address
            elif element.tag == _DECORATIVE:
                decorative = decorative or element.get("val") in ("1", "true")
            elif element.tag == _WP + "docPr" and described is None:
                described = element.get("descr") or element.get("title")
            elif element.tag == _VML + "shape" and described is None:
                described = element.get("alt") or element.get("title")
            elif element.tag == _WP + "extent":
                size = [_pixels(element.get(name, "")) for name in ("cx", "cy")]
            elif element.tag == _A + "graphicData" and element.get("uri", "").endswith(("/chart", "/diagram")):
                holds_picture = True
        if holds_picture:
            self.images.append(Image(self.place, "" if decorative else described, address, size[0], size[1]))


def _chosen(alternatives: ET.Element) -> ET.Element:
    """Word wrote the same thing in several ways: take the newest."""
    choice = alternatives.find(MC + "Choice")
    if choice is None:
        choice = alternatives.find(MC + "Fallback")
    return ET.Element("none") if choice is None else choice


def _pixels(emu: str) -> float | None:
    return round(int(emu[:12]) / _EMU_PER_PIXEL, 1) if emu.isdecimal() else None
