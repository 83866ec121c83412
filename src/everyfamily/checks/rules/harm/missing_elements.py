"""What a letter about a kind of harm must say: one rule for each element of `missing_elements.toml`.

Only letters from outside are checked for it. Our packs have stricter rules of their own.
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
class Element:
    """One thing to say. Patterns see folded text, and are compiled when a letter first needs them."""

    kinds: tuple[str, ...]
    only_if: str | None
    said: str
    message: str
    hint: str


def find(element: Element, context: CheckContext) -> Iterator[Hit]:
    """One hit for a letter that needs the element and does not have it. The announcement of a lesson needs none."""
    subject = context.subject
    if context.is_ours or subject.is_lesson or (element.kinds and not _is_first(subject, element.kinds)):
        return
    if element.only_if is not None and not _stands(context, element.only_if):
        return
    for title in titles_without(context, _compiled(element.said)):
        yield whole(title, element.message, element.hint)


def _is_first(subject: Subject, kinds: tuple[str, ...]) -> bool:
    return bool(subject.kinds) and subject.kinds[0] in kinds


def _stands(context: CheckContext, pattern: str) -> bool:
    return any(
        piece.is_english and _compiled(pattern).search(piece.folded.text) for piece in context.part("body")
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s"), re.IGNORECASE)


def _rule(raw: Mapping[str, Any]) -> Rule:
    kinds = tuple(raw["kinds"])
    element = Element(kinds, raw.get("only_if"), raw["said"], raw["message"], raw["hint"])
    about = f" It is asked of letters about {', '.join(kinds)}." if kinds else ""
    return Rule(
        code=raw["code"],
        name=raw["name"],
        severity=Severity(raw["severity"]),
        scope="letter",
        status="stable",
        since="2026.5",
        page=Page(
            checks=f"That this cannot be said of a letter from outside: “{raw['message']}”.{about} An "
            "announcement of a lesson is not read for it.",
            matters=raw["matters"],
            example=raw["example"],
            instead=raw["instead"],
        ),
        evidence=tuple(raw["evidence"]),
        check=partial(find, element),
        needs=frozenset({Need.ENGLISH}),
        only_about_harm=True,
    )


def _elements() -> list[dict[str, Any]]:
    text = files("everyfamily.checks.rules.harm").joinpath("missing_elements.toml").read_text(encoding="utf-8")
    elements: list[dict[str, Any]] = tomllib.loads(text)["element"]
    return elements


RULES: tuple[Rule, ...] = tuple(_rule(raw) for raw in _elements())
