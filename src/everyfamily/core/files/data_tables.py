"""Tables that come with the product: TOML beside the module that reads it, such as `words.toml` beside `words.py`.

A row becomes a frozen dataclass, and its fields say what a row may hold. A file that holds anything else is wrong, and
the error names the file, the row and the field.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints


class TableNotGood(Exception):
    """A table of the product is not as its module needs it. Only a developer can see this."""


def load_table(module: str, name: str = "") -> Mapping[str, Any]:
    """All that is in the TOML file of a module (its `__file__`), or in the file `name` beside it. It is read once."""
    return _read(module, name)


@cache
def _read(module: str, name: str) -> Mapping[str, Any]:
    file = Path(module).with_name(name) if name else Path(module).with_suffix(".toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def load_rows[Row](kind: type[Row], module: str, name: str = "", *, table: str = "row") -> tuple[Row, ...]:
    """The rows `[[table]]` of such a file, in its order. Raises TableNotGood."""
    file = name or Path(module).with_suffix(".toml").name
    rows = enumerate(load_table(module, name)[table], 1)
    return tuple(row_of(kind, row, f"{file}, {table} {number}") for number, row in rows)


def load_named_rows[Row](kind: type[Row], module: str, name: str = "") -> dict[str, Row]:
    """The rows of a file that has nothing else than a table `[name]` for each. Raises TableNotGood."""
    file = name or Path(module).with_suffix(".toml").name
    return {key: row_of(kind, row, f"{file}, {key}") for key, row in load_table(module, name).items()}


def row_of[Row](kind: type[Row], row: Mapping[str, Any], place: str) -> Row:
    """One row. Text in a field that is a pattern is compiled, and ignores case. A member of an enum is said by its name
    or its value. Raises TableNotGood, with the place."""
    hints, needed = _shape(cast(Hashable, kind))
    wrong = [f"{key} is missing" for key in needed - row.keys()]
    values: dict[str, Any] = {}
    for key, value in row.items():
        if key not in hints:
            wrong.append(f"{key} is not known")
            continue
        try:
            values[key] = _value(hints[key], value, place)
        except (TypeError, ValueError, re.error) as error:
            wrong.append(f"{key}: {error}")
    try:
        if not wrong:
            return kind(**values)
    except ValueError as error:
        wrong = [str(error)]
    raise TableNotGood(f"{place}: {'; '.join(sorted(wrong))}.")


@cache
def _shape(kind: Any) -> tuple[Mapping[str, Any], frozenset[str]]:
    """The type of each field, and the fields that every row has."""
    bare = (one for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING)
    return get_type_hints(kind), frozenset(one.name for one in bare)


def _value(hint: Any, value: Any, place: str) -> Any:
    if type(value) is hint:
        return value
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):  # or nothing, which no TOML can say
        return _value(inner[0], value, place)
    if origin is Literal and value in inner:
        return value
    if origin in (tuple, frozenset) and isinstance(value, list):
        return origin(one if type(one) is inner[0] else _value(inner[0], one, place) for one in value)
    if origin is Mapping and isinstance(value, dict):
        return {key: _value(inner[1], one, place) for key, one in value.items()}
    if origin is re.Pattern and isinstance(value, str):
        return re.compile(value, re.IGNORECASE)
    if isinstance(hint, type) and is_dataclass(hint) and isinstance(value, dict):
        return row_of(hint, value, f"{place}, {hint.__name__}")
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint.__members__.get(value) or hint(value)
    raise TypeError(f"{value!r:.60} is of another type")
