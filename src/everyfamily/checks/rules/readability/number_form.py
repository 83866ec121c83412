"""A telephone number in a form that is hard to read, to dial or to hear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import is_dialable, long_numbers_in
from everyfamily.core.invented import digits_of

_UNSPACED = re.compile(r"\d{10,15}")
_DOTTED = re.compile(r"(?<![\w.])0\d{2,4}\.\d{3,4}\.?\d{3,4}(?![\w.]\w)")
_DIGIT = "(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine)"
_IN_WORDS = re.compile(
    rf"\b(?:double|treble|triple) {_DIGIT}\b|\b(?:zero|oh|nought)(?:[ ,-]{{1,2}}{_DIGIT}){{4,14}}\b"
    r"|\bnine[ -]nine[ -]nine\b|\bone[ -](?:oh|zero)[ -]one\b",
    re.IGNORECASE,
)
_FORMS = (("+", "with +44"), ("(", "with brackets"), ("-", "with hyphens"), (".", "with full stops"))
_WORDS_HINT = "Write it in figures, in groups: 0151 496 0120."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each number that is not written in groups of figures with spaces between them."""
    for piece in context.pieces:
        for start, end in _numbers(piece):
            printed = piece.text[start:end]
            form = _form(printed)
            if form is None:
                continue
            spaced = _spaced(digits_of(printed))
            hint = f"Write it in groups: {spaced}." if spaced else _WORDS_HINT
            # +44 is useful to a parent abroad, so a person must decide whether to take it out.
            fix = None if "+" in printed else spaced
            yield Hit(piece, start, end, f"“{clip(printed)}” is written {form}", hint, fix=fix)
        if piece.is_english:
            for match in _IN_WORDS.finditer(piece.folded.text):
                at = piece.folded.span(*match.span())
                yield Hit(piece, *at, f"“{clip(piece.text[slice(*at)])}” is a number in words", _WORDS_HINT)


def _numbers(piece: Piece) -> Iterator[tuple[int, int]]:
    """Offsets of telephone numbers. A bare row of digits counts only if the text says that it is one."""
    for number in long_numbers_in(piece):
        told = number.is_told_to_dial or number.text.startswith(("+44", "("))
        if told and is_dialable(number.digits) and not number.digits.startswith("+"):
            yield number.start, number.end
    for match in _DOTTED.finditer(piece.folded.text):
        if is_dialable(digits_of(match.group())):
            yield piece.folded.span(*match.span())


def _form(printed: str) -> str | None:
    for mark, form in _FORMS:
        if mark in printed.replace("\u2010", "-").replace("\u2011", "-"):
            return form
    return "without a space" if _UNSPACED.search(printed) else None


def _spaced(digits: str) -> str | None:
    """The number in the groups of the national plan, or None if that is not certain."""
    import phonenumbers  # it takes longer to import than all rules, and for most letters no number needs it

    number = phonenumbers.parse(digits, "GB")
    if not phonenumbers.is_possible_number(number):
        return None
    spaced = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return spaced if re.sub(r"\D", "", spaced) == digits and _form(spaced) is None else None


RULE = Rule("RD005", "number-form", Severity.ADVICE, "text", check)
