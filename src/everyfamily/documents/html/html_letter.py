"""A web page or an HTML email: what a reader sees, in the order of the source, with the place of each word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from html import unescape
from html.parser import HTMLParser
from itertools import accumulate

from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Block, BlockKind, Document, Image
from everyfamily.documents.html.html_elements import (
    CLOSED_BY,
    HEADINGS,
    IS_BLOCK,
    LISTS,
    NOT_TEXT,
    SCOPES,
    VOID,
    pixels,
)
from everyfamily.documents.html.html_looks import heading_level, is_right_to_left, look_of
from everyfamily.documents.shared.block_text import BlockText, Look
from everyfamily.documents.shared.css_looks import is_hidden, styles_of
from everyfamily.documents.shared.decoded_text import decoded
from everyfamily.documents.shared.document_limits import refuse_long_line, refuse_many, within_limits
from everyfamily.documents.shared.not_readable import DocumentTooLarge, NestedTooDeep

_MAX_DEPTH = 5_000
"""Old mail programs leave elements open through the whole letter. Beyond this depth, somebody means harm."""
_MAX_SOURCE = 20_000_000


@dataclass(slots=True)
class _Element:
    """An open element with everything that it passes on to what is inside."""

    tag: str
    look: Look
    kind: BlockKind = "paragraph"
    level: int = 0
    right_to_left: bool = False
    hidden: bool = False
    keeps_space: bool = False
    is_layout: bool = False
    block_language: str | None = None
    block_right_to_left: bool = False
    """For the nearest element that makes a block: the direction of its words as a whole."""


def read(data: bytes, name: str) -> Document:
    """Read HTML. Raises DocumentNotReadable."""
    source = decoded(data, is_html=True)
    if len(source) > _MAX_SOURCE:
        raise DocumentTooLarge("The page has more than 20 MB of source.", "Save the letter without its pictures.")
    page = read_page(source, name)
    return Document(
        name, "html", tuple(within_limits(page.blocks)), len(data), page.title, page.language, tuple(page.images)
    )


def read_page(source: str, file: str, first_line: int = 1) -> Page:
    """What a page or a part of one holds. `first_line` is its line in the file."""
    page = Page(source, file, first_line)
    page.feed(source)
    page.close()
    page.finish()
    return page


class Page(HTMLParser):
    """Walks the source once. Each character is looked at once, and each element is opened and closed once."""

    def __init__(self, source: str, file: str, first_line: int) -> None:
        super().__init__(convert_charrefs=False)
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.title: str | None = None
        self.language: str | None = None
        self._file = file
        self._more = first_line - 1
        self._source = source
        self._starts = [0, *accumulate(len(line) + 1 for line in source.split("\n"))]
        self._text = BlockText()
        self._later: list[Block] = []
        self._title: list[str] | None = None
        self._open = [_Element("", Look())]
        self._link: _Element | None = None
        self._counts: Counter[str] = Counter()

    def _at(self) -> tuple[int, int]:
        line, column = self.getpos()
        return line + self._more, column + 1

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    # What the parser calls.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        given = {name: value or "" for name, value in reversed(attrs)}
        self._close_implied(tag)
        if tag == "br":
            self._text.line_break(self._at())
        elif tag == "img":
            self._image(given)
        elif tag == "a" and self._link is not None:
            self._end_link()  # as browsers do: an unclosed link ends where the next one begins
        elif tag == "title" and self.title is None and not self._counts["svg"]:
            self._title = []
        if tag in IS_BLOCK:
            self._flush()
        if tag in VOID:
            return
        if len(self._open) > _MAX_DEPTH:
            raise NestedTooDeep(
                f"Elements are inside each other more than {_MAX_DEPTH:,} deep.",
                "Save the letter as a new page.",
            )
        self._push(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element. HTML has no empty elements except those that never hold anything."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        if tag == "title" and self._title is not None:
            self.title = " ".join("".join(self._title).split()) or None
            self._title = None
        if tag in IS_BLOCK:
            self._flush()
        if self._counts[tag]:
            while self._pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        self._refuse_long_block()
        element = self._open[-1]
        if self._title is not None:
            self._title.append(data)
        elif element.hidden:
            return
        elif element.keeps_space:
            self._add_as_is(data, element)
        else:
            self._text.add_collapsed(data, element.look, self._at())

    def handle_entityref(self, name: str) -> None:
        """A named entity, which may have no semicolon."""
        end = self._offset() + 1 + len(name)
        self._entity(f"&{name}{';' if self._source[end : end + 1] == ';' else ''}")

    def handle_charref(self, name: str) -> None:
        """A numbered entity."""
        self._entity(f"&#{name};")

    def unknown_decl(self, data: str) -> None:
        """Conditions for Outlook ("if !mso") are not text."""

    # What these need.

    def _refuse_long_block(self) -> None:
        """Stop as soon as a block is too long, before all of it has been read."""
        refuse_long_line(self._text.length, f"Paragraph {len(self.blocks) + 1:,}")

    def _entity(self, written: str) -> None:
        self._refuse_long_block()
        try:
            shown = unescape(written)
        except ValueError:  # a number with more digits than Python converts
            shown = "\ufffd"
        element = self._open[-1]
        if self._title is not None:
            self._title.append(shown)
        elif element.hidden or shown in "\xad\u200b\u200c\u200d\ufeff\u034f":
            return  # nothing visible
        elif shown.isspace() and shown not in "\xa0\u202f\u2007":
            self._text.add_collapsed(shown, element.look, self._at())
        else:
            self._text.add_shown(shown, element.look, self._at())

    def _add_as_is(self, data: str, element: _Element) -> None:
        line, column = self._at()
        for number, part in enumerate(data.split("\n")):
            if number:
                self._text.line_break((line + number - 1, column))
                column = 1
            self._text.add(part, element.look, (line + number, column))
            column += len(part)

    def _close_implied(self, tag: str) -> None:
        """Close what a tag ends implicitly: a paragraph at the next paragraph, an item at the next item."""
        closes = CLOSED_BY.get(tag)
        while closes and self._open[-1].tag in closes and self._open[-1].tag not in SCOPES:
            if self._open[-1].tag in IS_BLOCK:
                self._flush()
            self._pop()

    def _push(self, tag: str, given: dict[str, str]) -> None:
        around = self._open[-1]
        styles = styles_of(given["style"]) if "style" in given else {}
        element = replace(
            around,
            tag=tag,
            look=look_of(tag, given, styles, around.look),
            right_to_left=is_right_to_left(given, styles, around.right_to_left),
            hidden=around.hidden or tag in NOT_TEXT or "hidden" in given or is_hidden(styles),
            keeps_space=tag == "pre" or styles.get("white-space", "").startswith("pre") or around.keeps_space,
        )
        if tag in IS_BLOCK:
            element.block_language, element.block_right_to_left = element.look.language, element.right_to_left
        self._say_kind(element, given)
        if tag == "html" or (tag == "body" and self.language is None):
            self.language = element.look.language
        if tag == "a" and given.get("href") and not element.hidden:
            self._text.open_link(given["href"].strip())
            self._link = element
        self._open.append(element)
        self._counts[tag] += 1

    def _say_kind(self, element: _Element, given: dict[str, str]) -> None:
        tag = element.tag
        if tag == "table":
            element.is_layout = given.get("role", "").lower() in ("presentation", "none")
        if tag in HEADINGS or given.get("role", "").lower() == "heading":
            element.kind, element.level = (
                "heading",
                HEADINGS.get(tag) or heading_level(given.get("aria-level", "")),
            )
        elif tag in LISTS:
            element.level = element.level + 1 if element.kind == "item" else 1
        elif tag == "li":
            element.kind, element.level = "item", max(element.level, 1)
        elif tag in ("td", "th"):
            element.kind, element.level = ("paragraph" if element.is_layout else "cell"), 0

    def _pop(self) -> str:
        element = self._open.pop()
        self._counts[element.tag] -= 1
        if element is self._link:
            self._end_link()
        return element.tag

    def _end_link(self) -> None:
        self._text.close_link()
        self._link = None

    def _flush(self) -> None:
        """End the block that is being read. A link that continues past the end continues in the next block."""
        element = self._open[-1]
        going_on = [address for _, address in self._text.open_links]
        block = self._text.block(
            element.kind,
            SourceLocation(self._file, 1),
            level=element.level if element.kind in ("heading", "item") else 0,
            language=element.block_language,
            right_to_left=element.block_right_to_left,
        )
        if block is not None:
            self.blocks.append(block)
        self.blocks += self._later
        refuse_many(len(self.blocks), "paragraphs")
        self._later = []
        self._text = BlockText()
        for address in going_on:
            self._text.open_link(address)

    def _image(self, given: dict[str, str]) -> None:
        element = self._open[-1]
        styles = styles_of(given.get("style", ""))
        if element.hidden or is_hidden(styles):
            return
        place = SourceLocation(self._file, *self._at())
        alt = given.get("alt") if given.get("role") not in ("presentation", "none") else ""
        width = pixels(styles.get("width") or given.get("width", ""))
        height = pixels(styles.get("height") or given.get("height", ""))
        address = given.get("src", "").strip()
        # A picture within the page has no address, and may be a megabyte.
        address = address if not address.startswith("data:") else "data:"
        self.images.append(Image(place, alt, address, width, height))
        refuse_many(len(self.images), "pictures")
        if alt and alt.strip():
            self._later.append(Block("alt text", " ".join(alt.split()), place, language=element.look.language))

    def finish(self) -> None:
        """What had been read when the source ended."""
        if self._title is not None:
            self.title = " ".join("".join(self._title).split()) or None
        self._flush()
