"""How everyfamily says that it could not do something: a code, one sentence, a next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

TRY_AGAIN = 75
"""Exit code for what may work in a while: a service manager starts it again (sysexits' EX_TEMPFAIL)."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """Where something is in a file; lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class ParagraphLocation(SourceLocation):
    """A place in a document that has no lines of its own: `line` counts paragraphs, on the page where there is one.

    A word processor's file knows its pages only once it is laid out. A PDF is laid out.
    """

    page: int | None = None

    def __str__(self) -> str:
        page = "" if self.page is None else f", page {self.page}"
        return f"{self.file}{page}, paragraph {self.line}"


class EveryfamilyError(Exception):
    """Base of every error that is shown to a person.

    `fact` is one sentence about what happened, and `fix` one about what to do next. Neither may hold personal data:
    name the place of a value, never the value. Subclasses state the fact in their name, have a stable `code`, and are
    in the module that raises them.
    """

    code: ClassVar[str] = "EF000"
    exits_with: ClassVar[int] = 2
    """A command's exit code: 2 if it could not run, or TRY_AGAIN if the same command may work in a while."""

    def __init__(self, fact: str, fix: str, place: SourceLocation | None = None) -> None:
        super().__init__(fact)
        self.fact = fact
        self.fix = fix
        self.place = place

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.fact} {self.fix}"
