"""The letter does not say how long it is valid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

_SAID = re.compile(
    r"\b(?:review|reviewed|looked at again|check(?:ed)? (?:this letter )?again|valid|holds?|correct"
    r"|current|up to date|replaced?)\b.{0,40}"
    r"\b(?:until|by|on|in|at|as of|next)\b.{0,20}(?:\b20\d\d\b|\bterm\b|\byear\b|\bmonths?\b)"
    r"|\breview(?: date)?\b.{0,20}\b20\d\d\b|\bwe will review\b|\b(?:another|next) letter\b",
    re.IGNORECASE,
)
_MESSAGE = "The letter does not say until when it holds"
_HINT = "Add, if it is so: We check this letter again by ((month and year))."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that does not say it."""
    if context.letter is not None and context.letter.review_on:
        return
    for title in titles_without(context, _SAID):
        yield whole(title, _MESSAGE, _HINT)


RULE = Rule(
    code="TR022",
    name="missing-review-date",
    severity=Severity.ADVICE,
    scope="letter",
    status="preview",
    since="2026.2",
    page=Page(
        checks="That the letter says when it will be looked at again. Our own letters have a field for that day.",
        matters="Letters about harm are kept by the telephone for years, and copied. Numbers change sooner.",
        example="17 March 2027",
        instead="17 March 2027. We check this letter again by 31 August 2027.",
    ),
    evidence=(),
    check=check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
