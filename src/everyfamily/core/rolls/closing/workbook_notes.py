"""What a workbook says in addition to its cells' values: comments, crossed-out cells, and sheets that are not read.

None of it is read for values. It is searched for words that may keep an adult away (closing_words.py). A crossed-out
cell counts as such a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from everyfamily.core.rolls.words.closing_words import closes

CROSSED_OUT = "crossed out"
type Notes = dict[int, dict[int, str]]
"""By a row's number in the sheet, from 1, and a cell's position in it, from 0."""
_TITLE_OF_A_REPORT = re.compile(
    r"(?:pupil|student|child|children|contact|parent|guardian|adult|list|report)s?\b(?!.*\b(?:not|no|never|don.?t)\b).{0,60}"
    r"\b(?:with|and|incl\w*|showing|by)\b.{0,20}\bcourt orders?",
    re.IGNORECASE,
)
"""Such as "Pupil contacts with court order"."""
_LEAVERS = re.compile(
    r"\b(?:leavers?|left|gone|moved|former|previous|old|archived?|ex[- ](?:pupils|students)|waiting"
    r"|prospective|applicants?|applications|admissions|examples?|templates?|tests?)\b",
    re.IGNORECASE,
)


def is_of_leavers(title: str) -> bool:
    """Whether a sheet's name says that its children are not at the school, or are nobody's, so it is not a class."""
    return _LEAVERS.search(title) is not None


def line_closes(text: str) -> bool:
    """Whether a line outside the rows may keep an adult away. The title of a report of court orders does not."""
    return _TITLE_OF_A_REPORT.fullmatch(text) is None and closes(text)


def rows_that_close(title: str, rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The rows of an unread sheet that may keep an adult away, or all of them if its name says so."""
    all_of_it = closes(title)
    if all_of_it:
        yield (title,)
    for texts in rows:
        if all_of_it or closes("\n".join(text for text in texts if not _TITLE_OF_A_REPORT.fullmatch(text))):
            yield texts


def of_rows_not_read(notes: Notes, read: Collection[int]) -> Iterator[tuple[str, ...]]:
    """Comments on rows other than those that were read, if they may keep an adult away."""
    for number, beside in notes.items():
        if number not in read and closes("\n".join(one for one in beside.values() if one != CROSSED_OUT)):
            yield tuple(beside.values())


def beside_adult(notes: Mapping[int, str], own: Collection[int], others: Collection[int]) -> str:
    """What is said next to an adult's `own` cells, and everything that is not next to another adult's."""
    return "\n".join(text for at, text in notes.items() if at in own or at not in others)


def beside_child(notes: Mapping[int, str], adults: Collection[int]) -> str:
    """What is said next to the child's cells. A row that is crossed out with an adult in it is about that adult."""
    texts = [text for at, text in notes.items() if at not in adults]
    whole = any(at in adults and CROSSED_OUT in text for at, text in notes.items())
    return "\n".join(_without_crossed_out(texts) if whole else texts)


def _without_crossed_out(texts: Iterable[str]) -> Sequence[str]:
    return [text for one in texts if (text := one.replace(CROSSED_OUT, "").strip())]
