"""More numbers than a worried person can choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.offered_routes import is_for_survivors, is_police, letter_proper, offered_numbers
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text import prose
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import Telephone
from everyfamily.core.invented import digits_of
from everyfamily.core.letter.letters import Letter

MOST = 5
"""Routes in one letter; 999 and 101 count as one."""
_OTHER_HOURS = re.compile(
    r"\b(?:out of hours|outside (?:these|those|office) hours|evenings?|weekends?|at night|other times)\b",
    re.IGNORECASE,
)
_SCHOOL = re.compile(
    r"\b(?:speak|talk|ask|tell|contact|call|ring)\b[^.\n]{0,50}\b(?:school|teacher|DSL|safeguarding lead)\b"
    r"|\byour child's school ?:",
    re.IGNORECASE,
)
_CHECKING = re.compile(r"\b(?:real|genuine|check|large print|language|copy|format|already have)\b", re.IGNORECASE)
_HINT = "Keep danger now, one local line, school, one national line and the child's own."
_FOR_EITHER_SEX = re.compile(r"\b(?:wo)?men(?:'s)?\b", re.IGNORECASE)
_POLICE, _SCHOOL_KEY, _FOR_ONE_SEX = "the police", "the school", "a line for women, and one for men"


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit, at the first route too many: on the card in ours, and in the text in others."""
    if context.letter is not None:
        yield from _on_the_card(context, context.letter)
        return
    seen: set[str] = set()
    routes = 0
    for piece, span, key in _routes(context):
        routes += key not in seen
        seen.add(key)
        if routes > MOST:
            words = "The school" if key == _SCHOOL_KEY else clip(piece.text[span[0] : span[1]], 24)
            yield Hit(piece, *span, f"{words} is route number {routes}; families can use {MOST}", _HINT)
            return


def _on_the_card(context: CheckContext, letter: Letter) -> Iterator[Hit]:
    keys: dict[str, str] = {}
    for route in letter.card_routes:
        digits = digits_of(route.number or "")
        keys.setdefault(_POLICE if digits in ("999", "101") else route.id, route.id)
    if len(keys) > MOST:
        passage = f"routes/{list(keys.values())[MOST]}"
        row = [piece for piece in context.part("register") if piece.passage == passage]
        for piece in sorted(row, key=lambda piece: piece.kind != "number")[:1]:
            yield whole(piece, f"The card has {len(keys)} routes; families can use {MOST}", _HINT)


def _routes(context: CheckContext) -> Iterator[tuple[Piece, tuple[int, int], str]]:
    """Each route in reading order. A line and its number for the night are one, and so is the school."""
    numbers: dict[int, list[Telephone]] = {}
    for number in offered_numbers(context):
        numbers.setdefault(id(number.piece), []).append(number)
    for piece in letter_proper(context):
        before = ""
        for number in numbers.get(id(piece), ()):
            if is_for_survivors(number):
                continue
            if is_police(number):
                key = _POLICE
            elif _FOR_EITHER_SEX.search(number.before):
                key = _FOR_ONE_SEX
            elif before and _OTHER_HOURS.search(piece.folded.text, max(0, number.at - 60), number.at):
                key = before
            else:
                key = before = number.digits
            yield piece, (number.start, number.end), key
        school = _SCHOOL.search(piece.folded.text)
        if school is not None:
            start, end = prose.sentence_at(piece.sentences, school.start())
            if not _CHECKING.search(piece.folded.text, start, end):
                yield piece, piece.folded.span(*school.span()), _SCHOOL_KEY


RULE = Rule(
    "TR009",
    "too-many-routes",
    Severity.WARNING,
    "letter",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
