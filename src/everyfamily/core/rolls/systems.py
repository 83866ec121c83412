"""The systems whose exports we know, by their headings (aliases.toml), and our own template."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from everyfamily.core.errors import Place
from everyfamily.core.rolls.mapping import (
    NOT_READ,
    ColumnMapping,
    ColumnsNotFound,
    missing_columns,
    occurrences,
    shown,
)
from everyfamily.core.rolls.roll_rows import CHILD_NAME_COLUMNS, COLUMNS, REQUIRED, RollNotReadable
from everyfamily.core.rolls.still_here import COLUMNS as ABOUT_LEAVING
from everyfamily.core.rolls.words import plain

_ADULTS_OWN = ("ADULT_NAME", "ADULT_FORENAME", "ADULT_SURNAME", "RELATIONSHIP")
_WAYS_TO_REACH = frozenset(
    (
        *("EMAIL", "EMAIL_2", "MOBILE", "MOBILE_2", "PHONE", "ADDRESS", "POSTCODE"),
        *(f"ADDRESS_{number}" for number in range(1, 6)),
    )
)
_HEADINGS_AT_LEAST = 2
"""Known ones that make a row of cells a row of headings."""
_HEADINGS_NAMED = 15
_LIKE_A_VALUE = re.compile(r"@|[0-9]{3}|[0-9]/[0-9]")
"""In a cell that may be somebody's address, number or birthday, and no heading."""
_OF_AN_ADULT = ("contact", "parent", "guardian", "carer", "adult")
_OF_A_CHILD = ("name", "pupil", "student", "child")
_TEMPLATE = {plain(column): column for column in COLUMNS}
_CHILDS_NAME = frozenset(plain(column) for column in CHILD_NAME_COLUMNS)


@dataclass(frozen=True, slots=True)
class System:
    """A records system: `signs` are headings that all stand in its exports, `columns` (heading, occurrence, ours)."""

    name: str
    signs: frozenset[str]
    columns: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a header is to be read: the format's name, the mapping, headings that nobody here knows."""

    name: str
    mapping: ColumnMapping
    ignored: tuple[str, ...] = ()


def is_template(header: Sequence[str]) -> bool:
    """Our own template, or so near it that its errors are told in its terms."""
    names = [name for name in map(plain, header) if name]
    required = sum(plain(column) in names for column in REQUIRED)
    return required == len(REQUIRED) or (bool(names) and all(name in _TEMPLATE for name in names))


def recognise(header: Sequence[str], place: Place) -> Reading:
    """Tell the system by its set of headings. Raises RollNotReadable of the template, else ColumnsNotFound (EF204)."""
    if is_template(header):
        return Reading("everyfamily template", _mapping_of_template(header, place))
    names = set(map(plain, header))
    for system in _systems():
        if system.signs <= names:
            reading = _reading(system, header)
            if not missing_columns(column for *_, column in reading.mapping.entries):
                return reading
    reading = _reading(_generic(), header)
    if missing := missing_columns(column for *_, column in reading.mapping.entries):
        raise ColumnsNotFound(
            f"It is not clear which column gives {' and which gives '.join(map(_in_plain_words, missing))}. "
            f"{_headings_found(header)}",
            "Say once for this school which heading means what, in a small mapping file: docs/howto/import-a-roll.md "
            "(When headings cannot be guessed) shows one. Or use our template.",
            place,
        )
    return reading


def _in_plain_words(column: str) -> str:
    names = {"PUPIL_ID": "the child's id", "ADULT_NAME": "the adult's name"}
    return f"{names[column]} ({column})"


def _headings_found(header: Sequence[str]) -> str:
    """The headings, where the row is one of headings at all: else it may be a family's."""
    names = [name for name in header if plain(name)]
    if known_headings(header) < _HEADINGS_AT_LEAST or any(_LIKE_A_VALUE.search(name) for name in names):
        return "No row near the top of the file looks like a row of headings."
    more = f" and {len(names) - _HEADINGS_NAMED} more" if len(names) > _HEADINGS_NAMED else ""
    return f"Its headings are {', '.join(map(shown, names[:_HEADINGS_NAMED]))}{more}."


def mapping_of(header: Sequence[str]) -> ColumnMapping:
    """What would be guessed of a header, for a person to correct and save; it may lack columns that a roll needs."""
    try:
        return recognise(header, Place("header")).mapping
    except RollNotReadable:
        return _reading(_generic(), header).mapping


def known_headings(header: Sequence[str]) -> int:
    """How many cells of a row are headings that some system has: the header is the row with the most."""
    known = _all_headings()
    return sum(plain(heading) in known for heading in header)


