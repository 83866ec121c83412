"""What is checked in each row of an export: columns that nobody understands, and shifted cells.

A column that is not understood may say who must not be written to, in codes or flags. A row with its cells one column
further along would give one person's values to another.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.layout.column_values import Values
from everyfamily.core.rolls.layout.heading_parts import asks_may
from everyfamily.core.rolls.layout.layout_columns import Column
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.words import words

type Row = Sequence[str]

_FLAG = 5
"""The most letters of a flag."""
_IN_A_ROW = 3
"""This many shifted rows in sequence are not a slip in one row."""
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE)
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{1,4}[/.\- ].{2,20}")
_TITLE = re.compile(r"[^\W\d_]{1,9}\.?(?:\s*(?:&|and)\s*[^\W\d_]{1,9}\.?)?")
_RELATIONSHIPS = words.relationships()
_ANSWERS = words.yes_no_unknown()


def _is_answer(text: str) -> bool:
    return _ANSWERS[text] is not None


_LOOKS: dict[str, Callable[[str], object]] = {
    "EMAIL": lambda text: "@" in text,
    "MOBILE": lambda text: sum(map(str.isdigit, text)) >= 9,
    "PHONE": lambda text: sum(map(str.isdigit, text)) >= 9,
    "POSTCODE": _POSTCODE.fullmatch,
    "PUPIL_ID/upn": _UPN.fullmatch,
    "BORN": _DAY.fullmatch,
    "ADULT_TITLE": _TITLE.fullmatch,
    "RELATIONSHIP": lambda text: _RELATIONSHIPS[text] is not None,
    **dict.fromkeys(("PARENTAL_RESPONSIBILITY", "HAS_CARE", "COURT_ORDER", "CORRESPONDENCE"), _is_answer),
}


class NotUnderstood:
    """Columns in which some cell may be a flag or a word: nothing in the file is free until a person says so.

    Of these, and of the columns that a person `answered` about, it keeps the numbers of the rows with a cell there. It
    may say no: under "Access" that is what closes.
    """

    def __init__(self, columns: Sequence[Column], answered: Sequence[Column], rows: Sequence[Row]) -> None:
        self._left = {one.index: one for one in columns}
        self._in_all = {one.index: _in_all_rows(one, rows) for one in columns}
        self._filled = {index: array("L") for index in self._left}
        self._answered = [one.index for one in answered]
        self._of_answers = array("L")
        self.found: list[Column] = []

    def look(self, number: int, row: Row) -> None:
        """Look at one row. A column is looked at until something is found in it."""
        for index in list(self._left):
            text = row[index]
            if not text or text == self._in_all[index]:
                continue
            if asks_may(self._left[index].text) or not Values((text,)).harmless:
                self.found.append(self._left.pop(index))
        for index, numbers in self._filled.items():
            if row[index] and row[index] != self._in_all[index]:
                numbers.append(number)
        if any(row[index] for index in self._answered):
            self._of_answers.append(number)

    @property
    def rows_asked(self) -> frozenset[int]:
        """Rows with a cell in a column that was found."""
        return frozenset(number for one in self.found for number in self._filled[one.index])

    @property
    def rows_answered(self) -> frozenset[int]:
        """Rows with a cell in a column that a person answered about."""
        return frozenset(self._of_answers)


def _in_all_rows(column: Column, rows: Sequence[Row]) -> str:
    """Words that are in every row of a column ("Elective Home Education"), so they distinguish nobody."""
    texts = [row[column.index].strip() for row in rows if column.index < len(row) and any(map(str.strip, row))]
    said = {text for text in texts if text}
    return (
        said.pop() if len(said) == 1 and len(texts) > 2 and all(texts) and len(min(said, key=len)) > _FLAG else ""
    )


class Shifted:
    """Finds rows whose cells are under other headings than in the file's first rows."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row], file: str) -> None:
        self._file = file
        self._checks = [
            (one.index, _LOOKS[one.what]) for one in columns if one.what in _LOOKS and _fits(one, rows)
        ]
        self._since = self._count = 0

    def is_shifted(self, number: int, row: Row) -> bool:
        """Whether one row is. Raises RollNotReadable if several in sequence are."""
        bad = good = 0
        for index, looks in self._checks:
            text = row[index]
            if text:
                if looks(text):
                    good += 1
                else:
                    bad += 1
        if bad < 2 or bad <= good:
            self._count = 0
            return False
        self._since = number if self._count == 0 else self._since
        self._count += 1
        if self._count >= _IN_A_ROW:
            raise RollNotReadable(
                f"From row {self._since} onwards, cells are under other headings than in the rows above.",
                "Export it again from the records system. Do not sort or shift single columns.",
                SourceLocation(self._file, self._since),
            )
        return True


def _fits(column: Column, rows: Sequence[Row]) -> bool:
    looks = _LOOKS[column.what]
    texts = [row[column.index] for row in rows if column.index < len(row) and row[column.index].strip()]
    return bool(texts) and sum(bool(looks(text.strip())) for text in texts) >= 0.4 * len(texts)
