"""Pieces of text with their places: what rules about words read, from our letter or from outside."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from everyfamily.checks.text import prose
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import ParagraphLocation, SourceLocation
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.outside_document import Anchor, Block
from everyfamily.core.text.passages import KitText, LetterText, Passage

_LINE_BREAK = re.compile("\n")

Part = Literal["body", "outside", "register", "newsletter", "briefing", "press"]
"""Inside the letter; readable without opening it; printed from the partnership's file; what a school, or
the partnership's press offices, say alongside it."""


@dataclass(frozen=True)
class Piece:
    """One run of text that a family can read, and where it is.

    `passage` is the id of the passage (its aside has the same id), `routes/<id>` for the register, or what a reader of
    outside documents gives ("page 2, paragraph 3"). `lead_in` is the heading or paragraph just above a list item,
    because "Please do not:" is part of what the item says. `text` may contain line breaks.
    """

    passage: str
    kind: str
    text: str
    place: SourceLocation
    language: str = "en"
    part: Part = "body"
    lead_in: str = ""
    block: Block | None = None
    """The block of a document from outside (or of a rendered file) that this is. None for a composed passage."""

    @cached_property
    def folded(self) -> prose.Folded:
        """The text in one spelling, which patterns run over."""
        return prose.fold(self.text)

    @cached_property
    def small(self) -> str:
        """The folded text in lower case: every row of the list asks whether a word is in it at all."""
        return self.folded.text.lower()

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Offsets of the sentences in the folded text."""
        return prose.sentences(self.folded.text)

    @cached_property
    def quotations(self) -> tuple[tuple[int, int], ...]:
        """Offsets in `text` that are quoted."""
        return prose.quotations(self.text)

    @property
    def section(self) -> str:
        """The id of the section of our letter that it is in, without the version ("now" of "primary/now/2")."""
        return self.passage.removeprefix(f"{Version.PRIMARY}/").partition("/")[0]

    @property
    def is_english(self) -> bool:
        """Whether the English word lists and counts apply."""
        return self.language == "en" or self.language.startswith("en-")

    def place_of(self, offset: int) -> SourceLocation:
        """Where the character at `offset` is. It is exact if the source has the text as written."""
        if self.block is not None and self.block.anchors:
            return self._anchored(offset, self.block.anchors)
        if isinstance(self.place, ParagraphLocation):
            return replace(self.place, column=offset + 1)
        lines = bisect_left(self._line_breaks, offset)
        if lines == 0:
            return SourceLocation(self.place.file, self.place.line, self.place.column + offset)
        return SourceLocation(self.place.file, self.place.line + lines, offset - self._line_breaks[lines - 1])

    def _anchored(self, offset: int, anchors: Sequence[Anchor]) -> SourceLocation:
        index = bisect_right(anchors, offset, key=lambda anchor: anchor.offset) - 1
        if index < 0:
            return self.place
        anchor = anchors[index]
        return replace(self.place, line=anchor.line, column=anchor.column + offset - anchor.offset)

    @cached_property
    def _line_breaks(self) -> tuple[int, ...]:
        return tuple(match.start() for match in _LINE_BREAK.finditer(self.text))


def pieces_of(letter: Letter) -> tuple[Piece, ...]:
    """Every piece of a composed letter in reading order, version by version and language by language, then the printed
    register."""
    return (*_texts(letter), *_register(letter))


def _texts(letter: Letter) -> Iterator[Piece]:
    for text in letter.letter_texts():
        yield from pieces_of_text(text, text.language)
        for passage in text.outside():
            yield _piece(passage, text.language, "outside")
        if text.newsletter is not None:
            yield from pieces_of_text(text.newsletter, text.language, "newsletter")
        if text.briefing is not None:
            yield from pieces_of_text(text.briefing, text.language, "briefing")
        if text.press is not None:
            yield from pieces_of_text(text.press, text.language, "press")


def pieces_of_text(text: LetterText | KitText | SiteText, language: str, part: Part = "body") -> Iterator[Piece]:
    """Title, headings and what is under them, each aside after its passage."""
    yield _piece(text.title, language, part)
    for section in text.sections:
        lead_in = section.heading.text if section.heading else ""
        if section.heading is not None:
            yield from _with_aside(section.heading, language, part)
        for passage in section.passages:
            yield from _with_aside(passage, language, part, lead_in if passage.kind == "item" else "")
            if passage.kind != "item":
                lead_in = passage.text


def _with_aside(passage: Passage, language: str, part: Part, lead_in: str = "") -> Iterator[Piece]:
    yield _piece(passage, language, part, lead_in)
    if passage.aside is not None:
        # An answer of the press lines is running text, not a word beside a sign.
        kind = "paragraph" if part == "press" else "aside"
        yield Piece(passage.id, kind, passage.aside, _place_of_aside(passage), language, part)


def _place_of_aside(passage: Passage) -> SourceLocation:
    """It is on the line of its passage, after " | "."""
    place = passage.place
    return SourceLocation(place.file, place.line, place.column + len(passage.text) + len(" | "))


def _piece(passage: Passage, language: str, part: Part, lead_in: str = "") -> Piece:
    return Piece(passage.id, passage.kind, passage.text, passage.place, language, part, lead_in)


def _register(letter: Letter) -> Iterator[Piece]:
    for route in letter.routes:
        yield from _route(route, letter.partnership_file)
    top = SourceLocation(letter.partnership_file)
    yield Piece("sender name", "sender name", letter.sender_name, top, part="outside")
    yield Piece("enquiries", "enquiries", letter.enquiries.role, top, part="register")
    yield Piece("enquiries", "enquiries", letter.enquiries.hours, top, part="register")
    for line in letter.from_lines:
        yield Piece("from", "from", line, top, part="register")


def _route(route: Route, file: str) -> Iterator[Piece]:
    place = SourceLocation(file, route.line)
    printed = {
        "need": route.need,
        "label": route.label,
        "hours": route.hours,
        "number": route.number,
        "address": route.url,
    }
    for kind, text in printed.items():
        if text:
            yield Piece(f"routes/{route.id}", kind, text, place, part="register")


def pieces_of_items(text: LetterText) -> dict[str, list[tuple[Piece, bool]]]:
    """The list items of each section that has any, with whether other causes are given with the item."""
    items = {
        section.id: [
            (_piece(passage, text.language, "body"), bool(passage.aside and passage.aside.strip()))
            for passage in section.passages
            if passage.kind == "item"
        ]
        for section in text.sections
    }
    return {section: found for section, found in items.items() if found}
