"""Markdown (CommonMark with tables): what its reader sees, with the place of each word in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Block, BlockKind, Document, Image
from everyfamily.documents.html.html_letter import read_page
from everyfamily.documents.shared.block_text import PLAIN, BlockText, Look
from everyfamily.documents.shared.decoded_text import decoded
from everyfamily.documents.shared.document_limits import refuse_long_line, refuse_much_text, within_limits
from everyfamily.documents.shared.not_readable import NestedTooDeep
from everyfamily.documents.text.markdown_source import InlineSource

_FRONT = re.compile(r"---[ \t]{0,9}\n((?:[^\n]{0,2000}\n){0,60}?)---[ \t]{0,9}(?:\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]{0,9}[\"']?([^\"'\n]{1,300})", re.MULTILINE)
_LANGUAGE = re.compile(r"^lang(?:uage)?:[ \t]{0,9}[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})", re.MULTILINE)
_BREAK = re.compile(r"<br[ \t]{0,9}/?>", re.IGNORECASE)
_BOLD = Look(bold=True)
_DEEPEST = 100


def read(data: bytes, name: str) -> Document:
    """Read Markdown. Raises DocumentNotReadable."""
    text = decoded(data)
    refuse_much_text(text)
    together = 0
    for number, line in enumerate(text.split("\n"), start=1):
        refuse_long_line(len(line), f"Line {number:,}")
        # Before it is parsed, because for some paragraphs the parser's time grows with the square of their length.
        together = together + len(line) if line.strip() else 0
        refuse_long_line(together, f"The paragraph that goes on at line {number:,}")
    front = _FRONT.match(text)
    said = front[1] if front else ""
    if front:
        # Taken out, but with its line ends left in, so that the lines below keep their numbers.
        text = "\n" * front[0].count("\n") + text[front.end() :]
    title, language = _TITLE.search(said), _LANGUAGE.search(said)
    page = _Page(text, name)
    return Document(
        name,
        "md",
        tuple(within_limits(page.blocks())),
        len(data),
        title[1].strip() if title else None,
        language[1] if language else None,
        tuple(page.images),
    )


class _Page:
    """Walks the tokens of one text once."""

    def __init__(self, text: str, file: str) -> None:
        self.images: list[Image] = []
        self._file = file
        self._lines = text.split("\n")
        # text_join would merge escaped characters into the text around them, and their places would be lost.
        parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable("text_join")
        self._tokens = parser.parse(text)
        if any(token.nesting == 1 and token.level >= _DEEPEST - 1 for token in self._tokens):
            # The parser leaves out what is nested more deeply, and does not say so.
            raise NestedTooDeep(
                f"Lists and quotations are more than {_DEEPEST - 1} deep inside each other.",
                "Take marks such as > and - away from the beginning of lines.",
            )
        self._kinds: list[tuple[BlockKind, int]] = []
        self._depth = 0
        self._cell_at = (0, 0)

    def blocks(self) -> Iterator[Block]:
        """Every block in the order of the source."""
        for token in self._tokens:
            if token.type == "inline":
                yield from self._inline(token)
            elif token.type in ("fence", "code_block"):
                yield from self._code(token)
            elif token.type == "html_block" and token.map:
                page = read_page(
                    "\n".join(self._lines[token.map[0] : token.map[1]]), self._file, token.map[0] + 1
                )
                self.images += page.images
                yield from page.blocks
            else:
                self._step(token)

    def _step(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._depth -= 1
        elif token.type == "heading_open":
            self._kinds.append(("heading", int(token.tag[1:])))
        elif token.type in ("th_open", "td_open"):
            self._kinds.append(("cell", 0))
        elif token.type == "list_item_open":
            self._kinds.append(("item", self._depth))
        elif token.type == "blockquote_open":
            self._kinds.append(("paragraph", 0))
        elif token.type in ("heading_close", "th_close", "td_close", "list_item_close", "blockquote_close"):
            self._kinds.pop()

    def _kind(self) -> tuple[BlockKind, int]:
        return self._kinds[-1] if self._kinds else ("paragraph", 0)

    def _code(self, token: Token) -> Iterator[Block]:
        kind, level = self._kind()
        first = (token.map[0] if token.map else 0) + (1 if token.type == "fence" else 0)
        text = BlockText()
        for number, line in enumerate(token.content.rstrip("\n").split("\n"), start=first):
            source = self._lines[number] if number < len(self._lines) else ""
            column = max(source.find(line), 0) + 1
            if number > first:
                text.add("\n", at=(number, len(self._lines[number - 1]) + 1))
            text.add(line, at=(number + 1, column))
        block = text.block(kind, SourceLocation(self._file, first + 1), level=level)
        if block is not None:
            yield block

    def _inline(self, token: Token) -> Iterator[Block]:
        kind, level = self._kind()
        first = token.map[0] if token.map else 0
        start = 0
        if kind == "cell":
            start = self._cell_at[1] if self._cell_at[0] == first else 0
        source = InlineSource(token.content, self._lines, first, start)
        text = _Inline(source, self._file)
        text.add_all(token.children or ())
        if kind == "cell":
            self._cell_at = (first, source.end_of_first_line)
        self.images += text.images
        block = text.text.block(kind, SourceLocation(self._file, first + 1), level=level)
        if block is not None:
            yield block
        yield from (
            Block("alt text", image.alt, image.place) for image in text.images if image.alt and image.alt.strip()
        )


class _Inline:
    """The text of one paragraph, heading or cell."""

    def __init__(self, source: InlineSource, file: str) -> None:
        self.text = BlockText()
        self.images: list[Image] = []
        self._source = source
        self._file = file
        self._strong = 0

    def add_all(self, tokens: Sequence[Token]) -> None:
        """Go through the marks and words in order."""
        for token in tokens:
            self._add(token)

    def _add(self, token: Token) -> None:
        look = _BOLD if self._strong else PLAIN
        if token.type in ("text", "code_inline"):
            self.text.add(token.content, look, self._source.find(token.content))
        elif token.type == "text_special":
            self.text.add(token.content, look, self._source.find(token.markup))
        elif token.type == "softbreak":
            self.text.add(" ", look, self._source.line_end())
        elif token.type == "hardbreak":
            self.text.line_break(self._source.line_end())
        elif token.type == "html_inline":
            at = self._source.find(token.content)
            if _BREAK.fullmatch(token.content):
                self.text.line_break(at)
        elif token.type == "image":
            self._image(token)
        else:
            self._mark(token)

    def _mark(self, token: Token) -> None:
        if token.type == "strong_open":
            self._strong += 1
        elif token.type == "strong_close":
            self._strong -= 1
        elif token.type == "link_open":
            self.text.open_link(str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            self.text.close_link()
            if token.markup != "autolink":
                self._source.skip_destination()

    def _image(self, token: Token) -> None:
        line, column = self._source.find("![")
        alt = "".join(child.content for child in token.children or () if child.content)
        for child in token.children or ():
            if child.type == "text":
                self._source.find(child.content)
        self._source.skip_destination()
        self.images.append(
            Image(SourceLocation(self._file, line, column), alt or None, str(token.attrs.get("src", "")))
        )
