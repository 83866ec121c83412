"""A family must be able to find out whether the letter is genuine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

_SAID = re.compile(
    r"\b(?:letter|message|email|text)\b.{0,30}\b(?:is|are|was)\b.{0,12}\b(?:real|genuine|true|really from us)\b"
    r"|\b(?:check|make sure|confirm|find out|know|verify)\b.{0,50}\b(?:real|genuine|really from"
    r"|comes? from us|this letter)\b"
    r"|\b(?:real|genuine|scam|fake|fraud)\b.{0,60}\b(?:check|ring|call|ask|look up|visit)\b"
    r"|\bon (?:the|a) number (?:that )?you already (?:have|know)\b|\bthis letter is (?:also "
    r"|published )?(?:on|at) (?:our|the|www)\b",
    re.IGNORECASE,
)
_MESSAGE = "The letter does not say how to check that it is real"
_HINT = "Add: To check that this letter is real, call the school on a number you already have."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that does not say it."""
    for title in titles_without(context, _SAID):
        yield whole(title, _MESSAGE, _HINT)


RULE = Rule(
    code="TR019",
    name="missing-way-to-check",
    severity=Severity.WARNING,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That the letter says how a family can make sure that it is genuine, by a way that the "
        "letter itself did not give them.",
        matters="Frauds copy letters of councils and schools. A letter about abuse that cannot be checked is "
        "thrown away, or the next false one is believed.",
        example="Yours faithfully, the Director",
        instead="Is this letter real? Call the school on a number you already have, or look up the reference "
        "on our site.",
    ),
    evidence=(
        "S23",
        "S65",
    ),
    check=check,
    needs=frozenset({Need.ENGLISH}),
    outside=Severity.ADVICE,
    only_about_harm=True,
)
