"""Signs in the child must come together with signs in how another person behaves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.signs import sign_lists
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole

_ANOTHER_ACTS = re.compile(
    r"\b(?:someone|somebody|anyone|anybody|a person|people|an adult|adults|older \w{1,12}|another \w{1,12}|others"
    r"|the person)\b[^.!?]{0,60}\b(?:gifts?|presents?|lifts|vapes|secrets?|private|alone|attention"
    r"|gives|giving|buys|buying|offers|offering|keeps asking|wants (?:it|them|pictures)"
    r"|(?:asks?|asking|who asked) (?:them|your child|a child|for (?:\w{1,12} ){0,5}(?:money|pictures?|photos?|images?"
    r"|videos?))|wants to use|tells (?:them|your child)|is older|has power)\b"
    r"|\b(?:picked up|dropped off|collected|contacted|messaged)"
    r" by (?:someone|somebody|people|an adult|adults|older)\b",
    re.IGNORECASE,
)
_FEWEST = 2
_MESSAGE = "The letter lists signs in the child and none in another person"
_HINT = "Add: Look out for someone who gives gifts, lifts or attention and wants it kept secret."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for a letter that has signs only in the child."""
    lists = sign_lists(context)
    if sum(len(found.signs) for found in lists if not found.of_another) < _FEWEST:
        return
    if any(found.of_another for found in lists):
        return
    english = [piece for piece in context.part("body") if piece.is_english]
    if not any(_ANOTHER_ACTS.search(piece.folded.text) for piece in english):
        yield whole(english[0], _MESSAGE, _HINT)


RULE = Rule(
    "HM007",
    "missing-adult-signs",
    Severity.WARNING,
    "letter",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
