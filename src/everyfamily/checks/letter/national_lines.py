"""National lines as data: whose each number is, what each line is not for, and which are known to be gone."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class NationalLine:
    """One line that letters name. `national_lines.toml` explains the fields."""

    id: str
    called: re.Pattern[str]
    numbers: tuple[str, ...]
    printed: str
    sites: tuple[str, ...]
    whole_name: bool
    childs_own: bool
    always_open: bool
    evidence: tuple[str, ...]
    not_children: str | None = None


@dataclass(frozen=True, slots=True)
class Misuse:
    """A line offered for something it is not for, in the sentence that names it."""

    called: re.Pattern[str]
    said: re.Pattern[str]
    unless: re.Pattern[str]
    fact: str
    suggestion: str


@cache
def national_lines() -> tuple[NationalLine, ...]:
    """Every line, in the order of the file."""
    return tuple(
        NationalLine(
            id=row["id"],
            called=_compiled(row["called"]),
            numbers=tuple(row["numbers"]),
            printed=row["printed"],
            sites=tuple(row["sites"]),
            whole_name=row["whole_name"],
            childs_own=row["childs_own"],
            always_open=row["always_open"],
            evidence=tuple(row["evidence"]),
            not_children=row.get("not_children"),
        )
        for row in _file()["line"]
    )


@cache
def misuses() -> tuple[Misuse, ...]:
    """Every clear case of a line offered for something else."""
    called = {line.id: line.called for line in national_lines()}
    return tuple(
        Misuse(
            called=called[row["line"]] if "line" in row else _compiled(row["called"]),
            said=_compiled(row["said"]),
            unless=_compiled(row["unless"]),
            fact=row["fact"],
            suggestion=row["suggestion"],
        )
        for row in _file()["misuse"]
    )


@cache
def line_of_number() -> dict[str, NationalLine]:
    """The line that a number belongs to, by its digits."""
    return {number: line for line in national_lines() for number in line.numbers}


def _file() -> dict[str, list[dict[str, Any]]]:
    text = files("everyfamily.checks.letter").joinpath("national_lines.toml").read_text(encoding="utf-8")
    data: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    return data


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
