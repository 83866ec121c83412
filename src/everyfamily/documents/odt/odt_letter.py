"""An OpenDocument text: what is on its pages, in reading order, then its headers, footers and notes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from everyfamily.core.errors import ParagraphLocation
from everyfamily.core.text.outside_document import Block, BlockKind, Document, Image
from everyfamily.documents.odt.odt_styles import OFFICE, STYLE, TEXT, OdtStyle, OdtStyles, Said
from everyfamily.documents.shared.block_text import BlockText
from everyfamily.documents.shared.document_limits import within_limits
from everyfamily.documents.shared.faked_headings import Candidate, with_headings
from everyfamily.documents.shared.not_readable import DocumentDamaged, DocumentLocked
from everyfamily.documents.shared.typed_marks import typed_mark_length
from everyfamily.documents.shared.zip_parts import ZipParts

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_LOCKED = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}encryption-data"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SPACES = re.compile(r"[ \t\r\n]+")
_GONE = frozenset({TEXT + "tracked-changes", OFFICE + "annotation", TEXT + "sequence-decls", OFFICE + "forms"})
_NOT_WORDS = frozenset(
    {TEXT + "note-citation", TEXT + "hidden-text", TEXT + "hidden-paragraph", TEXT + "ruby-text"}
)
_PIXELS = {"cm": 96 / 2.54, "mm": 96 / 25.4, "in": 96.0, "pt": 96 / 72, "px": 1.0}
_LENGTH = re.compile(r"([\d.]{1,9})(cm|mm|in|pt|px)")
_MOST_SPACES = 1_000


@dataclass(frozen=True, slots=True)
class _Around:
    kind: BlockKind = "paragraph"
    depth: int = 0


@dataclass(slots=True)
class _Words:
    """The words of one paragraph while they are being read."""

    text: BlockText = field(default_factory=BlockText)
    languages: Counter[str] = field(default_factory=Counter)
    plain_words: bool = False
    frames: list[ET.Element] = field(default_factory=list)
    ends_in_space: bool = True


@dataclass(slots=True)
class _Reader:
    file: str
    styles: OdtStyles
    images: list[Image] = field(default_factory=list)
    notes: list[ET.Element] = field(default_factory=list)
    number: int = 0

    def story(self, root: ET.Element, around: _Around) -> Iterator[Candidate]:
        """The blocks of a text, a section, a list, a cell or a text box."""
        for child in root:
            if child.tag in _GONE or child.get(_TABLE + "display") == "false":
                continue
            if child.tag in (TEXT + "p", TEXT + "h"):
                yield from self._paragraph(child, around)
            elif child.tag == TEXT + "list":
                kind: BlockKind = "item" if around.kind == "paragraph" else around.kind
                yield from self.story(child, replace(around, kind=kind, depth=around.depth + 1))
            elif child.tag == _TABLE + "table-cell":
                kind = around.kind if around.kind in ("header", "footer") else "cell"
                yield from self.story(child, _Around(kind))
            elif child.tag == _DRAW + "frame":
                yield from self._frame(child, around)
            else:
                yield from self.story(child, around)

    def _paragraph(self, element: ET.Element, around: _Around) -> Iterator[Candidate]:
        style = self.styles.style("paragraph", element.get(TEXT + "style-name", ""))
        words = _Words()
        self._add(element, self.styles.defaults | style.said, words)
        place = ParagraphLocation(self.file, self.number + 1)
        mark = typed_mark_length("".join(words.text.parts)) if around.kind == "paragraph" else 0
        kind, level = _kind(element, style, around, mark)
        language = words.languages.most_common(1)[0][0] if words.languages else self.styles.language
        block = words.text.block(
            kind,
            place,
            level=level,
            language=language,
            right_to_left=bool(style.said.get("right to left")),
            cut=mark if kind == "item" else 0,
        )
        if block is not None:
            self.number += 1
            yield Candidate(block, kind == "paragraph" and not words.plain_words)
        for frame in words.frames:
            yield from self._frame(frame, around)

    def _add(self, element: ET.Element, said: Said, words: _Words) -> None:
        self._say(element.text, said, words)
        for child in element:
            tag = child.tag
            if tag == TEXT + "span":
                style = self.styles.style("text", child.get(TEXT + "style-name", ""))
                self._add(child, said | style.said, words)
            elif tag == TEXT + "a":
                words.text.open_link(child.get(_LINK, ""))
                self._add(child, said, words)
                words.text.close_link()
            elif tag == TEXT + "note":
                self.notes += child.findall(TEXT + "note-body")
            elif tag.startswith(_DRAW):
                words.frames.append(child)
            elif tag not in _GONE and tag not in _NOT_WORDS:
                self._white(child, said, words)
            self._say(child.tail, said, words)

    def _white(self, child: ET.Element, said: Said, words: _Words) -> None:
        """Spaces, tabs and line breaks have their own elements. All other elements are entered."""
        if child.tag == TEXT + "s":
            count = child.get(TEXT + "c", "1")
            self._put(" " * min(int(count[:6]) if count.isdecimal() else 1, _MOST_SPACES), said, words)
        elif child.tag == TEXT + "tab":
            self._put("\t", said, words)
        elif child.tag == TEXT + "line-break":
            self._put("\n", said, words)
        else:
            self._add(child, said, words)

    def _say(self, raw: str | None, said: Said, words: _Words) -> None:
        text = _SPACES.sub(" ", raw or "")
        if words.ends_in_space:
            text = text.removeprefix(" ")
        if text:
            self._put(text, said, words)

    def _put(self, text: str, said: Said, words: _Words) -> None:
        if said.get("hidden"):
            return
        look = self.styles.look(said)
        if text.strip():
            if look.language:
                words.languages[look.language] += len(text)
            words.plain_words = words.plain_words or not (said.get("bold") or said.get("underlined"))
        words.text.add(text.upper() if said.get("capitals") else text, look)
        words.ends_in_space = text[-1] in " \n"

    def _frame(self, frame: ET.Element, around: _Around) -> Iterator[Candidate]:
        picture = frame.find(_DRAW + "image")
        if picture is not None:
            place = ParagraphLocation(self.file, self.number or 1)
            said = [(frame.findtext(_SVG + name) or "").strip() for name in ("desc", "title")]
            alt = next((text for text in said if text), None)
            address = picture.get(_LINK, "")
            address = address if "://" in address else ""
            sizes = [_pixels(frame.get(_SVG + name, "")) for name in ("width", "height")]
            self.images.append(Image(place, alt, address, sizes[0], sizes[1]))
            if alt:
                yield Candidate(Block("alt text", alt, place, language=self.styles.language))
        for child in frame:
            if child.tag == _DRAW + "text-box":
                yield from self.story(child, replace(around, depth=0))
            elif child.tag.startswith(_DRAW) and child.tag != _DRAW + "image":
                yield from self._frame(child, around)
            elif child.tag == TEXT + "p":
                yield from self._paragraph(child, around)


def _kind(element: ET.Element, style: OdtStyle, around: _Around, mark: int) -> tuple[BlockKind, int]:
    if around.kind in ("header", "footer"):
        return around.kind, 0
    if "Title" in style.names:
        return "title", 0
    level = element.get(TEXT + "outline-level", "1") if element.tag == TEXT + "h" else ""
    if level.isdecimal() or "level" in style.said:
        return "heading", max(1, min(int(level[:2]) if level.isdecimal() else style.said["level"], 6))
    if around.kind == "item":
        return "item", max(around.depth, 1)
    return ("item", 1) if mark else (around.kind, 0)


def _pixels(length: str) -> float | None:
    found = _LENGTH.fullmatch(length)
    try:
        return round(float(found[1]) * _PIXELS[found[2]], 1) if found else None
    except ValueError:
        return None


def read(data: bytes, name: str) -> Document:
    """Read an OpenDocument text. Raises DocumentNotReadable."""
    parts = ZipParts(data)
    manifest = parts.tree("META-INF/manifest.xml")
    if manifest is not None and next(manifest.iter(_LOCKED), None) is not None:
        raise DocumentLocked("The file asks for a password.", "Save it without one, under File > Save As.")
    content, styles = parts.tree("content.xml"), parts.tree("styles.xml")
    text = content.find(f"{OFFICE}body/{OFFICE}text") if content is not None else None
    if text is None:
        raise DocumentDamaged(
            "The file is packed like an OpenDocument text but has no text in it.",
            "Save the letter as .odt or .docx, or export it as PDF.",
        )
    reader = _Reader(name, OdtStyles(styles, content))
    blocks = tuple(within_limits(with_headings(_all(reader, text, styles))))
    meta = parts.tree("meta.xml")
    title = next(meta.iter(_TITLE), None) if meta is not None else None
    said = (title.text or "").strip() or None if title is not None else None
    return Document(name, "odt", blocks, len(data), said, reader.styles.language, tuple(reader.images))


def _all(reader: _Reader, text: ET.Element, styles: ET.Element | None) -> Iterator[Candidate]:
    yield from reader.story(text, _Around())
    kinds: tuple[tuple[str, BlockKind], ...] = (("header", "header"), ("footer", "footer"))
    for ending, kind in kinds:
        for element in styles.iter(STYLE + ending) if styles is not None else ():
            yield from reader.story(element, _Around(kind))
    for note in reader.notes:
        yield from reader.story(note, _Around())
