"""A letter that speaks only of girls, or only of boys, hides the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece

_SEXED = re.compile(
    r"\b(?:(?P<girls>(?P<daughter>girls?|daughters?)|she|hers?|herself)|(?P<boys>(?P<son>boys?|sons?)|he|him|his"
    r"|himself))\b(?!'?s?'? (?:school|grammar|high|academy|college|brigade))",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:one|two|three|four|five|\d{1,3})\s(?:\w{1,12}\s){0,2}$", re.IGNORECASE)
_TOLD_OF = re.compile(
    r"\b(?:an?|one|the|this|that|our)\s(?:[\w-]{1,14}\s){0,3}"
    r"(?:girl|boy|man|woman|lad|lass|lady|son|daughter|pupil|student|teenager|male|female|driver"
    r"|\d{1,2}[ -]year[ -]old|mr|father|uncle)\b[^.!?]{0,120}"
    r"\b(?:was|had|has been|is still|ran|told|said|went|came|got|drove|asked|tried|called|met|saw|spoke|pulled"
    r"|followed|who will know|belongs)\b",
    re.IGNORECASE,
)
"""One person the letter tells something about. "He" and "she" may be about that person."""
_FEWEST = 2
"""How many pronouns make a letter one about girls or boys. One noun is enough."""
_HINT = "Write “your child” and “they”, and say once that it happens to boys and girls."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit, at the first word, for a letter whose children are all of one sex."""
    weight = {"girls": 0, "boys": 0}
    first: tuple[Piece, re.Match[str]] | None = None
    tells_of_one = any(_TOLD_OF.search(piece.folded.text) for piece in context.part("body") if piece.is_english)
    for piece in context.part("body"):
        if not piece.is_english:
            continue
        for match in _SEXED.finditer(piece.folded.text):
            if _COUNTED.search(piece.folded.text[max(0, match.start() - 30) : match.start()]):
                continue  # two girls who were there do not say who the letter is about
            if tells_of_one and not (match["daughter"] or match["son"]):
                continue
            sex = "girls" if match["girls"] else "boys"
            weight[sex] += _FEWEST if match["daughter"] or match["son"] else 1
            first = first or (piece, match)
        if all(weight.values()):
            return
    if first is not None and max(weight.values()) >= _FEWEST:
        piece, match = first
        start, end = piece.folded.span(*match.span())
        message = f"“{clip(piece.text[start:end])}”: the letter speaks only of {_sex(weight)}"
        yield Hit(piece, start, end, message, _HINT)


def _sex(weight: dict[str, int]) -> str:
    return "girls" if weight["girls"] else "boys"


RULE = Rule(
    "HM008",
    "only-one-sex",
    Severity.WARNING,
    "text",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
