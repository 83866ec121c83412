"""What national lines are not for, as data (line_misuses.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from everyfamily.core.files.data_tables import load_rows
from everyfamily.core.partnership.national_lines import national_lines


@dataclass(frozen=True, slots=True)
class Misuse:
    """A line offered for something it is not for, in the sentence that names it."""

    said: re.Pattern[str]
    unless: re.Pattern[str]
    fact: str
    suggestion: str
    evidence: tuple[str, ...]
    called: re.Pattern[str] = re.compile(r"(?!)")
    line: str = ""
    """One of the national lines, if the row says no name of its own."""


@cache
def misuses() -> tuple[Misuse, ...]:
    """Every clear case of a line offered for something else."""
    called = {line.id: line.called for line in national_lines()}
    rows = load_rows(Misuse, __file__, table="misuse")
    return tuple(replace(row, called=called[row.line]) if row.line else row for row in rows)
