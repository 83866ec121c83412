"""Sessions: how one begins, gets another id, and ends by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from everyfamily.core.session_ends import is_over
from everyfamily.staff import known_sessions
from everyfamily.staff.doors.ends import BEGAN, SEEN

ENDED = "ended"
"""In the session that follows one that ended by itself, so that the page of sign-in says so."""
_CLOCKS_DIFFER = 60
"""Seconds by which a browser's clock may say that a session is over before ours does."""
_EVERY = 60
"""The time is written at most once in this many seconds, not with each page."""


def begin(request: HttpRequest, person: Any) -> None:
    """Sign somebody in who came without the form of sign-in: a new session, which whoever may have set one up in this
    browser before does not share."""
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    UserSession.objects.create_from_request(request)


def renew(request: HttpRequest) -> None:
    """Give the session another id, because whoever has it can do more from now on."""
    before = request.session.session_key
    request.session.cycle_key()
    _keep_on_the_list(request, before)


def _keep_on_the_list(request: HttpRequest, before: str | None) -> None:
    """The list of sessions, by which each of them can be ended, must not lose one that got another id."""
    if not UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key):
        # Another request with the same cookie was quicker, and took the line of the list.
        UserSession.objects.create_from_request(request)


def _nobody_was_there(request: HttpRequest) -> bool:
    """Whether a page that nobody touched opens the page of sign-in by itself, because its time is over. Without this,
    one that is a second early would begin the next half hour, again and again."""
    return request.method == "GET" and request.path == reverse("account_login") and "idle" in request.GET


class SessionLimits:
    """Middleware: signs out whoever stayed too long, before any page sees them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A page that needs no session, such as that of a return, must not get a cookie by being asked.
        before = request.session.session_key
        if before and request.user.is_authenticated:
            if request.session.session_key != before:
                # Django gives a session of before the secret key was changed another id.
                _keep_on_the_list(request, before)
            now = time.time()
            began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
            if is_over(began, seen, now + (_CLOCKS_DIFFER if _nobody_was_there(request) else 0)):
                logout(request)
                request.session[ENDED] = True
            else:
                known_sessions.note(known_sessions.cookie_of(request.session))
                if BEGAN not in request.session or now - seen > _EVERY:
                    request.session[BEGAN], request.session[SEEN] = began, now
        return self._get_response(request)
