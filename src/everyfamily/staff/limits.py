"""How often the page of returns may be asked for: wrong links from one address, and one link by anybody.

A person with a link that was signed here is never shut out because of what others at the same address tried. A
council's schools may share one address. Counted in this process, the only one that serves the pages.
"""

from __future__ import annotations

import ipaddress
import time

from everyfamily.audit.security_events import refused, source_of
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.tries import Tries

SPAN = 600
"""Seconds."""
WRONG_LINKS = Tries(30, seconds=SPAN)
"""From one address. Nobody finds 128 random bits by trying. This is so that trying costs us nothing."""
OF_ONE_LINK = Tries(120, seconds=SPAN)
"""Pages for one link: far more than an office needs."""


class TooManyTries(EveryfamilyError):
    """The page was asked for too often, and is not shown for a while."""

    code = "EF425"


def count_wrong_link(address: str) -> None:
    """Somebody came with a link that was not signed here. Raises TooManyTries."""
    network = network_of(address)
    tried = WRONG_LINKS.count(network, time.monotonic())
    if tried <= WRONG_LINKS.most:
        refused("return-link-refused", why="forged", source=source_of(network))
        return
    if tried == WRONG_LINKS.most + 1:
        refused("return-link-tries", source=source_of(network))
    raise _too_many()


def count_page_of_link(token: str) -> None:
    """A link that was signed here was used. Raises TooManyTries."""
    asked = OF_ONE_LINK.count(token, time.monotonic())
    if asked == OF_ONE_LINK.most + 1:
        refused("return-link-busy", source=source_of(token))
    if asked > OF_ONE_LINK.most:
        raise _too_many()


def network_of(address: str) -> str:
    """Who counts as one: an IPv4 address, or the /64 of one IPv6 customer."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def _too_many() -> TooManyTries:
    return TooManyTries("This page was asked for too often.", "Try again in ten minutes.")
