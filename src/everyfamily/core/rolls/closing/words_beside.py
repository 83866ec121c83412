"""Where in a row there are words that may keep its adult away (closing_words.py), and what they mean for the row.

Every cell is looked at, also those under headings that nobody knows or that are never read, except the four whose own
words restriction.py reads, and another adult's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import batched

from everyfamily.core.rolls.closing.deaths import Own, may_say_so, name_says_died, says_died, without_others
from everyfamily.core.rolls.closing.whom_words_mean import Whom, meant_in_row
from everyfamily.core.rolls.model.roll_rows import (
    NOT_READABLE,
    NOT_SAID,
    NOTE_NOT_READ,
    VALUE_NOT_READ,
    Note,
    RollRow,
)
from everyfamily.core.rolls.model.sheet import ABOUT_ADULT, CELL_NOTES, CHILD_NOTES, Line, Sheet
from everyfamily.core.rolls.words.closing_words import CELL_ENDS, closes, may_close, those_that_may_close
from everyfamily.core.rolls.words.ordinary_notes import is_ordinary

_READ_THEMSELVES = frozenset(("RESTRICTION", "COURT_ORDER", "CORRESPONDENCE", "NOT_TO_WRITE"))
_ABOUT_LEAVING = frozenset(("LEAVING", "DECEASED", "ON_ROLL"))
_KEPT_BACK = re.compile(r"\W*(?:address )?(?:is )?(?:confidential|withheld|protected|secret)\b", re.IGNORECASE)
_DIED = re.compile(r"\bdeceased\b", re.IGNORECASE)
_IN_CARE = re.compile(r"\bsec(?:tion)?\.? ?[0-9]+|\binterim care|\blooked after child", re.IGNORECASE)
_WITH_INITIALS = frozenset(("SCHOOL_URN", "PUPIL_ID", "YEAR_GROUP", "CLASS"))
_HEADINGS_WITH_INITIALS = re.compile(
    r"class|tutor|teacher|staff|group|initials|\b(?:reg|form|house|room|set|band)\b"
    r"|\b(?:accounts?|portal|apps?|login|meals?|lunch|bus|clubs?|trips?|fsm|device|biometrics?)\b"
)
"""It may be a teacher's initials, in every row of a class, or what happened to an account."""
_TOGETHER = (
    ("the adult's name", ("ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME")),
    ("the address", tuple(f"ADDRESS_{number}" for number in range(1, 6))),
)
"""Cells that are read as one, because "Do not" and "contact" may be next to each other."""
LONGEST_NOTE = 500
"""Characters of a note that the lead is shown."""
_AT_ONCE = 1000
"""Lines that are looked at together, so that memory is limited."""


ELSEWHERE = (
    "Another row of this child has words that may keep an adult away and are not said of one adult: nothing is sent "
    "until a person has decided."
)
"""For an adult without any."""
BESIDE_ANOTHER_CHILD = (
    "Words that may keep this adult away are in another child's row: nothing is sent about this child either until a "
    "person has decided."
)


def waits(where: str) -> str:
    """What the report says about an adult with such words next to them."""
    return (
        f"There are words in {where} that may keep this adult away: nothing is sent until a person has decided."
    )


def all_wait_of_child(where: str) -> str:
    """The same for the child's own column."""
    return (
        f"There are words in {where} that may keep an adult away, and it is the child's and not one adult's: no adult "
        "of this child is written to until a person has decided."
    )


def all_wait(where: str) -> str:
    """The same for a row that names no adult."""
    return (
        f"There are words in {where} that may keep an adult away, and the row names no adult: no adult of this "
        "child is written to until a person has decided."
    )


