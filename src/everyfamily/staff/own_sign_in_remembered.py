"""What a session remembers of an own sign-in: of which account, when, and whether a second step was taken there."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

LEEWAY = 60
"""Seconds by which two machines' clocks may differ."""
_KEY = "own sign-in"


def remember(request: HttpRequest, account_id: int, *, second_step: bool, shown_at: float) -> None:
    """The person was signed in by their own sign-in. `shown_at` is when they last showed there that it is them, in
    seconds since 1970: it may let somebody in who did so this morning."""
    came = {"second_step": second_step, "at": shown_at, "here": time.time()}
    request.session[_KEY] = {"account": account_id} | came


def forget(request: HttpRequest) -> None:
    """The person was signed in otherwise, and needs a second factor of ours again."""
    request.session.pop(_KEY, None)


def was_just_now(request: HttpRequest) -> bool:
    """Whether whoever is signed in showed so recently at their own sign-in that they need not do it again."""
    now = time.time()
    return bool(now - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT < _of(request).get("at", 0) <= now + LEEWAY)


def proved_since(request: HttpRequest, since: float) -> bool:
    """Whether they showed there that it is them, with a second step, and came back from there, after this moment in
    seconds since 1970. By our own clock too: otherwise the sign-in of the minute before would do."""
    kept = _of(request)
    return took_second_step(request) and bool(kept.get("here", 0) >= since and kept["at"] >= since - LEEWAY)


def took_second_step(request: HttpRequest) -> bool:
    """Whether the own sign-in that began this session said that a second step was taken there."""
    return _of(request).get("second_step") is True


def _of(request: HttpRequest) -> dict[str, Any]:
    found = request.session.get(_KEY)
    if (
        not isinstance(found, dict)
        or not request.user.is_authenticated
        or found.get("account") != request.user.pk
    ):
        return {}
    return found
