"""A national line with a number that is not its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import Telephone, numbers_in
from everyfamily.core.partnership.national_lines import NationalLine, line_of_number, national_lines

_BETWEEN = re.compile(
    r"(?:['s]{1,2})?(?:[ ,:;()\n-]{1,4}(?:on|at|is|are|by|the|free|call|calls|ring|tel|telephone|phone"
    r"|number|helpline"
    r"|line|24|hours?|confidential(?:ly)?|freephone|anonymous(?:ly)?|adult|or|children's|child's|open"
    r"|uk)\b\.?){0,7}"
    r"[ ,:;()\n–—-]{0,4}"
)
_REACH = 60
_NEAR = 2
"""If a number differs from another line's in this many digits or fewer, it is a slip and not a different number."""


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each number that directly follows a line's name and belongs to another line, or to nobody."""
    for piece in context.pieces:
        if not any(line.called.search(piece.folded.text) for line in national_lines()):
            continue
        numbers = [number for number in numbers_in(piece) if len(number.digits) > 3]
        if numbers:
            yield from _piece(piece, numbers)


def _piece(piece: Piece, numbers: list[Telephone]) -> Iterator[Hit]:
    for number in numbers:
        if number.text.endswith("18001") or number.digits.startswith("1800"):
            continue
        line = _line_named_before(piece.folded.text[max(0, number.at - _REACH) : number.at])
        if (
            line is None
            or number.digits in line.numbers
            or not line.numbers
            or not _is_wrong(number.digits, line)
        ):
            continue
        name = piece.folded.text[max(0, number.at - _REACH) : number.at]
        named = next(iter(line.called.findall(name)), line.id)
        message = f"{clip(number.text, 20)} is not the number of {clip(named, 28)}"
        yield Hit(
            piece, number.start, number.end, message, f"Print {line.printed}, and ring it before you print it."
        )


def _line_named_before(before: str) -> NationalLine | None:
    """The line whose name ends the words before a number, ignoring words such as "helpline on"."""
    for line in national_lines():
        for match in line.called.finditer(before):
            if _BETWEEN.fullmatch(before, match.end()):
                return line
    return None


def _is_wrong(digits: str, line: NationalLine) -> bool:
    """An organisation has other numbers too. For it, only another line's number, or a near miss, is wrong."""
    if line.whole_name or digits in line_of_number():
        return True
    return any(_differ(digits, own) <= _NEAR for own in line.numbers)


def _differ(digits: str, own: str) -> int:
    if len(digits) != len(own):
        shorter, longer = sorted((digits, own), key=len)
        return 1 if len(longer) - len(shorter) == 1 and longer.startswith(shorter) else len(own)
    return sum(a != b for a, b in zip(digits, own, strict=True))


RULE = Rule("TR024", "wrong-number-for-line", Severity.ERROR, "text", check)
