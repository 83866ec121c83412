"""A number that nobody can dial."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import Telephone, is_dialable, long_numbers_in

_PLUS = re.compile(r"(?<![\w+])\+ ?(?:999|101|111|112)(?![\d\w])")
_LETTERS = re.compile(r"(?<![\w(+])\(?0\d{2,4}\)?(?:[ -]?[\dOoIl]{2,6}){1,3}(?!\w)")
_CUE = re.compile(
    r"\b(?:call|ring|dial|phone|telephone|tel|text|line|careline|helpline|contact|on)\b", re.IGNORECASE
)
_HINT = "Look up the right number, ring it, and print every digit."
_ABROAD = "Print only 999; it has no country code."
_DIGITS = "Write only digits, 0 for nought and 1 for one; then ring it."
_FEWEST, _MOST = 10, 11
_TOO_FEW_TO_TELL = 6
"""A row with fewer digits is only an area code, or not a telephone number."""


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each number that the text says to call and that is not in the numbering plan."""
    for piece in context.pieces:
        with_letters = list(_with_letters(piece))
        yield from with_letters
        begun = {hit.start for hit in with_letters}
        for number in long_numbers_in(piece):
            if number.start in begun or is_dialable(number.digits) or len(number.digits) < _TOO_FEW_TO_TELL:
                continue
            if number.is_told_to_dial:
                yield Hit(piece, number.start, number.end, _message(number), _HINT)
        for match in _PLUS.finditer(piece.folded.text):
            start, end = piece.folded.span(*match.span())
            yield Hit(piece, start, end, f"{piece.text[start:end]} cannot be dialled", _ABROAD)


def _message(number: Telephone) -> str:
    printed = clip(number.text, 24)
    length = len(number.digits)
    if number.digits.startswith("+"):
        return f"{printed} has a country code that no country has, or a wrong length"
    if not _FEWEST <= length <= _MOST:
        return f"{printed} has {length} digits; British numbers have {_MOST}, a few {_FEWEST}"
    if number.digits[1] in "046":
        return f"{printed} cannot be dialled: no British number begins {number.digits[:2]}"
    return f"{printed} has {length} digits; numbers that begin {number.digits[:4]} have {_MOST}"


def _with_letters(piece: Piece) -> Iterator[Hit]:
    text = piece.folded.text
    for match in _LETTERS.finditer(text):
        letters = sum(character.isalpha() for character in match.group())
        length = letters + sum(character.isdigit() for character in match.group())
        if not letters or length - letters <= letters or not _FEWEST <= length <= _MOST:
            continue
        if _CUE.search(text[max(0, match.start() - 30) : match.start()]):
            start, end = piece.folded.span(*match.span())
            yield Hit(
                piece, start, end, f"{clip(piece.text[start:end], 24)} has letters among its digits", _DIGITS
            )


RULE = Rule("TR006", "undialable-number", Severity.ERROR, "text", check)
