"""The systems whose exports we recognise by signs (systems.toml), our own template, and headings that close in any."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.data_tables import load_table
from everyfamily.core.rolls.layout.mapping import ColumnMapping, ColumnsNotFound, occurrences, shown
from everyfamily.core.rolls.model.roll_rows import CHILD_NAME_COLUMNS, COLUMNS, REQUIRED, RollNotReadable
from everyfamily.core.rolls.values.still_here import COLUMNS as ABOUT_LEAVING
from everyfamily.core.rolls.words.words import plain

_HEADINGS_NAMED = 15
_LIKE_A_VALUE = re.compile(r"@|[0-9]{3}|[0-9]/[0-9]")
"""In a cell that may be somebody's address, number or birthday, and not a heading."""
_TEMPLATE = {plain(column): column for column in COLUMNS}
_CHILDS_NAME = frozenset(plain(column) for column in CHILD_NAME_COLUMNS)


def is_template(header: Sequence[str]) -> bool:
    """Our own template, or so close to it that its errors are reported in its terms."""
    # This is asked for every row near the top, and most end here.
    first = next(filter(None, map(str.strip, header)), "")
    if plain(first) not in _TEMPLATE and "adult" not in "".join(header).casefold():
        return False
    names = [name for name in map(plain, header) if name]
    required = sum(plain(column) in names for column in REQUIRED)
    return required == len(REQUIRED) or (bool(names) and all(name in _TEMPLATE for name in names))


def recognise(header: Sequence[str], place: SourceLocation) -> ColumnMapping:
    """The mapping of our own template. Raises RollNotReadable (EF201)."""
    return _mapping_of_template(header, place)


def template_headings(header: Sequence[str]) -> int:
    """How many cells of a row belong to the template."""
    return sum(plain(heading) in _TEMPLATE or plain(heading) in _CHILDS_NAME for heading in header)


def not_clear(
    header: Sequence[str], missing: Sequence[str], place: SourceLocation, *, is_header: bool, instead: str = ""
) -> ColumnsNotFound:
    """The refusal of an export if it is not clear who the child or the adult is.

    `missing` are the template's columns. Without `is_header` the row may belong to a family, and is not named.
    `instead` says which report to run, if the file has no adults.
    """
    return ColumnsNotFound(
        f"It is not clear which column gives {' and which gives '.join(map(_in_plain_words, missing))}. "
        f"{_headings_found(header, is_header)}",
        f"{instead}{' If it has them, the' if instead else 'The'} first row must name the columns. Say once for this "
        "school which heading means what, or use our template.",
        place,
    )


def _in_plain_words(column: str) -> str:
    names = {"PUPIL_ID": "the child's id, or their birthday beside their name", "ADULT_NAME": "the adult's name"}
    return f"{names[column]} ({column})"


def _headings_found(header: Sequence[str], is_header: bool) -> str:
    names = [name for name in header if plain(name)]
    if not is_header or any(_LIKE_A_VALUE.search(name) for name in names):
        return "No row near the top of the file looks like a row of headings."
    more = f" and {len(names) - _HEADINGS_NAMED} more" if len(names) > _HEADINGS_NAMED else ""
    return f"Its headings are {', '.join(map(shown, names[:_HEADINGS_NAMED]))}{more}."


def system_of(header: Sequence[str]) -> str:
    """The name of the system whose signs are all in a header, or "generic export" for any other."""
    names = set(map(plain, header))
    known = load_table(__file__)["system"].items()
    return next((name for name, signs in known if names.issuperset(map(plain, signs))), "generic export")


def unread_that_close(header: Sequence[str], mapping: ColumnMapping) -> ColumnMapping:
    """A saved mapping together with the headings that it does not mention and that may close something."""
    spoken_of = {(plain(heading), number) for heading, number, _ in mapping.entries}
    more = [
        (name, number, column)
        for name, number in occurrences(header)
        if (name, number) not in spoken_of and (column := closing_column(name))
    ]
    return ColumnMapping((*mapping.entries, *more))


def closing_column(name: str) -> str:
    """The column of an unknown heading that may keep an adult away or say that the child is gone."""
    if any(word in name for word in load_table(__file__)["not_to_write"]):
        return "NOT_TO_WRITE"
    about = load_table(__file__)["still_here"]
    if any(word in name for word in about["not_if"]):
        return ""
    if name == "status":
        return "ON_ROLL"
    return next((column for column in ABOUT_LEAVING if any(word in name for word in about[column])), "")


def _mapping_of_template(header: Sequence[str], place: SourceLocation) -> ColumnMapping:
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
        raise RollNotReadable(f"The column {sorted(repeated)[0]} is there twice.", "Keep one of the two.", place)
    return ColumnMapping(tuple((column, 1, column) for name, column in _TEMPLATE.items() if name in names))
