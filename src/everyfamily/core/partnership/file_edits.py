"""One way to change the text of the partnership's file: what people wrote around a change stays where it was. Pure.

tomlkit keeps comments, order and blank lines. It takes the comment above the next row for the end of the one before,
so what is added to a row goes before the comments and blank lines at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import tomlkit
from tomlkit.items import Table

from everyfamily.core.files.toml_text import load_toml


def edited(text: str, edit: Callable[[Any], None], kept: Callable[[dict[str, Any]], object]) -> str | None:
    """The text after `edit` of its tables. `kept` gives of the tables as read what the edit must leave as it is.

    None if that is different afterwards, or if the file is written in a way in which the edit does not work.
    """
    document = tomlkit.parse(text)
    try:
        edit(document)
        made = tomlkit.dumps(document)
        return made if kept(load_toml(text)) == kept(load_toml(made)) else None
    except (LookupError, TypeError, AttributeError, ValueError, StopIteration):
        return None


def row_of(rows: Iterable[Any], name: str) -> Any:
    """The row with this id. Raises StopIteration."""
    return next(one for one in rows if one["id"] == name)


def put(row: Any, name: str, value: object) -> None:
    """Give a row a value, in the place of the one that it has, or after its others. None takes it out."""
    if value is None:
        row.pop(name, None)
    elif name not in row:
        end = _cut_end(row)
        row.append(name, value)
        row.value.body.extend(end)
    elif row[name] != value:
        row[name] = value


def add_row(to: Any, name: str, row: Table) -> None:
    """Add a row to the rows of this name below `to`, such as [[terms.letters]]."""
    rows = to.get(name)
    before = to if rows is None else rows[-1]
    end = _cut_end(before)
    before.add(tomlkit.nl())
    if rows is None:
        rows = tomlkit.aot()
        to.append(name, rows)
    rows.append(row)
    row.trivia.indent = row.trivia.indent.lstrip("\n")  # its blank line is there already
    row.value.body.extend(end)


def _cut_end(row: Any) -> list[Any]:
    """Take the comments and blank lines off the end of a row."""
    body = row.value.body
    end: list[Any] = []
    while body and body[-1][0] is None:
        end.insert(0, body.pop())
    return end
