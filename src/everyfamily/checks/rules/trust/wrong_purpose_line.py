"""A national line that is offered for something it is not for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.line_misuses import misuses
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import numbers_in
from everyfamily.core.partnership.national_lines import line_of_number, national_lines

_DANGER = re.compile(
    r"\b(?:in|at) (?:immediate |urgent |serious |great )?(?:danger|risk of (?:immediate|serious) harm)\b"
    r"|\bimmediate danger\b"
    r"|\bdanger now\b|(?<!non-)(?<!non )\bemergency\b|\blife is (?:at risk|in danger)\b",
    re.IGNORECASE,
)
_NO_DANGER = re.compile(
    r"\b(?:not|nobody|no one|no|never|unless|non|otherwise|999)\b|n't\b|\bless urgent\b", re.IGNORECASE
)
_101 = re.compile(
    r"\b(?:call|ring|dial|phone|telephone|contact|on|police)\b.{0,30}\b101\b(?![.,]\d)", re.IGNORECASE
)
_IN_DANGER = "Danger now is for 999: If a child is in danger now, call 999."
_LEAVE_OUT = "Take it out; name a line for children, such as Childline: 0800 1111."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each sentence that clearly gives a line for something else, and at most one for each sentence."""
    for piece in context.pieces:
        if not piece.is_english or piece.part == "register":
            continue
        text = piece.folded.text
        if any(line.called.search(text) for line in national_lines()) or "101" in text or "emove" in text:
            for start, end in piece.sentences:
                yield from _sentence(piece, start, end)
        for number in numbers_in(piece):
            line = line_of_number().get(number.digits)
            if line is not None and line.not_children is not None:
                message = f"{clip(number.text, 20)} {line.not_children}"
                yield Hit(piece, number.start, number.end, message, _LEAVE_OUT)


def _sentence(piece: Piece, start: int, end: int) -> Iterator[Hit]:
    said = piece.folded.text[start:end]
    for misuse in misuses():
        named = misuse.called.search(said)
        if named is not None and misuse.said.search(said) and not misuse.unless.search(said):
            yield _hit(piece, start + named.start(), start + named.end(), misuse.fact, misuse.suggestion)
            return
    if not _DANGER.search(said) or _NO_DANGER.search(said):
        return
    police = _101.search(said)
    if police is not None:
        message = "101 is given for danger or an emergency"
        yield _hit(piece, start + police.end() - 3, start + police.end(), message, _IN_DANGER)
        return
    for line in national_lines():
        named = line.called.search(said)
        if named is not None:
            message = f"{clip(named.group(), 24)} is given for danger or an emergency"
            yield _hit(piece, start + named.start(), start + named.end(), message, _IN_DANGER)
            return


def _hit(piece: Piece, start: int, end: int, message: str, hint: str) -> Hit:
    return Hit(piece, *piece.folded.span(start, end), message, hint)


RULE = Rule(
    "TR010",
    "wrong-purpose-line",
    Severity.WARNING,
    "text",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
