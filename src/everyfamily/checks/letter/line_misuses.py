"""What national lines are not for, as data (line_misuses.toml)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from everyfamily.core.partnership.national_lines import national_lines


@dataclass(frozen=True, slots=True)
class Misuse:
    """A line offered for something it is not for, in the sentence that names it."""

    called: re.Pattern[str]
    said: re.Pattern[str]
    unless: re.Pattern[str]
    fact: str
    suggestion: str


@cache
def misuses() -> tuple[Misuse, ...]:
    """Every clear case of a line offered for something else."""
    called = {line.id: line.called for line in national_lines()}
    text = files("everyfamily.checks.letter").joinpath("line_misuses.toml").read_text(encoding="utf-8")
    return tuple(
        Misuse(
            called=called[row["line"]] if "line" in row else re.compile(row["called"], re.IGNORECASE),
            said=re.compile(row["said"], re.IGNORECASE),
            unless=re.compile(row["unless"], re.IGNORECASE),
            fact=row["fact"],
            suggestion=row["suggestion"],
        )
        for row in tomllib.loads(text)["misuse"]
    )
