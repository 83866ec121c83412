"""An address that begins http://."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.web_addresses import addresses_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule

_HINT = "Open the page with https://, and print that if it works."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each address that asks for an unprotected page."""
    for address in addresses_of(context):
        if address.address[:7].casefold() == "http://" and address.host:
            message = f"The link to {address.host[:40]} is not protected (http)"
            yield Hit(address.piece, address.start, address.end, message, _HINT)


RULE = Rule("TR016", "unprotected-link", Severity.ADVICE, "text", check)
