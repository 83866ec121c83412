"""The words of a finding on one line of a terminal: cut around them, made safe, and underlined.

The text comes from strangers' documents, in any script.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from everyfamily.checks.model.finding import Finding

_JOINERS = ("\u200c", "\u200d")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_NEAR = 16
"""How far a cut may move to be between two words."""


@dataclass(frozen=True, slots=True)
class ShownWords:
    """A line that can be printed as it is, and where the words begin and end in it."""

    line: str
    start: int
    end: int

    @property
    def marks(self) -> str:
        """Marks to print under the line. Empty if a terminal may reverse the line's order."""
        if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in self.line):
            return ""
        return " " * columns(self.line[: self.start]) + "^" * max(1, columns(self.line[self.start : self.end]))


def shown_words(finding: Finding, width: int) -> ShownWords:
    """The part of the finding's text around its words, on one line of at most `width` columns."""
    start, end = finding.span
    text = finding.text
    line_begin = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    begin, stop = line_begin, line_end
    if line_end - line_begin > width or columns(text[line_begin:line_end]) > width:
        begin = _begin(text, start, line_begin, line_end, width)
        stop = _stop(text, begin, (start, end), line_end, width)
    before = "…" if begin > line_begin else ""
    after = "…" if stop < line_end else ""
    offset = len(before) - begin
    line = f"{before}{one_line(text[begin:stop])}{after}"
    return ShownWords(line, start + offset, max(start, min(end, stop)) + offset)


def _begin(text: str, start: int, line_begin: int, line_end: int, width: int) -> int:
    """A third of the line is before the words, or more if little comes after them."""
    after = columns(text[start : min(line_end, start + width)])
    room = max(width // 3, width - after - 2)
    begin = start
    while begin > line_begin and (room := room - _width(text[begin - 1])) >= 0:
        begin -= 1
    if begin == line_begin:
        return begin
    space = text.find(" ", begin, min(start, begin + _NEAR))
    return space + 1 if space >= 0 else begin


def _stop(text: str, begin: int, span: tuple[int, int], line_end: int, width: int) -> int:
    room = width - 2
    stop = begin
    while stop < line_end and (room := room - _width(text[stop])) >= 0:
        stop += 1
    if stop == line_end:
        return stop
    space = text.rfind(" ", max(span[0] + 1, stop - _NEAR), stop)
    return stop if space < 0 or space < span[1] <= stop else space


def one_line(text: str) -> str:
    """The text with a plain space for everything that moves the cursor, breaks a line or hides a character.

    No escape sequence from a document may reach a terminal. The length does not change.
    """
    return "".join(" " if _is_unsafe(character) else character for character in text)


def _is_unsafe(character: str) -> bool:
    return not character.isprintable() and character not in _JOINERS


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or character in _JOINERS or unicodedata.category(character) == "Me":
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
