"""What one row answers in words of a list, and its groups and numbers. What cannot be read is set aside by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from everyfamily.core.rolls.model import row_messages
from everyfamily.core.rolls.values.cells import text_of
from everyfamily.core.rolls.values.pupil_id import WHOLE_NUMBER
from everyfamily.core.rolls.words import words

_YEAR = re.compile(r"(?:y|yr)\.?\s*([0-9]{1,2}|r)", re.IGNORECASE)
"""A year group in short form: "Yr 4", "YR"."""


class Answers:
    """Reads the cells of a sheet's rows. `set_aside` takes a code, a sentence and the column."""

    def __init__(self, set_aside: Callable[[str, str, str], None]) -> None:
        self._set_aside = set_aside
        self._yes_no_unknown = words.yes_no_unknown()
        self._yes_no = words.yes_no()
        self._formats = words.formats()
        self._wishes = words.wishes()
        self._languages = words.languages()
        self._groups: dict[str, str] = {}

    def has(self, cells: Mapping[str, str], column: str) -> str:
        """Yes, no or unknown: parental responsibility, or care of the child."""
        return self._word(cells, column, self._yes_no_unknown, "unknown", row_messages.ANSWERS)

    def objects(self, cells: Mapping[str, str]) -> bool:
        """Whether the adult wants no letters. Fail safe: something that is there and is not "no" counts as yes."""
        return self._word(cells, "OBJECTS", self._yes_no, "no", "yes, no", unreadable="yes") == "yes"

    def language(self, cells: Mapping[str, str]) -> str:
        """The tag of the adult's language, "und" if it is not known."""
        return self._word(cells, "LANGUAGE", self._languages, "und", row_messages.LANGUAGES)

    def format(self, cells: Mapping[str, str]) -> str:
        """The format that the adult asked for, or blank."""
        return self._word(cells, "FORMAT", self._formats, "", "standard, large print, easy read, audio, braille")

    def wishes(self, cells: Mapping[str, str]) -> str:
        """The way that the adult asked for, or blank."""
        return self._word(cells, "CHANNEL", self._wishes, "", "email, text, paper")

    def in_care(self, cells: Mapping[str, str]) -> bool:
        """Whether the child is in care. Fail safe: something that is there and is not "no" waits for a person."""
        return self._word(cells, "IN_CARE", self._yes_no, "no", "yes, no", unreadable="yes") == "yes"

    def groups(self, cells: Mapping[str, str]) -> tuple[str, str]:
        """The year group and the class, blank if there is none."""
        return self._group(cells, "YEAR_GROUP", 20), self._group(cells, "CLASS", 40)

    def _group(self, cells: Mapping[str, str], column: str, longest: int) -> str:
        raw = cells.get(column)
        if not raw:
            return ""
        group = self._groups.get(column + raw)
        if group is None:
            text = text_of(raw)
            if text is None:
                self._set_aside("FORMULA_IN_CELL", row_messages.formula(column), column)
                return ""
            number = WHOLE_NUMBER.fullmatch(text) or (_YEAR.fullmatch(text) if column == "YEAR_GROUP" else None)
            group = self._groups[column + raw] = number[1] if number else text
        return group[:longest]

    def priority(self, cells: Mapping[str, str]) -> int | None:
        """The place of the adult among the child's, or None."""
        value = cells.get("PRIORITY")
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 3:
            return int(value)
        self._set_aside("PRIORITY_NOT_A_NUMBER", "PRIORITY is not a whole number.", "PRIORITY")
        return None

    def _word(
        self,
        cells: Mapping[str, str],
        column: str,
        known: words.Words,
        blank: str,
        allowed: str,
        unreadable: str | None = None,
    ) -> str:
        raw = cells.get(column)
        if not raw:
            return blank
        word = known[raw]
        if word is not None:
            return word
        self._set_aside(f"{column}_NOT_KNOWN", f"{column} is not one of: {allowed}.", column)
        return blank if unreadable is None else unreadable