class WordsBeside:
    """Looks at the rows of one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        unread = [(at, called, _has_words(called)) for at, called in sheet.unread]
        self._unread = [one for one in unread if one[0] not in sheet.of_child]
        self._of_child = [one for one in unread if one[0] in sheet.of_child]
        self._may_close: set[str] = set()
        self._closes: dict[tuple[str, bool], bool] = {}
        self.died = False
        """The row that was last asked about says that its adult has died."""
        self.others_died: set[str] = set()
        """And relatives of the child who have died according to it."""
        self._said: list[tuple[str, str]] = []
        self._note_columns = sheet.note_columns
        self._known_notes: dict[str, bool] = {}

    def looked_at(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines. Ask about each before the next. They are looked at together, because their cells repeat each
        other."""
        for some in batched(lines, _AT_ONCE):
            self._may_close = those_that_may_close(set[str]().union(*map(_all_of, some)))
            self._closes.clear()
            yield from some

    def where(self, line: Line) -> str:
        """The column or heading with such words, for a message, or blank if there are none."""
        self.died, self.others_died, self._said = False, set(), []
        # Most rows end here.
        if self._may_close.isdisjoint(_all_of(line)):
            return ""
        found = ""
        for where, text, short_forms in self._texts(line):
            rest = self._without_deaths(text, line) if may_say_so(text) else text
            if rest and (self._is_closing(rest, short_forms) or _is_kept_back(where, rest)):
                found = found or where
                if where != ABOUT_ADULT:
                    self._said.append((where, rest))
        return found

    def whom(self, row: RollRow) -> Whom:
        """Whom the words that `where` found last keep away, for the row of an adult."""
        said = (meant_in_row(text, row.relationship, row.adult_name) for _, text in self._said)
        meant = set(said) or {Whom.OWN}
        return meant.pop() if len(meant) == 1 else Whom.ALL

    def notes(self, line: Line) -> list[Note]:
        """What the lead is shown of the row that `where` was last asked about: its words that close, and its notes that
        are neither known to close nor known to be ordinary."""
        if not (self._said or self._note_columns or CELL_NOTES in line.cells or CHILD_NOTES in line.cells):
            # Most rows end here.
            return []
        found = [Note(where, text[:LONGEST_NOTE], is_closing=True) for where, text in self._said]
        notes = [(where, line.values[at]) for at, where in self._note_columns if at < len(line.values)]
        notes += [(where, line.cells.get(where, "")) for where in (CELL_NOTES, CHILD_NOTES)]
        for where, text in notes:
            if text and not self._is_known(text):
                found.append(Note(where, text[:LONGEST_NOTE], is_closing=closes(text)))
        return found

    def _is_known(self, text: str) -> bool:
        """Whether a note is ordinary. Words that close are found elsewhere, except the child's own."""
        known = self._known_notes.get(text)
        if known is None:
            known = self._known_notes[text] = is_ordinary(text) and not closes(text)
        return known

    def _without_deaths(self, text: str, line: Line) -> str:
        """The text without what it clearly says about a death."""
        own = Own.of(line.cells)
        if says_died(text, own) or (text == line.cells.get("ADULT_NAME") and name_says_died(text)):
            self.died = True
            return ""
        rest, others = without_others(text, own)
        self.others_died |= others
        return rest

    def _is_closing(self, text: str, short_forms: bool) -> bool:
        """As `closes` says. For a text in many rows it is asked only once."""
        known = self._closes.get((text, short_forms))
        if known is None:
            known = self._closes[text, short_forms] = closes(text, short_forms=short_forms)
        return known

    def of_child(self, line: Line) -> str:
        """The child's own column with such words, about any adult of the child, or blank if there are none."""
        values = line.values
        if (beside := line.cells.get(CHILD_NOTES)) and closes(beside):
            return CHILD_NOTES
        for at, where, short_forms in self._of_child:
            if at < len(values) and values[at] and closes(values[at], short_forms=short_forms):
                return where
        return ""

    def _texts(self, line: Line) -> Iterator[tuple[str, str, bool]]:
        for column, text in line.cells.items():
            if column not in _READ_THEMSELVES and column != CHILD_NOTES:
                if column in _ABOUT_LEAVING:
                    # There, "Removed" and "Deceased" are about the child, and are read so (still_here.py).
                    yield column, _DIED.sub("", text), False
                elif column == "IN_CARE":
                    # It says under which section, and the birth family waits already.
                    yield column, _IN_CARE.sub("", text), True
                elif line.values or text in self._may_close:
                    yield column, text, column not in _WITH_INITIALS
        for where, columns in _TOGETHER:
            yield where, " ".join(filter(None, (line.cells.get(column, "") for column in columns))), True
        values = line.values
        for at, where, short_forms in self._unread:
            if at < len(values) and values[at] in self._may_close:
                yield where, values[at], short_forms


def _is_kept_back(column: str, text: str) -> bool:
    """ "Confidential" or "withheld" in place of an address."""
    return "ADDRESS" in column and "\n" not in text and _KEPT_BACK.match(text) is not None


def _all_of(line: Line) -> Iterable[str]:
    return (
        (*line.values, *(line.cells.get(notes, "") for notes in (CELL_NOTES, ABOUT_ADULT)))
        if line.values
        else line.cells.values()
    )


def _has_words(called: str) -> bool:
    return not _HEADINGS_WITH_INITIALS.search(called.casefold())


def unread_that_may_close(texts: Iterable[str]) -> tuple[str, ...]:
    """For a reader of a format without headings: `Line.values` of the texts that no column has, mostly none."""
    together = CELL_ENDS.join(texts)
    return (together,) if may_close(together) else ()


def not_readable_at_least(row: RollRow) -> RollRow:
    """The row, closed until a person has decided, or the same row if it is already closed as far."""
    open_still = row.restriction == "none" or (
        row.restriction == "unknown" and row.restriction_reason in ("", NOT_SAID, NOTE_NOT_READ, VALUE_NOT_READ)
    )
    return replace(row, restriction="unknown", restriction_reason=NOT_READABLE) if open_still else row
