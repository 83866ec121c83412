"""Which row of a sheet is its header, and what is above it: titles, filters, and names of blocks ("Contact 1")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from everyfamily.core.rolls.layout.heading_parts import ADULT, CHILD, NOBODY, UNKNOWN, parts_of

type Row = Sequence[str]

_LIKE_A_VALUE = re.compile(r"@|(?<![0-9])(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{3}|[0-9]{5}|[0-9][/.:][0-9]")
"""In a cell that may be somebody's address, number or birthday, and not a heading."""
HEADINGS_AT_LEAST = 2
"""How many known headings make a row of cells a header."""
_LONGEST_HEADING = 60
_WORDS_OF_A_BLOCK = 4
_EMPTY_WORDS = re.compile(r"\b(?:details?|information|info|data)\b", re.IGNORECASE)


def header_score(row: Row) -> int:
    """How many cells of a row look like headings, less those that look like values."""
    score = 0
    for cell in row:
        text = cell.strip()
        if not text:
            continue
        if _LIKE_A_VALUE.search(text) or len(text) > _LONGEST_HEADING:
            score -= 2
        elif parts_of(text).what not in (UNKNOWN, "-"):
            score += 1
    return score


def with_blocks(rows: Sequence[Row], at: int) -> list[str]:
    """The headings of row `at`. If the row above names blocks, each has the name of the block above it."""
    above = [cell.strip() for cell in rows[at - 1]] if at else []
    headings = [cell.strip() for cell in rows[at]]
    own_width = len(headings)
    headings += [""] * (len(above) - own_width)
    filled = [(index, cell) for index, cell in enumerate(above) if cell]
    if not filled or (len(filled) == 1 and filled[0][0] == 0):
        return headings[:own_width]
    if any(_LIKE_A_VALUE.search(cell) or len(cell.split()) > _WORDS_OF_A_BLOCK for _, cell in filled):
        return headings[:own_width]
    # The name of the report is in the first cell, and so may be the first block.
    if not any(index and parts_of(cell).whose in (CHILD, ADULT) for index, cell in filled):
        return headings[:own_width]
    named = []
    block = ""
    starts = dict(filled)
    for index, heading in enumerate(headings):
        block = starts.get(index, block)
        if not heading and index in starts:
            # One cell over two rows.
            named.append(starts[index])
            continue
        whose = parts_of(block).whose if block else ""
        if heading and whose in (CHILD, ADULT, NOBODY) and parts_of(heading).whose not in (CHILD, NOBODY):
            named.append(f"{_EMPTY_WORDS.sub(' ', block)} {_without(block, heading)}")
        else:
            named.append(heading)
    return named


def _without(block: str, heading: str) -> str:
    """A heading under a block with the same name says nothing twice."""
    return heading if heading.casefold() != block.casefold() else ""
