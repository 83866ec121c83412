"""A letter from outside, as its reader gives it: blocks of text with their places, and what the rules look at.

The readers (`documents/`) make these, the rules (`checks/`) read them, and neither knows the other. Our own rendered
files go through the same readers, so that one rule about link texts works for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from everyfamily.core.errors import SourceLocation

DocumentFormat = Literal["docx", "odt", "pdf", "html", "md", "txt"]
BlockKind = Literal["title", "heading", "paragraph", "item", "cell", "alt text", "header", "footer"]
Colour = tuple[int, int, int]
"""Red, green, blue, each 0 to 255."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words of a block that lead somewhere. `start` and `end` are offsets of the block's text, end excluded."""

    start: int
    end: int
    address: str
    """As written in the file: "https://…", "mailto:…", "tel:…", "#part"."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a block with the same formatting. Only runs about which the file says something are given.

    `language` is a BCP 47 tag. `size` is in points. `isolated` is true for text that a right-to-left line cannot
    reorder (HTML `bdi`, `dir`; the Unicode isolates). None means that the file does not say.
    """

    start: int
    end: int
    language: str | None = None
    colour: Colour | None = None
    background: Colour | None = None
    size: float | None = None
    bold: bool = False
    isolated: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """From `offset` of a block's text onwards, its characters are at `line` and `column` of the source, one by one.

    Readers of text formats give an anchor wherever mark-up is between two characters of the text, and at each line
    break within it.
    """

    offset: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. `alt` None: nothing is said about it; "": marked as decoration. Sizes in CSS pixels, if known."""

    place: SourceLocation
    alt: str | None
    address: str = ""
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table cell, in reading order. Its text may contain line breaks.

    `level` is 1 to 6 for a heading, the depth from 1 for a list item, and otherwise 0. `language` is what the file
    declares for the block or for what surrounds it, or None if it declares none. `right_to_left` is the declared
    direction.
    """

    kind: BlockKind
    text: str
    place: SourceLocation
    level: int = 0
    language: str | None = None
    right_to_left: bool = False
    links: tuple[Link, ...] = ()
    runs: tuple[Run, ...] = ()
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read. `file` is its name without a folder, or "standard input" if it has none.

    `pages` is known only for PDF. `is_tagged` is whether a PDF has a structure tree. `untagged_text` is the text of
    each page that its tags do not contain (page number, text). `size` is the size of the file in bytes.
    """

    file: str
    format: DocumentFormat
    blocks: tuple[Block, ...]
    size: int
    title: str | None = None
    language: str | None = None
    images: tuple[Image, ...] = ()
    pages: int | None = None
    is_tagged: bool | None = None
    untagged_text: tuple[tuple[int, str], ...] = ()
