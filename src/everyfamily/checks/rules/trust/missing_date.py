"""The letter has no date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

_SAID = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?"
    r"|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?),? (?:20)?\d\d\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:20)?\d\d\b"
    r"|\b20\d\d-\d\d-\d\d\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december),? (?:\d{1,2},? )?20\d\d\b",
    re.IGNORECASE,
)
_MESSAGE = "The letter has no date"
_HINT = "Put the day of sending under the letterhead: ((day month year))."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that does not say it."""
    if context.letter is not None and context.letter.dated:
        return
    for title in titles_without(context, _SAID):
        yield whole(title, _MESSAGE, _HINT)


RULE = Rule(
    code="TR021",
    name="missing-date",
    severity=Severity.WARNING,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That the letter says when it was written. Our own letters have a field for this day.",
        matters="Without a date nobody can tell whether the numbers are this year's, or whether an old "
        "letter was sent round again.",
        example="Dear parent or carer",
        instead="17 March 2027. Dear parent or carer",
    ),
    evidence=("S47",),
    check=check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
