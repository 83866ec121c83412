"""A child must be given their own route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.core.invented import digits_of
from everyfamily.core.partnership.national_lines import national_lines

_MORE = r"\breport remove\b|\bsafecall\b|\bSHOUT\b.{0,20}\b85258\b|\bkooth\b|\bthe mix\b"
_SAID = re.compile(
    "|".join([*(line.called.pattern for line in national_lines() if line.childs_own and line.numbers), _MORE]),
    re.IGNORECASE,
)
_NUMBERS = frozenset(number for line in national_lines() if line.childs_own for number in line.numbers)
_NURSERY = re.compile(
    r"\b(?:nursery|pre-?school|playgroup|childminders?|toddlers?)\b(?! (?:and|to|class))", re.IGNORECASE
)
"""At the head of a letter about children who are too young to ring anybody."""
_HINT = "Add: Your child can call Childline, free, day or night: 0800 1111."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that names no line that a child can call by themselves. The card counts."""
    if context.letter is None and any(
        _NURSERY.search(piece.folded.text) for piece in islice(context.part("body"), 3)
    ):
        return
    routes = () if context.letter is None else context.letter.card_routes
    if any(digits_of(route.number or "") in _NUMBERS for route in routes):
        return
    for title in titles_without(context, _SAID):
        yield whole(title, "The letter gives no line that a child can call without an adult", _HINT)


RULE = Rule(
    "TR012",
    "missing-childs-route",
    Severity.WARNING,
    "letter",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
