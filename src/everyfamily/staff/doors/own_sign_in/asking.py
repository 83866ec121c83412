"""Asking a tenant for something over HTTP: small answers, in time, from exactly the address that was asked."""

from __future__ import annotations

import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
import urllib3

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.own_sign_in import OwnSignIn

LARGEST = 256 * 1024
"""Bytes of one answer. Real ones have a few thousand."""
TO_CONNECT, BETWEEN_BYTES, ALTOGETHER = 3, 5, 8
"""Seconds. Few requests are served at once, so a slow tenant must not hold one of them for long."""
KEPT_FOR = 300
"""Seconds for which what a tenant says about itself is remembered."""
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class TenantSilent(EveryfamilyError):
    """A tenant does not answer, answers too slowly or too much, or with what is no answer. `why` is for the log."""

    code = "EF465"

    def __init__(
        self, sign_in: OwnSignIn, why: Literal["no answer", "issuer", "addresses"] = "no answer"
    ) -> None:
        self.why = why
        super().__init__(
            f"The {sign_in.name} sign-in does not answer.",
            "Please try again in a few minutes. If it goes on, tell those who look after it.",
        )


class LimitedSession(requests.Session):
    """Follows nothing, takes in nothing large, and does not wait long."""

    def __init__(self) -> None:
        super().__init__()
        self.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: the address that is set is the one that answers."""

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """The answer, read whole. Raises requests' own exceptions."""
        answer: SimpleQueue[requests.Response | Exception] = SimpleQueue()
        until = time.monotonic() + ALTOGETHER

        def ask() -> None:
            try:
                answer.put(self._asked(request, how, until))
            except Exception as problem:
                answer.put(problem)

        # A library's time limits are for each step: a slow look-up of the name, or a header that comes letter by
        # letter, passes them all. Whoever waits here does not wait longer than this.
        Thread(target=ask, daemon=True).start()
        try:
            found = answer.get(timeout=ALTOGETHER)
        except Empty:
            raise requests.exceptions.Timeout("no answer in time") from None
        if isinstance(found, Exception):
            raise found
        return found

    def _asked(self, request: requests.PreparedRequest, how: dict[str, Any], until: float) -> requests.Response:
        limits = {"stream": True, "timeout": (TO_CONNECT, BETWEEN_BYTES)}
        response = super().send(request, **how | limits)
        try:
            response._content = _whole(response, until)
        finally:
            response.close()
        return response


def _whole(response: requests.Response, until: float) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise requests.exceptions.ContentDecodingError("it was asked for without compression")
    kept = bytearray()
    try:
        # Whatever has come in counts at once, so that a thread does not go on with a byte every second for ever.
        while chunk := response.raw.read1(8192):
            kept += chunk
            if len(kept) > LARGEST or time.monotonic() > until:
                raise requests.exceptions.ConnectionError("too much, or too slow")
    except (OSError, urllib3.exceptions.HTTPError) as problem:
        raise requests.exceptions.ConnectionError("the answer broke off") from problem
    return bytes(kept)


def asked(sign_in: OwnSignIn, address: str) -> dict[str, Any]:
    """The object in JSON at an address of the tenant. Raises TenantSilent."""
    try:
        with LimitedSession() as session:
            response = session.get(address)
            found = response.json() if response.status_code == 200 else None
    except (requests.RequestException, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise TenantSilent(sign_in)
    return found


def addresses_of(sign_in: OwnSignIn) -> dict[str, Any]:
    """What the tenant says of itself: its issuer and where to ask what. Raises TenantSilent."""
    seen = _kept.get(sign_in.discovery)
    if seen is not None and time.monotonic() < seen[0] + KEPT_FOR:
        return seen[1]
    found = asked(sign_in, sign_in.discovery)
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    # A tenant that calls itself something else is another one.
    if found.get("issuer") != sign_in.issuer:
        raise TenantSilent(sign_in, "issuer")
    if not all(_is_safe(found.get(key), sign_in) for key in wanted):
        raise TenantSilent(sign_in, "addresses")
    _kept[sign_in.discovery] = (time.monotonic(), found)
    return found


def forget() -> None:
    """For tests: ask again."""
    _kept.clear()


def _is_safe(address: object, sign_in: OwnSignIn) -> bool:
    """Whether an address is as safe on the way as the issuer is, which was checked at the start."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        issuer = urlsplit(sign_in.issuer)
        if parts.scheme == "https":
            return bool(parts.hostname)
        return parts.scheme == issuer.scheme and parts.hostname == issuer.hostname
    except ValueError:
        return False
