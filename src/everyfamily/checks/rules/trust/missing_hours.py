"""A number without its hours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from everyfamily.checks.letter.offered_routes import is_police, letter_proper, offered_numbers
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import Telephone
from everyfamily.core.partnership.national_lines import line_of_number

_HOURS = re.compile(
    r"\d ?(?:am|pm|a\.m|p\.m)\b|\b\d{1,2}[:.]\d\d\b|\b24 ?(?:/ ?7|-?hours?|hrs?)\b|\b(?:day|night)s?\b"
    r"|\bany ?time\b|\bat all times\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\bweek(?:day|end)s?\b|\bround the clock\b|\bhours\b"
    r"|\bopen\b|\bdaily\b"
    r"|\bmid(?:night|day)\b|\bmon(?: ?- ?|\b)",
    re.IGNORECASE,
)
_ALWAYS = frozenset({"999", "101", "111", "112"})
_SHORT = 300
"""The longest paragraph, in characters, whose hours belong to every number in it."""
_REACH = 120
"""In a longer paragraph, how many characters from a number its hours may be."""
_HINT = "Say beside it when somebody answers, such as 8am to 8pm, and whom to call at other times."


def check(context: CheckContext) -> Iterator[Hit]:
    """For ours, each row of the card without hours. For others, one hit at the first such number."""
    if context.letter is not None:
        for route in context.letter.routes:
            if route.number and not route.hours.strip():
                yield from _row(context, f"routes/{route.id}")
        return
    bare = list(_bare(context))
    if bare:
        more = f" (and {len(bare) - 1} more)" if len(bare) > 1 else ""
        first = bare[0]
        message = f"Nothing says when {clip(first.text, 24)} answers{more}"
        yield Hit(first.piece, first.start, first.end, message, _HINT)


def _row(context: CheckContext, passage: str) -> Iterator[Hit]:
    for piece in context.part("register"):
        if piece.passage == passage and piece.kind == "number":
            yield whole(piece, f"Nothing says when {clip(piece.text, 24)} answers", _HINT)


def _bare(context: CheckContext) -> Iterator[Telephone]:
    """The first mention of each number offered for help that has no hours near it."""
    pieces = letter_proper(context)
    index = {id(piece): n for n, piece in enumerate(pieces)}
    first: dict[str, Telephone] = {}
    said: set[str] = set()
    for number in offered_numbers(context):
        digits = number.digits
        line = line_of_number().get(digits)
        if digits in _ALWAYS or is_police(number) or (line is not None and line.always_open):
            continue
        first.setdefault(digits, number)
        if digits not in said and _hours_near(number, pieces, index[id(number.piece)]):
            said.add(digits)
    yield from (number for digits, number in first.items() if digits not in said)


def _hours_near(number: Telephone, pieces: Sequence[Piece], index: int) -> bool:
    """In its sentence or the next, in the paragraph if that is short, or in the line after."""
    text = number.piece.folded.text
    near = text if len(text) < _SHORT else text[max(0, number.at - _REACH) : number.at + _REACH]
    after = pieces[index + 1].folded.text[:_REACH] if index + 1 < len(pieces) else ""
    before = pieces[index - 1].folded.text[-_REACH:] if index and number.piece.kind == "cell" else ""
    return any(_HOURS.search(words) for words in (near, after, before))


RULE = Rule(
    "TR011",
    "missing-hours",
    Severity.WARNING,
    "letter",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
