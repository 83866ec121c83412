"""English as rules read it: one spelling of spaces, quotes and digits, split into sentences and words.

Every pattern here and in the rules runs over folded text, in which no run of white space is longer than one character.
That stops `\\s+` in a word list from taking quadratic time on a hostile document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

PARAGRAPH_BREAK = "\u2029"

_DIGIT_ZEROS = (0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xFF10)
_FOLD = {
    **{zero + value: str(value) for zero in _DIGIT_ZEROS for value in range(10)},
    **dict.fromkeys(map(ord, "‘’‛ʼ`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-"),
}
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_RUNS = re.compile(rf"[\s{_INVISIBLE}]*+")
_NEEDS_WORK = re.compile(rf"\s?[{_INVISIBLE}]|[^\S ]|\s\s")

_SENTENCE_END = re.compile(
    rf"""(?<=[.!?…])["')\]]{{0,3}}(?=\s)|{PARAGRAPH_BREAK}|\n(?=[-•*–]\s|\d{{1,2}}[.)]\s)"""
)
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|Mr|Mrs|Ms|Dr|St|Rev|etc)\.$")

_NARROWEST_COLUMN = 40
"""Characters. If a line has fewer, a person ended it, not a margin."""

_GAP = re.compile(r"\(\([^()\n]{0,80}\)\)")
_TELEPHONE = re.compile(r"(?<![\w.])\+?\d(?:[ ()-]{0,2}\d){4,15}(?!\w)")
_WEB = re.compile(r"(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}(?:[/?#]\S*)?")
_WORD = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*")

_QUOTES = (("“", "”"), ("«", "»"), ('"', '"'), ("‘", "’"))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in one spelling, and where its characters were: `origin[i]` is an offset of the original."""

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn offsets of the folded text into offsets of the original."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else 0
            return at, at
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Give typographic quotes, hyphens, digits and spaces one spelling, and drop what cannot be seen.

    A run of white space becomes one space, one line break, or one paragraph break (U+2029) if it contained a blank
    line.
    """
    plain = text.translate(_FOLD)
    if not _NEEDS_WORK.search(plain):
        return Folded(plain, range(len(plain)))
    out: list[str] = []
    origin: list[int] = []
    position = 0
    while position < len(plain):
        run = _RUNS.match(plain, position)
        if run is not None and run.end() > position:
            space, at = _one_space(run.group())
            if space:
                out.append(space)
                origin.append(position + at)
            position = run.end()
            continue
        stop = _NEEDS_WORK.search(plain, position)
        end = stop.start() if stop else len(plain)
        out.append(plain[position:end])
        origin.extend(range(position, end))
        position = end
    return Folded("".join(out), origin)


def _one_space(run: str) -> tuple[str, int]:
    """What a run of white and invisible characters becomes, and where the first white one is in it."""
    first = next((at for at, character in enumerate(run) if character.isspace()), -1)
    breaks = run.count("\n")
    if breaks > 1 or PARAGRAPH_BREAK in run:
        return PARAGRAPH_BREAK, first
    if breaks == 1:
        return "\n", first
    return (" " if first >= 0 else ""), first


def sentences(folded: str) -> tuple[tuple[int, int], ...]:
    """Offsets of every sentence, without the space around it. A bullet on its own line is a sentence.

    So is a line that somebody ended on purpose: the next one begins with a capital letter, and its first word would
    have fitted, or no column is so narrow. "Danger now: 999" and the row below it are two; a wrapped line is not one.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for at, end in sorted([*_marked_ends(folded), *_ended_lines(folded)]):
        if end <= start or _ABBREVIATION.search(folded, max(0, at - 6), at):
            continue
        _add_sentence(folded, start, end, found)
        start = end
    _add_sentence(folded, start, len(folded), found)
    return tuple(found)


def _marked_ends(folded: str) -> Iterator[tuple[int, int]]:
    for boundary in _SENTENCE_END.finditer(folded):
        yield boundary.span()


def _ended_lines(folded: str) -> Iterator[tuple[int, int]]:
    if "\n" not in folded:
        return
    start = 0
    for paragraph in folded.split(PARAGRAPH_BREAK):
        lines = paragraph.split("\n")
        width = max(map(len, lines))
        for line, following in pairwise(lines):
            start += len(line) + 1
            first = following[:width].partition(" ")[0]
            if following[:1].isupper() and (len(line) + 1 + len(first) <= width or len(line) < _NARROWEST_COLUMN):
                yield start - 1, start
        start += len(lines[-1]) + 1


def _add_sentence(folded: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))


def sentence_at(spans: Sequence[tuple[int, int]], offset: int) -> tuple[int, int]:
    """The sentence that contains `offset`, or the one before it. (0, 0) if there is none."""
    index = bisect_right(spans, (offset, 1 << 62)) - 1
    return spans[index] if index >= 0 else (0, 0)


def words(sentence: str) -> list[str]:
    """The words that a reader must read. Telephone numbers and web and email addresses are left out, and a gap counts
    as one."""
    without_numbers = _TELEPHONE.sub(" ", _GAP.sub(" gap ", sentence))
    return [word for token in without_numbers.split() if not _is_address(token) for word in _WORD.findall(token)]


def _is_address(token: str) -> bool:
    bare = token.strip("()[]<>\"'.,;:!?")
    return "@" in bare or "://" in bare or _WEB.fullmatch(bare) is not None


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets in the original text between quotation marks, including the marks."""
    return tuple(span for opening, closing in _QUOTES for span in _between(text, opening, closing))


def _between(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    position = text.find(opening)
    while position >= 0:
        end = _closing(text, closing, position + 1)
        if end < 0:
            return
        yield position, end + 1
        position = text.find(opening, end + 1)


def _closing(text: str, closing: str, position: int) -> int:
    """The closing mark. A single one inside a word ("child’s") is an apostrophe."""
    end = text.find(closing, position)
    while closing == "’" and 0 <= end < len(text) - 1 and text[end + 1].isalnum():
        end = text.find(closing, end + 1)
    return end
