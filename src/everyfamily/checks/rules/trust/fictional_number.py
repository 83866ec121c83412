"""A number that Ofcom keeps for drama, in a letter to real families."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.telephone import numbers_in
from everyfamily.core.invented import digits_of, is_drama_number

_HINT = "Print the real number, and ring it before you write who checked it and when."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such number in the text, and for one that is only in the partnership's file."""
    if context.demonstration:
        return
    printed = set()
    for piece in context.pieces:
        for number in numbers_in(piece):
            if is_drama_number(number.digits):
                printed.add(number.digits)
                yield Hit(piece, number.start, number.end, _message(number.text), _HINT)
    for own in context.own_numbers:
        if is_drama_number(digits_of(own)) and digits_of(own) not in printed:
            for piece in context.of_passage("enquiries"):
                yield whole(piece, _message(own), _HINT, "enquiries")


def _message(printed: str) -> str:
    return f"{clip(printed, 24)} is kept for drama: nobody answers it"


RULE = Rule("TR026", "fictional-number", Severity.ERROR, "text", check, outside=Severity.WARNING)
