"""A telephone number must be in the register: row M06 of `blaming_words.toml`, which no word list can check."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.offered_routes import is_for_help, letter_proper
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.telephone import Telephone, is_dialable, numbers_in
from everyfamily.core.invented import digits_of

_HINT = "Print a number of the register, or have this one checked and entered there."
_LONG = 8
"""A number with this many digits needs no "call" before it."""
_RELAY = frozenset({"18000", "18001", "18002"})


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each number that belongs to no route, at the first place where it is printed."""
    known = _known(context)
    seen: set[str] = set()
    for piece in context.pieces if context.is_ours else letter_proper(context):
        for number in numbers_in(piece):
            if number.digits in known or number.digits in seen:
                continue
            if not (_is_a_route(number) if context.is_ours else is_for_help(number)):
                continue
            seen.add(number.digits)
            yield Hit(piece, number.start, number.end, f"“{clip(number.text)}” is not in the register", _HINT)


def _is_a_route(number: Telephone) -> bool:
    if len(number.digits) >= _LONG:
        return is_dialable(number.digits)
    return number.is_told_to_dial


def _known(context: CheckContext) -> frozenset[str]:
    numbers = [route.number for route in context.register or () if route.number]
    return _RELAY | {digits_of(number) for number in (*numbers, *context.own_numbers)}


RULE = Rule(
    "HM166",
    "unregistered-number",
    Severity.WARNING,
    "text",
    check,
    needs=frozenset({Need.REGISTER}),
    only_about_harm=True,
)
