"""Rows and names that head a group: "Class: 4B" by itself in a row, "Acorns - Reception - Miss Pell" above the
headings.

None of them is a child. They give the class and the year if the file has no column for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from everyfamily.core.rolls.tables.report_lines import is_report_line

_CLASS = r"class|form|tutor group|reg(?:istration)?(?: group)?"
_NAMED = re.compile(rf"(?:{_CLASS})\b[\s:\-]*(?P<name>\S.{{0,20}})", re.IGNORECASE)
_SAID = re.compile(
    rf"(?:{_CLASS})\s*:\s*(?P<a>\S.{{0,20}})|(?:{_CLASS})\s+(?P<b>\d{{1,2}}[a-z]{{0,3}})", re.IGNORECASE
)
_BEHIND = re.compile(
    r"(?P<name>[^\W\d_][\w'’]*(?: [^\W\d_][\w'’]*)?) (?:class|room|group|form|base)(?: list)?", re.IGNORECASE
)
_YEAR_WORD = r"(?P<word>reception|nursery|pre-?school)"
_YEAR = re.compile(rf"(?:(?:nc )?year(?: group)?|yr|y)\.?\s*:?\s*(?P<year>\d{{1,2}})|{_YEAR_WORD}", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    rf"(?:(?:year|yr|y)\.?\s*(?P<year>\d{{1,2}})|{_YEAR_WORD})\s+(?P<name>\S.{{0,20}})", re.IGNORECASE
)
_NO_CLASS = re.compile(
    r"(?:mrs?|ms|miss|dr)\b.*|(?:teacher|tutor|room|taught by)\b.*|\d+|[\d/\-]+"
    r"|.*\b(?:contacts?|list|report|pupils?|children|term|20\d\d)\b.*",
    re.IGNORECASE,
)
_A_NAME = re.compile(r"[^\W\d_][\w'’]*(?: [^\W\d_][\w'’]*)?|\d{1,2}[a-z]{1,3}", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–—|]\s+|[,;()]|\s{2,}|\t")
_LEAST_COLUMNS = 4
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Group:
    """A class and a year, or blank if nothing is said."""

    name: str = ""
    year: str = ""


NOTHING = Group()


def group_said(text: str) -> Group:
    """The class and the year that a title states outright, and nothing for anything else."""
    if len(text) > _LONGEST:
        return NOTHING
    name = year = rest = ""
    for part in filter(None, (part.strip() for part in _PARTS.split(text))):
        if found := _SAID.fullmatch(part):
            name = name or (found["a"] or found["b"]).strip()
        elif found := _YEAR.fullmatch(part):
            year = year or _year(found)
        elif found := _BEHIND.fullmatch(part):
            name = name or found["name"]
        elif found := _YEAR_BEFORE.fullmatch(part):
            year = year or _year(found)
            name = name or ("" if _NO_CLASS.fullmatch(found["name"]) else found["name"])
        elif not _NO_CLASS.fullmatch(part):
            rest = rest or part
    # "Acorns - Reception": the text next to a year is the class.
    return Group(name or (rest if year and len(rest) <= 20 else ""), year)


def group_of(rows: Sequence[Sequence[str]]) -> Group:
    """The class and the year in the rows above the headings."""
    found = [
        group_said(text) for row in rows for text in _with_labels([cell.strip() for cell in row if cell.strip()])
    ]
    return Group(
        next((one.name for one in found if one.name), ""), next((one.year for one in found if one.year), "")
    )


def _with_labels(cells: Sequence[str]) -> list[str]:
    """A label and what comes after it are one text: "Class:", "Oak"."""
    pairs = [f"{label} {value}" for label, value in pairwise(cells) if label.endswith(":")]
    return [*pairs, *cells]


_NAMELESS = re.compile(
    r"(?:sheet|page|table|data|export|report)\s*\d*|(?:all|contacts?|pupils?|parents?)\b.*", re.IGNORECASE
)


def group_of_sheet(name: str, above: Group) -> Group:
    """The class and the year of one of several sheets. Its name is the class, unless it says nothing."""
    said = group_said(name)
    alone = re.sub(rf"^(?:{_CLASS})\b", "", name, flags=re.IGNORECASE).strip(" :-")
    named = said.name if said.name and not said.year else alone
    return Group(above.name if _NAMELESS.fullmatch(name) else named, said.year or above.year)


def _year(found: re.Match[str]) -> str:
    return found["year"] or found["word"].capitalize()


class Banners:
    """Distinguishes them from a child with only a known id, by the form of the file's ids."""

    def __init__(
        self, ids: Sequence[int], rows: Sequence[Sequence[str]], title: Group = NOTHING, childs_name: int = -1
    ) -> None:
        self._shapes = {
            _shape(row[index])
            for row in rows
            for index in ids
            if index < len(row) and row[index].strip() and sum(map(bool, row)) > 1 and not is_report_line(row, ())
        }
        self._childs_name = childs_name
        self.group = title
        """What the last of them says, or what is above the headings."""

    def is_one(self, values: Sequence[str]) -> bool:
        """Whether a row, trimmed, heads a group."""
        if len(values) < _LEAST_COLUMNS or values.count("") != len(values) - 1:
            return False
        at, only = next((at, text) for at, text in enumerate(values) if text)
        group, named = group_said(only), _NAMED.fullmatch(only)
        says_nothing = not named and group == NOTHING
        if says_nothing and (_shape(only) in self._shapes or (at == self._childs_name and " " in only)):
            return False
        if says_nothing and _A_NAME.fullmatch(only) and not _NO_CLASS.fullmatch(only):
            group = Group(only)
        self.group = group if group.name or not named else Group(named["name"].strip(), group.year)
        return True


def _shape(text: str) -> str:
    """An id's form: letters are a, digits 9, and a run of one kind counts once."""
    return re.sub(r"a+", "a", re.sub(r"[^\W\d_]", "a", re.sub(r"[0-9]+", "9", text.strip())))
