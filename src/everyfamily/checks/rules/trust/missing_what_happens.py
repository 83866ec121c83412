"""A letter must say what happens when somebody calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

_SAID = re.compile(
    r"\bwhat (?:will )?happens? (?:when|if|after|next|once) (?:you|somebody|someone|I)\b"
    r"|\bwhen you (?:call|ring|phone|get in touch|contact us|speak)\b"
    r"|\bwhat to expect\b|\bafter (?:you|your) (?:call|ring|contact)|\bif you (?:call"
    r"|ring)\b.{0,40}\b(?:will|we|they)\b"
    r"|\b(?:someone|somebody|a person|a trained|social workers?|the person|we|they|staff|the team)\b.{0,30}"
    r"\b(?:will )?(?:listens?|answers?(?! to)|asks? you|asks? (?:a few |some )?questions|explains? what)\b"
    r"|\b(?:i|we|they|she|he|one of us|someone|somebody)(?: will|'ll) (?:first |then |always |just )?"
    r"(?:talk|listen"
    r"|tell you|decide|discuss|ask|agree|take|write|look into|work out|explain|go through|note)\b"
    r"|\b(?:will|can|'ll|to)\b[^.!?]{0,60}\b(?:phone|call|ring|write to|get back to|contact|reply to|answer|visit"
    r"|see) you\b(?: back)?(?:[^.!?]{0,30}\b(?:within|by|before|the same|the next|on the|in) |[.,])"
    r"|\b(?:he|she|officers?|staff|lead|head|nurse|adviser|advisor|call handler|operator)\b[^.!?]{0,30}"
    r"\bwill (?:\w{1,12} ){0,2}(?:listen|take down|write down|note|explain|ask you|tell you)\b"
    r"|\b(?:people|services?|teams?|helplines?|lines?)\b[^.!?]{0,30}"
    r"\b(?:can|will) help you (?:to )?(?:plan|decide|think)\b",
    re.IGNORECASE,
)
_MESSAGE = "The letter does not say what happens when you call"
_HINT = "Add what is so: ((Who)) answers, asks what you have seen, and tells you ((what comes next))."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of a letter that does not say it."""
    if context.subject.is_lesson:
        return
    for title in titles_without(context, _SAID):
        yield whole(title, _MESSAGE, _HINT)


RULE = Rule(
    code="TR013",
    name="missing-what-happens",
    severity=Severity.WARNING,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That the letter says what happens when somebody calls: who answers, what they ask, what "
        "they do next.",
        matters="Parents fear that one call takes their child away, or that nobody believes them. Those who "
        "know what happens next ring sooner.",
        example="Call the Careline on 0151 496 0120.",
        instead="When you call, a trained person listens and asks what you have seen. They tell you what "
        "happens next.",
    ),
    evidence=("S24",),
    check=check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
