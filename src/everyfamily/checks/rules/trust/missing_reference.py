"""The letter has no reference to look it up by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

_SAID = re.compile(
    r"\b(?:our |your |letter |quote )?ref(?:erence)?(?: (?:no|number|code))?\b ?[.:#]{0,2} {0,2}[^\W_]*\d"
    r"|\bour ref(?:erence)?\b[ .:]{0,3}[A-Z]{1,6}[/.-]"
    r"|\breference\b.{0,12}\b[A-Z]{1,6}[/-]?\d",
    re.IGNORECASE,
)
_MESSAGE = "The letter has no reference"
_HINT = "Give it one that a family can look up: Our reference: ((reference))."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that does not say it."""
    if context.letter is not None and context.letter.reference.strip():
        return
    for title in titles_without(context, _SAID):
        yield whole(title, _MESSAGE, _HINT)


RULE = Rule(
    code="TR020",
    name="missing-reference",
    severity=Severity.ADVICE,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That the letter carries a reference. Our own letters have a field for it.",
        matters="A family that calls about the letter, or wants to know whether it is real, has to be able "
        "to say which letter it is.",
        example="Our ref:",
        instead="Our reference: ES-2703-K7R4",
    ),
    evidence=("S47",),
    check=check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
