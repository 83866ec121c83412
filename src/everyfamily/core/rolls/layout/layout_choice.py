"""If several columns say the same, which of them are read: one id for a child, one year, one class, the address at
home."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from everyfamily.core.rolls.layout.column_values import Values
from everyfamily.core.rolls.layout.layout_columns import NAMES, ROW, Column

_ELSEWHERE = frozenset(("work", "business", "previous", "old", "former", "second", "alternative", "temporary"))

_SECOND_ADULT = re.compile(r"\bsecond (?=parent|carer|contact|guardian|adult)")
_GROUPS = frozenset(("group", "unit", "team", "room", "base room", "key group", "family group"))
_PAIRS_OF_SEVERAL_CLASSES = 3
"""This many pairs of a child and an adult that occur under several classes are not a slip."""


class Chooser:
    """If several columns say the same, those that are read."""

    def __init__(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], values: Sequence[Values]
    ) -> None:
        self._rows = rows
        self._values = values
        self.columns = list(columns)
        self._ids()
        self._names()
        self._addresses()
        self._once("YEAR_GROUP", lambda one: values[one.index].years)
        self._once("CLASS", self._is_one_a_child)
        self._perhaps_a_class()

    def _leave(self, *columns: Column) -> None:
        for one in columns:
            at = self.columns.index(one)
            self.columns[at] = replace(one, what="-")

    def _ids(self) -> None:
        ids = [one for one in self.columns if one.what.startswith("PUPIL_ID") and one.owner == ROW]
        self._leave(*(one for one in self.columns if one.what.startswith("PUPIL_ID") and one.owner != ROW))
        upns = [one for one in ids if one.what == "PUPIL_ID/upn" and self._values[one.index]]
        admissions = [one for one in ids if one.what == "PUPIL_ID/admission" and self._values[one.index]]
        named = [one for one in ids if one.what == "PUPIL_ID/other" and not one.bare and self._values[one.index]]
        bare = [one for one in ids if one.what == "PUPIL_ID/other" and one.bare and self._values[one.index]]
        best = [*upns[:1], *admissions[:1]]
        if not best or upns:
            best += named[:1] if len(best) < 2 else []
        if not best or (upns and len(best) < 2):
            # If a child has no UPN yet, the case's number identifies the child.
            best += [one for one in bare if self._is_a_childs(one) and not self._counts_rows(one)][:1]
        self._leave(*(one for one in ids if one not in best))

    def _is_a_childs(self, one: Column) -> bool:
        """A number of rows or contacts differs although the child's name is the same."""
        names = [other.index for other in self.columns if other.owner == ROW and other.what in NAMES]
        if not names:
            return True
        ids: dict[tuple[str, ...], set[str]] = {}
        for row in self._rows:
            key = tuple(row[at] for at in names if at < len(row))
            if one.index < len(row) and any(key) and row[one.index]:
                ids.setdefault(key, set()).add(row[one.index])
        several = sum(len(found) > 1 for found in ids.values())
        return not ids or several <= 0.2 * len(ids)

    def _names(self) -> None:
        """A form's own "Name" is blank, or the person who answers. The child's is the one that says so."""
        for what in NAMES:
            found = [one for one in self.columns if one.what == what and one.owner == ROW]
            best = min(found, key=lambda one: (not self._values[one.index], one.bare), default=None)
            self._leave(*(one for one in found if one is not best))

    def _counts_rows(self, one: Column) -> bool:
        """1, 2, 3 ... next to the child's name: a form's answers are numbered like that."""
        named = any(other.owner == ROW and other.what in NAMES for other in self.columns)
        texts = self._values[one.index].texts
        return named and len(texts) > 1 and all(text == str(at) for at, text in enumerate(texts, start=1))

    def _is_one_a_child(self, one: Column) -> bool:
        """Not in a file with a row for each child, adult and class, where it is what the child is taught in."""
        told_by = [
            other.index
            for other in self.columns
            if other.what in NAMES or (other.owner == ROW and other.what.startswith("PUPIL_ID"))
        ]
        groups: dict[tuple[str, ...], set[str]] = {}
        for row in self._rows:
            if one.index < len(row) and row[one.index]:
                groups.setdefault(tuple(row[at] for at in told_by if at < len(row)), set()).add(row[one.index])
        several = sum(len(found) > 1 for found in groups.values())
        return several < _PAIRS_OF_SEVERAL_CLASSES or several <= 0.2 * len(groups)

    def _once(self, what: str, is_right: Callable[[Column], bool]) -> None:
        found = [one for one in self.columns if one.what == what and one.owner == ROW]
        right = [one for one in found if self._values[one.index] and is_right(one)]
        if what == "YEAR_GROUP":
            right = right or [one for one in found if self._values[one.index]]
        self._leave(*(one for one in found if one not in right[:1]))

    def _perhaps_a_class(self) -> None:
        """A column of groups or rooms, if none is called a class."""
        if any(one.what == "CLASS" for one in self.columns):
            return
        for at, one in enumerate(self.columns):
            if (
                one.owner == ROW
                and one.text.removeprefix("pupil ").removeprefix("child ") in _GROUPS
                and self._values[one.index]
            ):
                self.columns[at] = replace(one, what="CLASS")
                return

    def _addresses(self) -> None:
        """If one person has several addresses, the one at home."""
        for one in [one for one in self.columns if one.what.startswith(("ADDRESS", "POSTCODE"))]:
            if _ELSEWHERE.intersection(_SECOND_ADULT.sub("", one.text).split()):
                self._leave(one)
        seen: set[tuple[int, str, int]] = set()
        for one in [one for one in self.columns if one.what.startswith(("ADDRESS", "POSTCODE"))]:
            key = (one.owner, one.what, one.number if one.what == "ADDRESS/line" else 0)
            if key in seen:
                self._leave(one)
            seen.add(key)
