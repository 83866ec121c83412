"""A Word file: what is on its pages, in reading order, then its headers, footers and notes."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from everyfamily.core.errors import ParagraphLocation
from everyfamily.core.text.outside_document import Block, BlockKind, Colour, Document, Image
from everyfamily.documents.docx.word_paragraph import MC, WordParagraph
from everyfamily.documents.docx.word_styles import VAL, Style, W, WordStyles, paragraph_says
from everyfamily.documents.shared.css_looks import colour_of
from everyfamily.documents.shared.document_limits import within_limits
from everyfamily.documents.shared.faked_headings import Candidate, with_headings
from everyfamily.documents.shared.not_readable import DocumentDamaged
from everyfamily.documents.shared.typed_marks import typed_mark_length
from everyfamily.documents.shared.zip_parts import ZipParts

_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_MAIN = "/officeDocument"
_STORIES: tuple[tuple[str, BlockKind], ...] = (
    ("/header", "header"),
    ("/footer", "footer"),
    ("/footnotes", "paragraph"),
    ("/endnotes", "paragraph"),
)
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_GONE = frozenset(W + name for name in ("del", "moveFrom", "sdtPr", "tblPr", "trPr", "tcPr", "tblGrid", "sectPr"))
_TITLES = frozenset({"title"})


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class _Around:
    """What applies to the paragraphs of a story or cell."""

    kind: BlockKind
    links: dict[str, str]
    behind: Colour | None = None


@dataclass(slots=True)
class _Reader:
    file: str
    parts: ZipParts
    styles: WordStyles
    images: list[Image] = field(default_factory=list)
    number: int = 0

    def story(self, root: ET.Element, around: _Around) -> Iterator[Candidate]:
        """The blocks of a body, cell, header or text box."""
        for child in root:
            if child.tag in _GONE:
                continue
            if child.tag == W + "p":
                yield from self._paragraph(child, around)
            elif child.tag == W + "tc":
                shading = child.find(f"{W}tcPr/{W}shd")
                behind = colour_of(shading.get(W + "fill", "")) if shading is not None else None
                kind: BlockKind = "cell" if around.kind == "paragraph" else around.kind
                yield from self.story(child, replace(around, kind=kind, behind=behind or around.behind))
            elif child.tag == MC + "AlternateContent":
                chosen = child.find(MC + "Choice")
                yield from self.story(chosen if chosen is not None else child, around)
            elif child.get(W + "type") not in ("separator", "continuationSeparator"):
                yield from self.story(child, around)

    def _paragraph(self, element: ET.Element, around: _Around) -> Iterator[Candidate]:
        properties = element.find(W + "pPr")
        named = properties.find(W + "pStyle") if properties is not None else None
        style = self.styles.style(named.get(VAL, "") if named is not None else "")
        level, depth, direction, shading = paragraph_says(properties)
        place = ParagraphLocation(self.file, self.number + 1)
        behind = shading or style.background or around.behind
        read = WordParagraph(self.styles, style, around.links, place, behind)
        read.add(element)
        text = "".join(read.text.parts)
        level = style.level if level is None else level
        depth = style.list_level if depth is None else depth
        mark = 0
        if not level and not depth and around.kind == "paragraph":
            mark = typed_mark_length(text)
        kind, number = _kind(style, level, depth or int(mark > 0), around.kind)
        language = read.languages.most_common(1)[0][0] if read.languages else self.styles.language
        right_to_left = style.right_to_left if direction is None else direction
        block = read.text.block(
            kind, place, level=number, language=language, right_to_left=bool(right_to_left), cut=mark
        )
        if block is not None:
            self.number += 1
            yield Candidate(block, kind == "paragraph" and not read.plain_words)
        yield from self._hangs_on(read, around, language)

    def _hangs_on(self, read: WordParagraph, around: _Around, language: str | None) -> Iterator[Candidate]:
        for image in read.images:
            self.images.append(image)
            if image.alt and image.alt.strip():
                yield Candidate(Block("alt text", image.alt.strip(), image.place, language=language))
        for box in read.boxes:
            yield from self.story(box, replace(around, behind=None))


def _kind(style: Style, level: int | None, depth: int, around: BlockKind) -> tuple[BlockKind, int]:
    if around in ("header", "footer"):
        return around, 0
    if style.name.lower() in _TITLES:
        return "title", 0
    if level:
        return "heading", min(level, 6)
    if depth:
        return "item", depth
    return around, 0


def read(data: bytes, name: str) -> Document:
    """Read a Word file. Raises DocumentNotReadable."""
    parts = ZipParts(data)
    main = next((r.target for r in _by_id(parts, "").values() if r.kind.endswith(_MAIN)), "word/document.xml")
    root = parts.tree(main)
    body = root.find(W + "body") if root is not None else None
    if body is None:
        raise DocumentDamaged(
            "The file is packed like a Word file but has no document in it.",
            "Save it again in Word, or ask for it again.",
        )
    by_id = _by_id(parts, main)
    relations = list(by_id.values())
    by_kind = {relation.kind.rsplit("/", 1)[-1]: relation.target for relation in relations}
    styles = WordStyles(
        parts.tree(by_kind.get("styles", "word/styles.xml")),
        parts.tree(by_kind.get("settings", "word/settings.xml")),
    )
    reader = _Reader(name, parts, styles)
    links = {key: r.target for key, r in by_id.items() if r.is_outside}
    blocks = tuple(within_limits(with_headings(_all(reader, body, links, relations))))
    return Document(name, "docx", blocks, len(data), _title(parts), styles.language, tuple(reader.images))


def _all(
    reader: _Reader, body: ET.Element, links: dict[str, str], relations: list[_Relation]
) -> Iterator[Candidate]:
    yield from reader.story(body, _Around("paragraph", links))
    seen: set[str] = set()
    for ending, kind in _STORIES:
        for relation in relations:
            if not relation.kind.endswith(ending) or relation.target in seen:
                continue
            seen.add(relation.target)
            root = reader.parts.tree(relation.target)
            if root is not None:
                own = {k: r.target for k, r in _by_id(reader.parts, relation.target).items() if r.is_outside}
                yield from reader.story(root, _Around(kind, own))


def _by_id(parts: ZipParts, of: str) -> dict[str, _Relation]:
    """What a part refers to, by the ids it uses."""
    folder, name = posixpath.split(of)
    root = parts.tree(posixpath.join(folder, "_rels", name + ".rels"))
    found = {}
    for element in root.iter(_REL) if root is not None else ():
        target, is_outside = element.get("Target", ""), element.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[element.get("Id", "")] = _Relation(element.get("Type", ""), target, is_outside)
    return found


def _title(parts: ZipParts) -> str | None:
    root = parts.tree("docProps/core.xml")
    title = root.find(_TITLE) if root is not None else None
    return (title.text or "").strip() or None if title is not None else None
