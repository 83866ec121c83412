"""An address that hides where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.web_addresses import addresses_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule

SHORTENERS = frozenset(
    re.findall(
        r"\S+",
        "youtu.be bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rb.gy cutt.ly t.ly "
        "shorturl.at shorturl.com tiny.cc rebrand.ly lnkd.in fb.me s.id bl.ink trib.al snip.ly short.io "
        "qrco.de urlz.fr dlvr.it eepurl.com smarturl.it aka.ms ",
    )
)
"""Hosts of services that shorten addresses."""
_HINT = "Print the whole address of the page, on the sender's own site."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each address on a shortener's host."""
    for address in addresses_of(context):
        if address.host in SHORTENERS:
            message = f"{address.host} hides where the link leads"
            yield Hit(address.piece, address.start, address.end, message, _HINT)


RULE = Rule("TR014", "shortened-link", Severity.WARNING, "text", check)
