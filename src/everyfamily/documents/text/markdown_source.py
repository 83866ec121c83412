"""Where the words of a Markdown paragraph are in its file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

_DESTINATION = re.compile(
    r"""\]\(\s{0,9}(?:<[^<>\n]{0,2000}>|(?:[^()\s\\]|\\.|\([^()\s]{0,500}\)){0,2000})"""
    r"""(?:\s{1,9}(?:"[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))?\s{0,9}\)|\]\[[^\[\]]{0,1000}\]|\]"""
)


class InlineSource:
    """The text of a paragraph as Markdown passes it to its inline rules, and where its lines begin in the file.

    Markdown removes the marks of lists and quotations from the start of each line. The rest is unchanged.
    """

    def __init__(self, content: str, lines: Sequence[str], first: int, start: int = 0) -> None:
        self._content = content
        self._starts: list[int] = []
        self._columns: list[int] = []
        self._first = first
        self._at = 0
        offset = 0
        for number, part in enumerate(content.split("\n")):
            line = lines[first + number] if first + number < len(lines) else ""
            found = line.find(part.rstrip(), start if number == 0 else 0)
            if found < 0:  # an escaped bar within a table
                found = max(start, 0)
            self._starts.append(offset)
            self._columns.append(found)
            offset += len(part) + 1
        self.end_of_first_line = self._columns[0] + len(content.split("\n", 1)[0])

    def _place(self, offset: int) -> tuple[int, int]:
        index = bisect_right(self._starts, offset) - 1
        return self._first + index + 1, self._columns[index] + offset - self._starts[index] + 1

    def find(self, words: str) -> tuple[int, int]:
        """Line and column of the next place where the words are. Moves past them."""
        found = self._content.find(words, self._at) if words else -1
        if found < 0:
            return self._place(min(self._at, max(len(self._content) - 1, 0)))
        self._at = found + len(words)
        return self._place(found)

    def line_end(self) -> tuple[int, int]:
        """Where the line with the last words ends. Moves on to the next."""
        found = self._content.find("\n", self._at)
        if found < 0:
            return self._place(max(len(self._content) - 1, 0))
        self._at = found + 1
        return self._place(found)

    def skip_destination(self) -> None:
        """Move past the address of a link or picture, which may repeat the words that follow it."""
        found = _DESTINATION.search(self._content, self._at)
        if found is not None:
            self._at = found.end()
