"""The web server: waitress, with a time limit within which a request must be complete, and with limits on its size."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

import waitress
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from everyfamily.staff.known_sessions import is_known, uploads_to

NEVER = 2**40
"""Bytes. Waitress writes what is larger to a file without a name. Nothing is: all of a request stays in memory, and so
does every page until the browser has it."""


@dataclass(frozen=True, slots=True)
class Larger:
    """Addresses that take more than SERVING says."""

    path: re.Pattern[str]
    most: int
    """Bytes."""
    at_once: int
    """How many such requests are in memory at the same time."""
    busy: str
    """What somebody is told who comes when there are so many."""
    more_seconds: int = 0
    """How much longer than `channel_timeout` such a request may take until it is complete."""
    here: WeakSet[ProductRequest] = field(default_factory=WeakSet, compare=False)

    def why_not(self, asked: ProductRequest, session: str) -> str:
        """Why this request gets no place, or "". Half of the places are kept for sessions that were served here to
        somebody who is signed in. So whoever only sends a cookie of this name cannot hold all of them."""
        places = self.at_once if is_known(session) else self.at_once // 2
        return self.busy if len(self.here) >= places else ""


class OfSchools(Larger):
    """One place for each school, only for sessions that were served a page of its roll, and only while all that is
    under way fits into memory: as much as `at_once` of the largest."""

    def why_not(self, asked: ProductRequest, session: str) -> str:
        """Why this request gets no place, or ""."""
        urn = int(asked.path.split("/")[2])
        asked.place = uploads_to(session, urn)
        if asked.place is None:
            return _NOT_SEEN
        if any(one.place == asked.place for one in self.here):
            return _SAME_SCHOOL
        under_way = sum(one.takes for one in self.here)
        return self.busy if under_way + asked.takes > self.most * self.at_once else ""


_NOT_SEEN = "Nothing was read: open the page again, and upload your file there."
_SAME_SCHOOL = "Nothing was read: your school is uploading another file just now. Go back, and wait a minute."
_LETTERS = "Nothing was read: many letters are being checked just now. Try again in a minute."
_SOUNDS = "Nothing was read: other recordings are coming in just now. Go back, and upload yours in a minute."
_ROLLS = "Nothing was read: other schools are uploading files just now. Go back, and upload yours in a minute."
LARGER = (
    # A letter of 10 MB and the rest of its form; the partnership's file and its drawings.
    Larger(re.compile(r"/check/"), 11_000_000, 20, _LETTERS),
    Larger(re.compile(r"/settings/change/"), 3_000_000, 20, _LETTERS),
    # A roll (core/rolls/model/limits.py). Not every school has a fast line.
    OfSchools(re.compile(r"/schools/[0-9]{1,9}/roll/"), 67_200_000, 4, _ROLLS, more_seconds=40),
    # A letter read aloud (parentsite/recordings.py).
    Larger(re.compile(r"/site/recordings/[^/]+/[^/]+/"), 8_200_000, 2, _SOUNDS, more_seconds=40),
)
_SESSION = re.compile(r"(?:^|; ?)__Host-everyfamily=([^;\s]+)")

# Waitress's own limit is 100 connections for 120 seconds. So 100 idle connections would shut everybody else out.
SERVING = {
    "threads": 4,
    "ident": None,
    "max_request_body_size": 100_000,
    "inbuf_overflow": NEVER,
    "outbuf_overflow": NEVER,
    "max_request_header_size": 32_768,
    "connection_limit": 1_000,
    "asyncore_use_poll": True,
    "channel_timeout": 20,
    "cleanup_interval": 5,
}


def trusting(proxy: str) -> dict[str, Any]:
    """Waitress's settings for use behind this proxy. What anybody else says about the caller is removed."""
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
        "clear_untrusted_proxy_headers": True,
    }


class WholeInTime(HTTPChannel):  # type: ignore[misc]
    """A connection on which only a complete request counts as activity.

    For waitress every byte counts, so one byte every few seconds kept a connection open for ever. Now headers and body
    together have `channel_timeout` seconds, and so has the wait for the next request.
    """

    last_activity: float
    request: Any

    def handle_read(self) -> None:
        """Read what is there. The time limit keeps running unless a request has become complete."""
        before = self.last_activity
        super().handle_read()
        if not self.requests:
            self.last_activity = before + getattr(self.request, "take_more_seconds", int)()


class TooLarge(RequestEntityTooLarge):  # type: ignore[misc]
    """Waitress's answer to a request that nobody reads, in words."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """The status, the headers and the words."""
        status, headers, _ = super().to_response(ident)
        return status, headers, self.body.encode()


class WholeRequest(HTTPRequestParser):  # type: ignore[misc]
    """A request that is too large is received to its end and dropped as it comes. Otherwise the connection would break
    while the browser still sends, and the browser would say only that."""

    too_large = "Nothing was read: what you sent is larger than this page takes. Go back, and send less."
    error: Any
    _left = 0

    def received(self, data: bytes) -> int:
        """How much of the data belongs to this request."""
        if self._left:
            dropped = min(self._left, len(data))
            self._left -= dropped
            self.completed = not self._left
            return dropped
        used: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = TooLarge(self.too_large)
            self._left = self.content_length
            self.completed = not self._left
        return used


class ProductRequest(WholeRequest):
    """A few addresses take more, from a browser that says that it is signed in. Whether it is, the page asks."""

    adj: Any
    place: int | None = None
    """The school whose place it holds."""
    takes = 0
    """Bytes of memory, if it comes whole."""
    _more_seconds = 0

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and with them how much may follow."""
        super().parse_header(header_plus)
        larger = next((one for one in LARGER if one.path.fullmatch(self.path)), None)
        session = _SESSION.search(self.headers.get("COOKIE", ""))
        if larger is None or self.command != "POST" or session is None or self.content_length > larger.most:
            return
        self.takes = self.content_length or larger.most
        if why := larger.why_not(self, session[1]):
            self.too_large = why
            return
        larger.here.add(self)
        self._more_seconds = larger.more_seconds
        self.adj = copy.copy(self.adj)
        self.adj.max_request_body_size = larger.most

    def take_more_seconds(self) -> int:
        """How much longer this request may take than others: said once."""
        more, self._more_seconds = self._more_seconds, 0
        return more


class ProductChannel(WholeInTime):
    """A connection to the product."""

    parser_class = ProductRequest


def server_of(
    application: Callable[..., Any],
    *,
    host: str,
    port: int,
    channel: type[WholeInTime] = ProductChannel,
    **more: Any,
) -> Any:
    """A listening waitress server. `run` serves until the process is told to stop. `more` is passed to waitress."""
    server = waitress.create_server(application, host=host, port=port, **(SERVING | more))
    # One for each address of the host name.
    for one in (*getattr(server, "map", {}).values(), server):
        if hasattr(one, "channel_class"):
            one.channel_class = channel
    return server
