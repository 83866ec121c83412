"""999 comes before every other number, in the text and on the card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from everyfamily.checks.letter.offered_routes import letter_proper
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.about_harm import Subject
from everyfamily.checks.text.pieces import Part, Piece

_NUMBER = re.compile(
    r"(?<![\w.])(?:999|101|111|112|116\s?\d{3}|1800[01]|(?:\+44|0)(?:[ ()-]{0,2}\d){8,11})(?!\w)"
)
type Numbered = tuple[Piece, tuple[int, int], str]
"""A piece, where a number is in it, and the number."""

_RARELY_AT_ONCE = frozenset({"contact online", "bullying", "radicalisation"})
_TEXTS: dict[Part, str] = {
    "body": "The letter",
    "newsletter": "The newsletter",
    "briefing": "The staff briefing",
    "press": "The press lines",
}
_HINT = "Put before every other number: If a child is in danger now, call 999."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit for each body of the letter and what is said alongside it, for each text message, and for
    the card."""
    if context.letter is None:
        yield from _outside_letter(context)
        return
    for part, name in _TEXTS.items():
        for language, title in context.titles(part).items():
            yield from _body(title, name, list(_numbers(context.part(part, language))))
    for piece in context.part("outside"):
        yield from _first_other(_numbers([piece]))
    yield from _first_other(_numbers(p for p in context.part("register") if p.kind == "number"))


def _outside_letter(context: CheckContext) -> Iterator[Hit]:
    """The letterhead's own number is not a route, and may come before 999."""
    title = next(context.part("body"), None)
    if title is not None:
        weight = _weight(context.subject)
        yield from _body(title, _TEXTS["body"], list(_numbers(letter_proper(context))), weight)


def _weight(subject: Subject) -> Severity | None:
    """The announcement of a lesson does not need it. If nobody is in danger at once, it is not an error."""
    if subject.is_lesson:
        return Severity.ADVICE
    return Severity.WARNING if subject.kinds and subject.kinds[0] in _RARELY_AT_ONCE else None


def _body(title: Piece, name: str, numbers: list[Numbered], weight: Severity | None = None) -> Iterator[Hit]:
    if not any(number == "999" for _, _, number in numbers):
        instead = next(((piece, span) for piece, span, number in numbers if number == "101"), None)
        if instead is not None and weight is not Severity.ADVICE:
            piece, (start, end) = instead
            yield Hit(
                piece,
                start,
                end,
                f"{name} gives 101, and does not say to call 999 in danger",
                _HINT,
                severity=weight,
            )
            return
        yield whole(title, f"{name} does not say to call 999 in danger", _HINT, severity=weight)
        return
    yield from _first_other(iter(numbers), weight or Severity.WARNING)


def _numbers(pieces: Iterable[Piece]) -> Iterator[Numbered]:
    for piece in pieces:
        for match in _NUMBER.finditer(piece.folded.text):
            yield piece, piece.folded.span(*match.span()), match.group()


def _first_other(numbers: Iterator[Numbered], weight: Severity | None = Severity.WARNING) -> Iterator[Hit]:
    """A hit if the first number is not 999. If a letter from outside gives 999 later, it is not an error."""
    piece, (start, end), number = next(numbers, (None, (0, 0), ""))
    if piece is not None and number != "999":
        yield Hit(piece, start, end, f"{number} comes before 999", _HINT, severity=weight)


RULE = Rule("TR005", "late-emergency-line", Severity.ERROR, "letter", check, only_about_harm=True)
