"""A number that costs more than an ordinary call."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.telephone import is_dialable, long_numbers_in

_KINDS = {
    "09": "is premium rate",
    "0871": "costs up to 13p a minute on top of the call",
    "0872": "costs up to 13p a minute on top of the call",
    "0873": "costs up to 13p a minute on top of the call",
    "087": "carries a service charge on top of the call",
    "084": "costs up to 7p a minute on top of the call",
    "070": "is a personal number, which costs more than a mobile",
}
"""Beginnings in the numbering plan, longest first within a range, and what a call costs."""
_HINT = "Print the 01, 02 or 03 number, or a free 0800 or 0808 one."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each dialable number with its own charge."""
    for piece in context.pieces:
        for number in long_numbers_in(piece):
            kind = next((kind for beginning, kind in _KINDS.items() if number.digits.startswith(beginning)), None)
            if kind is not None and is_dialable(number.digits) and number.is_told_to_dial:
                yield Hit(piece, number.start, number.end, f"{clip(number.text, 20)} {kind}", _HINT)


RULE = Rule("TR007", "premium-number", Severity.WARNING, "text", check)
