"""When the session of a request ends. Without a table, because the check by itself loads what imports this."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from everyfamily.core.session_ends import end_of

BEGAN: Final = "began"
SEEN: Final = "seen"
"""Names in a session, of seconds since 1970."""


def ends_of(request: HttpRequest) -> tuple[float, float] | None:
    """When the session ends without another page, and when it ends at the latest. Seconds since 1970; None if nobody
    is signed in."""
    began = request.session.get(BEGAN) if hasattr(request, "session") else None
    if began is None or not request.user.is_authenticated:
        return None
    return end_of(began, request.session[SEEN])
