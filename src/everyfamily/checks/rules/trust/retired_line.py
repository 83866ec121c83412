"""A number or site that is known to be gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from everyfamily.checks.letter.web_addresses import addresses_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.core.files.data_tables import load_rows

_HINT = "Take it out, or ring or open it today and put it in the register with your name."


@dataclass(frozen=True, slots=True)
class Retired:
    """A site, or how a number is printed, and what is known. The list next to this file says more."""

    fact: str
    found: str
    site: str = ""
    number: re.Pattern[str] | None = None


@cache
def retired() -> tuple[Retired, ...]:
    """All that is gone."""
    return load_rows(Retired, __file__)


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such number, and for each address on such a site."""
    for piece in context.pieces:
        for row in retired():
            for match in row.number.finditer(piece.folded.text) if row.number is not None else ():
                start, end = piece.folded.span(*match.span())
                yield Hit(piece, start, end, f"{piece.text[start:end]} {row.fact}", _HINT)
    sites = {row.site: row.fact for row in retired() if row.site}
    for address in addresses_of(context):
        if address.host in sites:
            message = f"{address.host} {sites[address.host]}"
            yield Hit(address.piece, address.start, address.end, message, _HINT)


RULE = Rule("TR025", "retired-line", Severity.WARNING, "text", check)
