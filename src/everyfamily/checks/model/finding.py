"""What a rule found: the fact, the place, the words, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.errors import SourceLocation


class Severity(StrEnum):
    """How much a finding weighs. The order of the members is the order of weight."""

    ERROR = "error"
    """Stops approval. There is no waiver."""
    WARNING = "warning"
    """Stops approval until every signatory has agreed a waiver with a reason and an end date."""
    ADVICE = "advice"
    """Never stops anything."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found in one place.

    `text` is the whole piece of text (a passage, a number of the register). `span` are the offsets of the words in it,
    from 0, end excluded. `place` is the file, line and column where those words begin. `passage` is the passage's id,
    which is the same in every language and channel. `language` is a BCP 47 tag. `message` is under 80 characters.
    `hint` is one line.
    """

    code: str
    name: str
    severity: Severity
    place: SourceLocation
    text: str
    span: tuple[int, int]
    message: str
    hint: str
    url: str
    passage: str
    language: str
    fix: str | None = None
    """What to write for exactly the words of `span`, if that is always safe."""

    @property
    def words(self) -> str:
        """The words the finding is about."""
        return self.text[self.span[0] : self.span[1]]
