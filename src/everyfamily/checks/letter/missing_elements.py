"""What a letter must say, in any words: one rule for each element of a list.

`rules/harm/missing_elements.toml` and `rules/trust/missing_elements.toml` are such lists. The first says what each line
means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.model.rule_rows import RuleRow
from everyfamily.checks.text.about_harm import Subject
from everyfamily.core.files.data_tables import load_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(RuleRow):
    """One thing to say. Patterns see folded text, and are compiled when a letter first needs them."""

    kinds: tuple[str, ...] = ()
    only_if: str | None = None
    said: str
    message: str
    hint: str
    in_lessons: bool = False
    ours: bool = False
    field_of_ours: str | None = None
    checks: str
    matters: str


def rules_of(module: str) -> tuple[Rule, ...]:
    """A rule for each element of the list beside the module (its `__file__`)."""
    return tuple(map(_rule, load_rows(Element, module, table="element")))


def _rule(element: Element) -> Rule:
    return element.rule(
        partial(_find, element),
        "letter",
        checks=element.checks,
        matters=element.matters,
        exceptions="" if element.in_lessons else "An announcement of a lesson.",
        needs=frozenset({Need.ENGLISH}),
    )


def _find(element: Element, context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that needs the element and does not have it."""
    if _needs(element, context):
        for title in titles_without(context, _compiled(element.said)):
            yield whole(title, element.message, element.hint)


def _needs(element: Element, context: CheckContext) -> bool:
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
