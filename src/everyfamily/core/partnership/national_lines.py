"""National lines as data: whose each number is. The register and the checks of letters read the same table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from everyfamily.core.files.data_tables import load_rows

_NEVER = re.compile(r"(?!)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NationalLine:
    """One line that letters name. `national_lines.toml` explains the fields."""

    id: str
    name: str
    called: re.Pattern[str]
    numbers: tuple[str, ...]
    printed: str
    sites: tuple[str, ...]
    whole_name: bool
    childs_own: bool
    always_open: bool
    evidence: tuple[str, ...]
    not_children: str | None = None
    texts: tuple[str, ...] = ()
    register_only: bool = False

    def meant_by(self, words: str) -> int:
        """How many characters of a row's folded words name this line: of two, the longer name is meant."""
        return _longest(self.called, words)


@dataclass(frozen=True, slots=True)
class Service:
    """The emergency services, the police and NHS 111: numbers that nobody else has, for people who have no other."""

    id: str
    name: str
    called: re.Pattern[str]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    sites: tuple[str, ...]
    unless: re.Pattern[str] = _NEVER

    @property
    def printed(self) -> str:
        """The number to print."""
        return self.numbers[0]

    def meant_by(self, words: str) -> int:
        """How many characters of a row's folded words speak of this service."""
        return _longest(self.called, self.unless.sub(" ", words))


@cache
def national_lines() -> tuple[NationalLine, ...]:
    """The lines that the checks of letters know, in the order of the file."""
    return tuple(line for line in registered_lines() if not line.register_only)


@cache
def registered_lines() -> tuple[NationalLine, ...]:
    """Every line but the services, in the order of the file."""
    return load_rows(NationalLine, __file__, table="line")


@cache
def services() -> tuple[Service, ...]:
    """The services, in the order of the file."""
    return load_rows(Service, __file__, table="service")


@cache
def line_of_number() -> dict[str, NationalLine]:
    """The line that a number belongs to, by its digits. The services are not among them."""
    return {number: line for line in national_lines() for number in line.numbers}


def _longest(pattern: re.Pattern[str], words: str) -> int:
    return max((match.end() - match.start() for match in pattern.finditer(words)), default=0)
