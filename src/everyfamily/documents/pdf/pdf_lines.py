"""Lines and paragraphs from the words of a page, if no tags say what belongs together."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from everyfamily.documents.pdf.pdf_words import Word
from everyfamily.documents.shared.typed_marks import number_length, typed_mark_length

_CELL_GAP = 2.2
"""Widths of the letter M between two words that belong to different cells or columns."""
_SAME_BASE = 0.35
_LOOSE = 1.18
_UP = 2.0
"""Sizes of type by which a line is further up than the one before it, where a column begins."""
_OF_A_COLUMN = 5
"""Lines; fewer are a sender's address or a note beside the text."""
_MOST_COLUMNS = 20
_ENDS = (".", "!", "?", ":", "”", '"')


@dataclass(slots=True)
class Line:
    """Words next to each other, in one cell or column."""

    words: list[Word]
    is_beside: bool = False
    """Whether it is to the right of another line on the same baseline."""

    @property
    def left(self) -> float:
        """Where the first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where the last word ends."""
        return self.words[-1].right

    @property
    def base(self) -> float:
        """The baseline."""
        return self.words[0].base

    @property
    def size(self) -> float:
        """Point size of most of its characters."""
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.setting.size] += len(word.text)
        return sizes.most_common(1)[0][0] or 10.0

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return all(word.setting.bold for word in self.words)

    @property
    def text(self) -> str:
        """Its words with spaces."""
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together. `breaks` are the numbers of lines that begin on purpose."""

    lines: list[Line]
    breaks: set[int] = field(default_factory=set)
    is_item: bool = False


def lines_of(words: Sequence[Word]) -> list[Line]:
    """The lines of a page in the order in which they were drawn."""
    lines: list[Line] = []
    for word in words:
        if lines and _goes_on(lines[-1].words[-1], word):
            last = lines[-1].words[-1]
            size = word.setting.size or last.setting.size or 10.0
            is_mark = len(lines[-1].words) == 1 and bool(typed_mark_length(last.text + " x"))
            if word.left - last.right <= size * _CELL_GAP or is_mark:
                lines[-1].words.append(word)
            else:
                lines.append(Line([word], is_beside=True))
        else:
            lines.append(Line([word]))
    return lines


def _goes_on(last: Word, word: Word) -> bool:
    size = max(last.setting.size, word.setting.size, 4.0)
    return abs(last.base - word.base) <= size * _SAME_BASE and word.left >= last.left


def leading_of(pages: Sequence[Sequence[Line]]) -> float:
    """The usual distance between baselines, in multiples of the type size."""
    gaps: Counter[float] = Counter()
    for lines in pages:
        for above, below in pairwise(lines):
            gap = (above.base - below.base) / above.size
            if 0.9 <= gap <= 2.0:
                gaps[round(gap, 1)] += 1
    return gaps.most_common(1)[0][0] if gaps else 1.2


def paragraphs_of(lines: Sequence[Line], leading: float) -> Iterator[Paragraph]:
    """The paragraphs of a page."""
    now: Paragraph | None = None
    edge = 0.0
    for line, ends in zip(lines, column_ends(lines), strict=True):
        if now is not None and _belongs(now, line, leading, edge):
            above = now.lines[-1]
            if not (now.is_item or _is_full(above, line, edge) or _is_further_up(above, line)):
                if above.text.endswith(_ENDS) and len(now.lines) > 1:
                    yield now
                    now, edge = Paragraph([line]), ends
                    continue
                now.breaks.add(len(now.lines))
            now.lines.append(line)
        else:
            if now is not None:
                yield now
            now = Paragraph([line], is_item=_begins_item(line))
        edge = ends
    if now is not None:
        yield now


def column_ends(lines: Sequence[Line]) -> list[float]:
    """Where the column of each line ends on the right, as far as its longest line goes.

    A column is drawn from top to bottom, and the next begins further up the page.
    """
    lefts = [min(line.left for line in run) for run in _runs_down(lines) if len(run) >= _OF_A_COLUMN][
        :_MOST_COLUMNS
    ]
    rights = sorted(line.right for line in lines)
    ends = []
    for line in lines:
        next_column = min((left for left in lefts if left > line.right), default=inf)
        ends.append(rights[bisect_right(rights, next_column) - 1])
    return ends


def _runs_down(lines: Sequence[Line]) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if run and _is_further_up(run[-1], line):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _begins_item(line: Line) -> bool:
    return bool(typed_mark_length(line.text) or number_length(line.text))


def _belongs(now: Paragraph, line: Line, leading: float, edge: float) -> bool:
    above = now.lines[-1]
    if line.is_beside or _begins_item(line) or line.is_bold != above.is_bold:
        return False
    if abs(line.size - above.size) > 0.08 * above.size:
        return False
    if _is_further_up(above, line):
        return _goes_on_in_mid_sentence(above, line)
    gap = (above.base - line.base) / above.size
    if not 0.5 <= gap <= leading * _LOOSE:
        return False
    if now.is_item:
        hangs = line.left > now.lines[0].left + 0.4 * line.size
        return hangs or (_goes_on_in_mid_sentence(above, line) and _is_full(above, line, edge))
    return abs(line.left - above.left) <= 2.5 * line.size


def _is_further_up(above: Line, line: Line) -> bool:
    """Whether another column begins with the line."""
    return line.base > above.base + _UP * line.size


def _goes_on_in_mid_sentence(above: Line, line: Line) -> bool:
    last, first = above.text[-1:], line.text[:1]
    return (last.isalnum() or last == ",") and first.islower()


def _is_full(above: Line, line: Line, edge: float) -> bool:
    """Whether the next word would not have fitted at the end of the line above."""
    if above.words[-1].is_broken:
        return True
    next_word = line.words[0]
    return above.right + (next_word.right - next_word.left) + above.size * 0.2 > edge - above.size * 0.5
