"""Text of one block while it is being read, with its links, runs and places."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Anchor, Block, BlockKind, Colour, Link, Run

_WORDS = re.compile(r"[^\S\xa0\u202f\u2007]+|[\S\xa0\u202f\u2007]+")
"""No-break spaces are part of what is written. All other white space in a source is layout."""


class Look(NamedTuple):
    """How words are formatted, with the same fields as a Run."""

    language: str | None = None
    colour: Colour | None = None
    background: Colour | None = None
    size: float | None = None
    bold: bool = False
    isolated: bool = False


PLAIN = Look()


@dataclass(slots=True)
class BlockText:
    """Collects the text of one block. Only readers of text formats give `line` and `column`."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    anchors: list[Anchor] = field(default_factory=list)
    looks: list[tuple[int, Look]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    open_links: list[tuple[int, str]] = field(default_factory=list)
    _space: tuple[int, int] | None = None

    def add(self, text: str, look: Look = PLAIN, at: tuple[int, int] | None = None) -> None:
        """Add text at the end as it is. `at` is where its first character is in the source."""
        if not text:
            return
        if not self.looks or self.looks[-1][1] != look:
            self.looks.append((self.length, look))
        if at is not None:
            self._anchor(*at)
        self.parts.append(text)
        self.length += len(text)

    def add_collapsed(self, text: str, look: Look = PLAIN, at: tuple[int, int] = (1, 1)) -> None:
        """Add text at the end with white space as one space, as browsers show it."""
        line, column = at
        for match in _WORDS.finditer(text):
            word = match[0]
            if word[0].isspace() and word[0] not in "\xa0\u202f\u2007":
                self._space = self._space or (line, column)
                breaks = word.count("\n")
                line += breaks
                column = len(word) - word.rfind("\n") if breaks else column + len(word)
            else:
                self._spaced(look)
                self.add(word, look, (line, column))
                column += len(word)

    def add_shown(self, text: str, look: Look, at: tuple[int, int]) -> None:
        """Add the text of an entity at the end. An entity is never collapsed."""
        self._spaced(look)
        self.add(text, look, at)

    def line_break(self, at: tuple[int, int] | None = None) -> None:
        """Start a new line within the block."""
        self._space = None
        self.add("\n", self.looks[-1][1] if self.looks else PLAIN, at)

    def _spaced(self, look: Look) -> None:
        if self._space is not None:
            if self.length and not self.parts[-1].endswith("\n"):
                self.add(" ", look, self._space)
            self._space = None

    def _anchor(self, line: int, column: int) -> None:
        if self.anchors:
            last = self.anchors[-1]
            if (last.line, last.column + self.length - last.offset) == (line, column):
                return
        self.anchors.append(Anchor(self.length, line, column))

    def open_link(self, address: str) -> None:
        """From here on, words link to `address`."""
        if self._space is not None:
            self._spaced(PLAIN)
        self.open_links.append((self.length, address))

    def close_link(self) -> None:
        """The link that was opened last ends here."""
        if self.open_links:
            start, address = self.open_links.pop()
            if self.length > start:
                self.links.append(Link(start, self.length, address))

    def block(
        self,
        kind: BlockKind,
        place: SourceLocation,
        *,
        level: int = 0,
        language: str | None = None,
        right_to_left: bool = False,
        cut: int = 0,
    ) -> Block | None:
        """The finished block without white space at its ends and without its first `cut` characters, or None if
        empty."""
        while self.open_links:
            self.close_link()
        text = "".join(self.parts)
        start = cut + len(text[cut:]) - len(text[cut:].lstrip())
        end = len(text.rstrip())
        if end <= start:
            return None
        anchors = self._anchors(start, end)
        if anchors:
            place = SourceLocation(place.file, anchors[0].line, anchors[0].column)
        return Block(
            kind,
            text[start:end],
            place,
            level,
            language,
            right_to_left,
            tuple(self._links(start, end, text)),
            tuple(self._runs(start, end, language)),
            anchors if len(anchors) > 1 else (),
        )

    def _anchors(self, start: int, end: int) -> tuple[Anchor, ...]:
        found: list[Anchor] = []
        for anchor in self.anchors:
            if anchor.offset <= start:
                found = [Anchor(0, anchor.line, anchor.column + start - anchor.offset)]
            elif anchor.offset < end:
                found.append(Anchor(anchor.offset - start, anchor.line, anchor.column))
        return tuple(found)

    def _links(self, start: int, end: int, text: str) -> list[Link]:
        found = []
        for link in sorted(self.links, key=lambda link: (link.start, link.end)):
            first, last = max(link.start, start), min(link.end, end)
            first += len(text[first:last]) - len(text[first:last].lstrip())
            last = first + len(text[first:last].rstrip())
            if last > first:
                found.append(Link(first - start, last - start, link.address))
        return found

    def _runs(self, start: int, end: int, language: str | None) -> list[Run]:
        found = []
        for index, (at, look) in enumerate(self.looks):
            until = self.looks[index + 1][0] if index + 1 < len(self.looks) else self.length
            first, last = max(at, start), min(until, end)
            if look.language is not None and look.language == language:
                look = look._replace(language=None)  # the block says it
            if last > first and look != PLAIN:
                found.append(Run(first - start, last - start, *look))
        return found