def _reading(system: System, header: Sequence[str]) -> Reading:
    stands = occurrences(header)
    owners = _owners(system, stands)
    entries: list[tuple[str, int, str]] = []
    known: set[int] = set()
    taken: set[str] = set()
    for heading, nth, column in system.columns:
        occurrence = _the_adults(plain(heading), nth, stands, owners) if column in _WAYS_TO_REACH else nth
        index = stands.get((plain(heading), occurrence))
        if index is None:
            continue
        known.add(index)
        repeatable = column in (NOT_READ, "PUPIL_ID_FROM")
        if repeatable or column not in taken:
            entries.append((heading, occurrence, column))
            taken.add(column)
    unknown = [(name, number, index) for (name, number), index in stands.items() if index not in known]
    careful = [(name, number, column) for name, number, _ in unknown if (column := _closing(name))]
    ignored = tuple(shown(header[index]) for name, _, index in unknown if not _closing(name))
    return Reading(system.name, ColumnMapping((*entries, *careful)), ignored)


def _owners(system: System, stands: dict[tuple[str, int], int]) -> dict[int, bool]:
    """By index, the headings that name somebody: an adult (True) or a child."""
    owners = {}
    for heading, occurrence, column in system.columns:
        index, name = stands.get((plain(heading), occurrence)), plain(heading)
        if index is None:
            continue
        if column.partition("/")[0] in _ADULTS_OWN:
            owners[index] = True
        elif column == NOT_READ and any(word in name for word in _OF_A_CHILD) and not _names_an_adult(name):
            owners[index] = False
    return owners


def _the_adults(name: str, nth: int, stands: dict[tuple[str, int], int], owners: dict[int, bool]) -> int:
    """Which occurrence of a way to reach somebody is the adult's: the first that no child's name stands before.

    A bare "Email" between the child's name and the parent's is the child's.
    """
    if _names_an_adult(name) or not any(owners.values()):
        return nth
    while (index := stands.get((name, nth))) is not None:
        before = [at for at in owners if at < index]
        if before and owners[max(before)]:
            break
        nth += 1
    return nth


def _names_an_adult(name: str) -> bool:
    return any(word in name for word in _OF_AN_ADULT)


def unread_that_close(header: Sequence[str], mapping: ColumnMapping) -> ColumnMapping:
    """A saved mapping together with the headings it does not speak of and that may close something."""
    spoken_of = {(plain(heading), number) for heading, number, _ in mapping.entries}
    more = [
        (name, number, column)
        for name, number in occurrences(header)
        if (name, number) not in spoken_of and (column := _closing(name))
    ]
    return ColumnMapping((*mapping.entries, *more))


def _closing(name: str) -> str:
    """The column of a heading that nobody knows and that may keep an adult away or say that the child is gone."""
    if any(word in name for word in _tables()["not_to_write"]):
        return "NOT_TO_WRITE"
    about = _tables()["still_here"]
    if any(word in name for word in about["not_if"]):
        return ""
    if name == "status":
        return "ON_ROLL"
    return next((column for column in ABOUT_LEAVING if any(word in name for word in about[column])), "")


def _mapping_of_template(header: Sequence[str], place: Place) -> ColumnMapping:
    names = [name for name in map(plain, header) if name]
    missing = [column for column in REQUIRED if plain(column) not in names]
    if missing:
        raise RollNotReadable(
            f"The header has no column {' and no column '.join(missing)}.",
            "Use the template's column names; docs/howto/import-a-roll.md lists them.",
            place,
        )
    unknown = [one for one in header if plain(one) and plain(one) not in _TEMPLATE.keys() | _CHILDS_NAME]
    if unknown:
        raise RollNotReadable(
            f"The header has a column that the template does not know: {shown(unknown[0])}.",
            "Put what it says of who may not be written to into RESTRICTION first. Then remove the column, or rename "
            "it to one of the template's.",
            place,
        )
    repeated = [_TEMPLATE.get(name, name) for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise RollNotReadable(f"The column {sorted(repeated)[0]} stands twice.", "Keep one of the two.", place)
    return ColumnMapping(tuple((column, 1, column) for name, column in _TEMPLATE.items() if name in names))


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("everyfamily.core.rolls").joinpath("aliases.toml").read_text(encoding="utf-8"))


@cache
def _systems() -> tuple[System, ...]:
    return tuple(_system(table["name"], table["signs"], table["columns"]) for table in _tables()["system"])


@cache
def _generic() -> System:
    return _system("generic export", [], _tables()["generic"]["columns"])


def _system(name: str, signs: Sequence[str], columns: Sequence[tuple[str, str]]) -> System:
    seen: Counter[str] = Counter()
    numbered = []
    for heading, column in columns:
        seen[plain(heading)] += 1
        numbered.append((heading, seen[plain(heading)], column))
    return System(name, frozenset(map(plain, signs)), tuple(numbered))


@cache
def _all_headings() -> frozenset[str]:
    aliases = (heading for system in (*_systems(), _generic()) for heading, *_ in system.columns)
    return frozenset((*map(plain, aliases), *_TEMPLATE, *_CHILDS_NAME))
