"""A number or site that is known to be gone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from everyfamily.checks.letter.web_addresses import addresses_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule

_HINT = "Take it out, or ring or open it today and put it in the register with your name."


@cache
def retired() -> tuple[tuple[str, re.Pattern[str] | None, str], ...]:
    """Site (or empty), how a number is printed (or None), and what is known, from the list next to this file."""
    text = files("everyfamily.checks.rules.trust").joinpath("retired_line.toml").read_text(encoding="utf-8")
    return tuple(
        (row.get("site", ""), re.compile(row["number"]) if "number" in row else None, row["fact"])
        for row in tomllib.loads(text)["row"]
    )


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such number, and for each address on such a site."""
    for piece in context.pieces:
        for _, number, fact in retired():
            for match in number.finditer(piece.folded.text) if number is not None else ():
                start, end = piece.folded.span(*match.span())
                yield Hit(piece, start, end, f"{piece.text[start:end]} {fact}", _HINT)
    sites = {site: fact for site, _, fact in retired() if site}
    for address in addresses_of(context):
        if address.host in sites:
            message = f"{address.host} {sites[address.host]}"
            yield Hit(address.piece, address.start, address.end, message, _HINT)


RULE = Rule(
    code="TR025",
    name="retired-line",
    severity=Severity.WARNING,
    scope="text",
    status="stable",
    since="2026.2",
    page=Page(
        checks=(
            "That the letter has no number or site that is known to be gone, or may be gone. The rule has a "
            "list of them, each with what was found and when."
        ),
        matters=(
            "Old letters are copied. Nobody answers a line that is closed. Anybody can buy the name of a "
            "lapsed site, also somebody who looks for children."
        ),
        example="Text the NSPCC on 88858.",
        instead="Call the NSPCC: 0808 800 5000.",
    ),
    evidence=(
        "T4",
        "S49",
    ),
    check=check,
)
