"""Around every page: who may post, what may be kept, and what is never logged.

The address of a return gives access to it, so it must not reach a log. Django's own lines about refused and broken
requests name the path, and are replaced by one line that does not.
"""

from __future__ import annotations

import logging
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, DisallowedHost, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.multipartparser import MultiPartParserError

from everyfamily.audit.security_events import refused

logger = logging.getLogger(__name__)

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "browsing-topics=(), camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_OWN_SITE = frozenset({"same-origin", "none"})
Kind = Literal["not here", "from elsewhere", "not readable", "our fault"]
"""What a guard says of a request that no view answered."""


class Guard(ABC):
    """Middleware inside Django's own security middleware and around every view. Each set of pages has its own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def is_from_elsewhere(self, request: HttpRequest) -> bool:
        """Whether the browser names another site as the one that sent this. Our pages send no referrer, so most
        browsers send "null" for them. Ports belong to the proxy."""
        origin = request.headers.get("Origin", "null")
        if origin == "null":
            return False
        try:
            return urlsplit(origin).hostname != urlsplit(f"//{request.get_host()}").hostname
        except ValueError:
            return True

    @abstractmethod
    def problem(self, request: HttpRequest, kind: Kind, reference: str = "") -> HttpResponse:
        """The page for a request that no view answered. With a `reference`, the log has a line with it."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._refused(request) or self._get_response(request)
        if response.status_code == 404:
            response = self.problem(request, "not here")
        for name, value in _HEADERS.items():
            # Only a static file says itself how long it may be kept.
            response.headers.setdefault(name, value)
        # Django would log the path of any response from 400 up.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse:
        """A page for the person who waits, and a line without path and values for the operator."""
        if isinstance(problem, Http404):
            return HttpResponseNotFound()  # `__call__` makes the page
        if isinstance(problem, SuspiciousOperation | BadRequest | MultiPartParserError):
            return self.problem(request, "not readable")
        reference = new_reference()
        logger.error("A page failed, %s: %s in %s.", reference, type(problem).__name__, _where(problem))
        return self.problem(request, "our fault", reference)

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        try:
            request.get_host()
        except DisallowedHost:
            return self.problem(request, "not readable")
        # Every current browser sends it over TLS. If it is missing, the address itself is the proof.
        site = request.headers.get("Sec-Fetch-Site", "none")
        if request.method == "POST" and (site not in _OWN_SITE or self.is_from_elsewhere(request)):
            refused("page-post-refused", why="from elsewhere")
            return self.problem(request, "from elsewhere")
        return None


def new_reference() -> str:
    """What somebody reads out on the telephone, such as "K7R4-M2PQ": no letter in it looks or sounds like another."""
    letters = "".join(secrets.choice("2345679CFHJKMPQRTWX") for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _where(problem: Exception) -> str:
    """The function in which it happened. An exception's message may hold values."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_qualname if trace is not None else "?"
