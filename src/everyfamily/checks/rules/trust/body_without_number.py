"""An organisation that families are told to turn to, without its number or address anywhere in the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import sentence_at
from everyfamily.core.partnership.national_lines import NationalLine, national_lines

_TURN = re.compile(
    r"\b(?:contact|call|ring|phone|speak|talk|report|tell|ask|turn|visit|email|text|help|support|advice|useful"
    r"|available|information"
    r"|anonymously|concerns?|worries)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:has|have|had|was|were|been|are|is) (?:\w{1,12} ){0,2}?(?:informed|told|reported|involved|aware"
    r"|notified|contacted|working"
    r"|investigating|logged|advised|developed|produced|created|launched|made)\b|\b(?:by|from|of) the (?:NSPCC"
    r"|police)\b"
    r"|\b(?:we|i) (?:have |will )?(?:contact|inform|report|tell|call|work)\w{0,3}\b"
    r"|\bmay\b[^.]{0,20}\b(?:contact|notify)\b",
    re.IGNORECASE,
)
_A_NUMBER = re.compile(r"[^.\n]{0,20}\d{3}")
_HINT = "Add it in the same sentence: {}."


@dataclass(frozen=True, slots=True)
class Body:
    """The body, the words that show how to reach it, and what to add."""

    id: str
    offered: re.Pattern[str]
    given: re.Pattern[str]
    add: str
    is_always_offered: bool = False
    """Whether the pattern itself says that families should turn to it."""


@cache
def _bodies() -> tuple[Body, ...]:
    turn = (
        r"\b(?:contact|call|ring|phone|speak\s(?:to|with)|talk\sto|report\s(?:it\s|this\s|any\w*\s){0,2}to|tell"
        r"|inform)"
        r"\s(?:the\s|your\s|our\s)?(?:local\s)?"
    )
    police = re.compile(rf"{turn}police\b", re.IGNORECASE)
    council = re.compile(
        rf"{turn}(?:children'?s?\s(?:social\s(?:care|services)|services)|social\s(?:services|care)|MASH\b)",
        re.IGNORECASE,
    )
    return (
        *(Body(line.id, line.called, _reached(line), line.printed) for line in national_lines()),
        Body(
            "police",
            police,
            re.compile(r"(?<!\d)(?:999|101)(?!\d)|police\.uk"),
            "999 in danger, 101 otherwise",
            True,
        ),
        Body(
            "council",
            council,
            re.compile(r"(?<!\d)0\d[\d\s]{7,12}|\.gov\.uk"),
            "its number, with the hours",
            True,
        ),
    )


def _reached(line: NationalLine) -> re.Pattern[str]:
    numbers = (r"[\s-]?".join(number) for number in line.numbers)
    return re.compile("|".join([*numbers, *map(re.escape, line.sites)]), re.IGNORECASE)


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each organisation, where it is first offered, if the letter has nothing to reach it by."""
    if context.is_ours or context.subject.is_lesson:
        return
    pieces = [piece for piece in context.part("body") if piece.is_english]
    whole = "\n".join(piece.folded.text for piece in pieces)
    for body in _bodies():
        if body.offered.search(whole) and not body.given.search(whole):
            yield from islice(_offers(body, pieces), 1)


def _offers(body: Body, pieces: Sequence[Piece]) -> Iterator[Hit]:
    for piece in pieces:
        text = piece.folded.text
        for match in body.offered.finditer(text):
            start, end = sentence_at(piece.sentences, match.start())
            sentence = text[max(start, match.start() - 200) : min(end, match.end() + 200)]
            is_offered = body.is_always_offered or _TURN.search(sentence)
            if is_offered and not _PAST.search(sentence) and not _A_NUMBER.match(text, match.end()):
                span = piece.folded.span(*match.span())
                words = clip(piece.text[slice(*span)], 36)
                yield Hit(piece, *span, f"“{words}” comes without a number", _HINT.format(body.add))


RULE = Rule("TR186", "body-without-number", Severity.WARNING, "text", check, only_about_harm=True)
