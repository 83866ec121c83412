"""A reason why a site is not for families."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.core.errors import SourceLocation


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One reason: a code, the fact, what to do, and where."""

    code: str
    fact: str
    fix: str
    place: SourceLocation | None = None
    language: str | None = None
    """For a reason about a translation: leaving this language out removes it."""
