"""What a letter must say, in any words: one rule for each element of a list.

`rules/harm/missing_elements.toml` and `rules/trust/missing_elements.toml` are such lists. The first says what each line
means.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole
from everyfamily.checks.text.about_harm import Subject


@dataclass(frozen=True, slots=True)
class _Element:
    """One thing to say. Patterns see folded text, and are compiled when a letter first needs them."""

    kinds: tuple[str, ...]
    only_if: str | None
    said: str
    message: str
    hint: str
    in_lessons: bool
    ours: bool
    field_of_ours: str | None


def rules_of(package: str) -> tuple[Rule, ...]:
    """A rule for each element of `missing_elements.toml` in the package, such as "everyfamily.checks.rules.harm"."""
    text = files(package).joinpath("missing_elements.toml").read_text(encoding="utf-8")
    return tuple(_rule(raw) for raw in tomllib.loads(text)["element"])


def _rule(raw: Mapping[str, Any]) -> Rule:
    element = _Element(
        kinds=tuple(raw.get("kinds", ())),
        only_if=raw.get("only_if"),
        said=raw["said"],
        message=raw["message"],
        hint=raw["hint"],
        in_lessons=raw.get("in_lessons", False),
        ours=raw.get("ours", False),
        field_of_ours=raw.get("field_of_ours"),
    )
    return Rule(
        code=raw["code"],
        name=raw["name"],
        severity=Severity(raw["severity"]),
        scope="letter",
        status=raw.get("status", "stable"),
        since=raw["since"],
        page=Page(
            checks=raw["checks"],
            matters=raw["matters"],
            example=raw["example"],
            instead=raw["instead"],
            exceptions="" if element.in_lessons else "An announcement of a lesson.",
        ),
        evidence=tuple(raw["evidence"]),
        check=partial(_find, element),
        needs=frozenset({Need.ENGLISH}),
        outside=Severity(raw["outside"]) if "outside" in raw else None,
        only_about_harm=True,
    )


def _find(element: _Element, context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that needs the element and does not have it."""
    if _needs(element, context):
        for title in titles_without(context, _compiled(element.said)):
            yield whole(title, element.message, element.hint)


def _needs(element: _Element, context: CheckContext) -> bool:
    if context.is_ours and not element.ours:
        return False
    if context.letter is not None and element.field_of_ours is not None:
        said = getattr(context.letter, element.field_of_ours)
        if said and str(said).strip():
            return False
    subject = context.subject
    if (subject.is_lesson and not element.in_lessons) or (
        element.kinds and not _is_first(subject, element.kinds)
    ):
        return False
    return element.only_if is None or _is_said(context, element.only_if)


def _is_first(subject: Subject, kinds: tuple[str, ...]) -> bool:
    return bool(subject.kinds) and subject.kinds[0] in kinds


def _is_said(context: CheckContext, pattern: str) -> bool:
    return any(
        piece.is_english and _compiled(pattern).search(piece.folded.text) for piece in context.part("body")
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s"), re.IGNORECASE)
