"""TOML files that people edit: strict models, and errors that name file, line and fix."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.toml_text import KeyTooDeep, load_toml

type KeyPath = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"-]+)\s*\]\]?\s*(?:#.*)?$")
_DATE = re.compile(r"(?<![\w\"'-])\d{4}-\d{1,2}-\d{1,2}(?![\w\"'-])")
"""What a person meant as a date, outside quotation marks."""
_KEY = re.compile(r"^\s*(\"[^\"]+\"|[A-Za-z0-9_-]+)\s*=")


class TomlNotValid(EveryfamilyError):
    """A TOML file has a fault: its form, a missing or unknown key, or a value that is not valid. `others` are its
    further faults, each an error of its own."""

    code: ClassVar[str] = "EF121"

    def __init__(self, fact: str, fix: str, place: SourceLocation, others: tuple[TomlNotValid, ...] = ()) -> None:
        super().__init__(fact, fix, place)
        self.others = others


class StrictModel(BaseModel):
    """A table of a TOML file: unknown keys are refused, and values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, str_min_length=1)


def like(pattern: str, fault: str) -> Callable[[str], str]:
    """A check for an `AfterValidator`: the whole value matches `pattern`, or `fault` says in words what it should
    be."""
    wanted = re.compile(pattern)

    def check(value: str) -> str:
        if not wanted.fullmatch(value):
            raise ValueError(fault)
        return value

    return check


class TomlPlaces:
    """Knows the line of each key in a TOML text."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._lines: dict[KeyPath, int] = {}
        counts: dict[KeyPath, int] = {}
        table: KeyPath = ()
        for number, line in enumerate(text.split("\n"), start=1):
            if header := _HEADER.match(line):
                table = self._table(header, counts)
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, key[1].strip('"')), number)

    @staticmethod
    def _table(header: re.Match[str], counts: dict[KeyPath, int]) -> KeyPath:
        *parents, last = (part.strip('"') for part in header[2].split("."))
        path: KeyPath = ()
        for parent in parents:
            path = (*path, parent)
            if path in counts:
                path = (*path, counts[path])
        path = (*path, last)
        if header[1] == "[[":
            counts[path] = counts.get(path, -1) + 1
            path = (*path, counts[path])
        return path

    def line(self, path: KeyPath) -> int:
        """Line of the key, or of the nearest table that holds it, or 1 if none is found."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def place(self, path: KeyPath) -> SourceLocation:
        """Place of the key, for an error or a finding."""
        return SourceLocation(self.file, self.line(path))


def parse_toml[Model: StrictModel](model: type[Model], text: str, file: str) -> tuple[Model, TomlPlaces]:
    """Read `text` into `model`. Raises TomlNotValid with the first fault, its line and its fix, and the others in
    it."""
    try:
        data = load_toml(text)
    except KeyTooDeep as deep:
        raise TomlNotValid(
            "The file is not valid TOML (a key has too many parts).",
            "Restore the file, or correct the line with the many dots.",
            SourceLocation(file, deep.line),
        ) from deep
    except RecursionError as error:
        raise TomlNotValid(
            "The file is not valid TOML (its brackets are nested too deep).",
            "Restore the file, or correct the line with the many brackets.",
            SourceLocation(file),
        ) from error
    except ValueError as error:  # TOMLDecodeError, and a number of thousands of digits
        line = int(found[1]) if (found := re.search(r"line (\d+)", str(error))) else 1
        raise TomlNotValid(*_words_of_form(error, text, line), SourceLocation(file, line)) from error
    places = TomlPlaces(text, file)
    try:
        return model.model_validate(data), places
    except ValidationError as error:
        faults: list[Any] = error.errors(include_url=False)
        first, *others = [
            TomlNotValid(*_words(fault, model), places.place(tuple(fault["loc"]))) for fault in faults
        ]
        first.others = tuple(others)
        raise first from error


def _words_of_form(error: ValueError, text: str, line: int) -> tuple[str, str]:
    lines = text.split("\n")
    for written in _DATE.findall(lines[line - 1] if line <= len(lines) else ""):
        if not _is_date(written):
            return f"{written} is not a date.", "Write it as year-month-day, such as 2027-03-02."
    return (
        f"The file is not valid TOML ({str(error).split(' (at')[0].lower()}).",
        "Look at this line and the one before it for a missing quotation mark or bracket.",
    )


def _is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _words(fault: Any, model: type[StrictModel]) -> tuple[str, str]:
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "missing":
        return f'"{where}" is missing.', "Add it; the example file shows how."
    if (
        fault["type"] == "extra_forbidden"
        and len(fault["loc"]) > 1
        and (key := fault["loc"][-1]) in model.model_fields
    ):
        return (
            f'"{key}" belongs at the top of the file, and not into this table ("{where}").',
            "Move the line up, above the first line that begins with a bracket.",
        )
    if fault["type"] == "extra_forbidden":
        return f'"{where}" is not known here.', "Check its spelling, or take it out."
    return f'"{where}" cannot be used: {_why(fault)}.', "Correct the value on this line."


_PLAIN: Mapping[str, str] = {
    "string_too_short": "it is empty",
    "string_too_long": "at most {max_length} characters fit",
    "string": "write it between quotation marks",
    "date": "write the day as 2027-03-02, without quotation marks",
    "time": "write the time as 09:00:00, without quotation marks",
    "int": "write a whole number, without quotation marks",
    "float": "write a number, without quotation marks",
    "bool": "write true or false, without quotation marks",
    "tuple": 'write it as ["one", "two"]',
    "too_short": "at least {min_length} must be there",
    "too_long": "at most {max_length} fit",
    "literal_error": "write {expected}",
    "less_than_equal": "write {le} or less",
    "greater_than_equal": "write {ge} or more",
    "greater_than": "write more than {gt}",
    "model": "it is a table with lines of its own",
}
"""What to write instead, by the kind of fault that pydantic names, or by its first word."""


def _why(fault: Any) -> str:
    """The end of a sentence, as a person would say it who does not write programs."""
    kind = fault["type"]
    plain = _PLAIN.get(kind) or (_PLAIN.get(kind.partition("_")[0]) if kind != "value_error" else None)
    if plain is not None:
        return plain.format_map(fault.get("ctx") or {})
    message = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{message[:1].lower()}{message[1:]}"
