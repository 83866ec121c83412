"""A number or address that is not in the partnership's register."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.context import CheckContext, Need
from everyfamily.checks.finding import Severity
from everyfamily.checks.offered_routes import is_for_help, letter_proper
from everyfamily.checks.rule import Hit, Page, Rule, clip
from everyfamily.checks.telephone import digits_of, numbers_in

_KNOWN_TO_ALL = frozenset({"999", "101", "111", "112"})
_HINT = "Put it into the register once somebody has rung it, or print one that is there."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each number offered for help that no row of the register has."""
    known = {digits_of(route.number) for route in context.register or () if route.number} | _KNOWN_TO_ALL
    if context.letter is not None:
        known.add(digits_of(context.letter.enquiries.number))
    reported: set[str] = set()
    for piece in letter_proper(context):
        for number in numbers_in(piece):
            if number.digits in known or number.digits in reported or not is_for_help(number):
                continue
            reported.add(number.digits)
            message = f"{clip(number.text, 20)} is not in the register of routes"
            yield Hit(piece, number.start, number.end, message, _HINT)


RULE = Rule(
    code="TR008",
    name="unregistered-route",
    severity=Severity.WARNING,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That every number which the letter offers for help stands in the partnership's register of "
        "routes, where a named person has signed that it answers. Needs a register.",
        matters="A number that nobody is responsible for is the one that is dead next year.",
        example="Call the Careline on 0151 496 0199.",
        instead="Call the children's team on 0151 496 0120 (in the register, rung this month).",
        exceptions="999, 101 and 111; the letterhead and enquiries; numbers for large print and languages",
    ),
    evidence=("S48",),
    check=check,
    needs=frozenset({Need.REGISTER}),
)
