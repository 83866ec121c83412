"""A letter about harm must name somebody to call, and one about domestic abuse must name a line for the adult."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.letter.offered_routes import letter_proper
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.telephone import is_dialable, numbers_in

_ADULTS_LINE = re.compile(
    r"\b0?808\s?2000\s?247\b|\bnational\sdomestic\s(?:abuse|violence)\shelpline\b|\brefuge\b|\bwomen'?s\said\b"
    r"|\bmen's\sadvice\sline\b|\brespect\sphoneline\b|\bgalop\b|\bdomestic\s(?:abuse|violence)\s(?:help|support)?\s?(?:line|service)\b"
    r"[^.]{0,40}\d{4}",
    re.IGNORECASE,
)


def no_number(context: CheckContext) -> Iterator[Hit]:
    """One hit for a letter from outside without any telephone number after its greeting."""
    if context.is_ours:
        return
    pieces = letter_proper(context)
    numbers = (number for piece in pieces for number in numbers_in(piece))
    if pieces and not any(
        is_dialable(number.digits) or number.is_told_to_dial for number in islice(numbers, 300)
    ):
        weight = Severity.ADVICE if context.subject.is_lesson else None
        yield whole(
            pieces[0],
            "The letter gives no telephone number at all",
            "Add who to call: 999 in danger, ((the council's children's team and its number)), Childline 0800 1111.",
            severity=weight,
        )


def no_adults_line(context: CheckContext) -> Iterator[Hit]:
    """One hit for a letter about domestic abuse that names no line for the adult."""
    if context.is_ours or not context.subject.has("domestic abuse"):
        return
    for title in titles_without(context, _ADULTS_LINE):
        yield whole(
            title,
            "A letter about domestic abuse names no line for the adult",
            "Add: National Domestic Abuse Helpline, free, day and night: 0808 2000 247.",
        )


RULES = (
    Rule(
        "TR184",
        "missing-any-number",
        Severity.WARNING,
        "letter",
        no_number,
        needs=frozenset({Need.ENGLISH}),
        only_about_harm=True,
    ),
    Rule(
        "TR185",
        "missing-adults-line",
        Severity.WARNING,
        "letter",
        no_adults_line,
        needs=frozenset({Need.ENGLISH}),
        only_about_harm=True,
    ),
)
