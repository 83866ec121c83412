"""Nobody gets further than the door with only a password: every page leads to making a second factor first.

A second step at a council's or a force's own sign-in counts as one, for the session that it began.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from everyfamily.staff.own_sign_in_remembered import took_second_step
from everyfamily.staff.who_asks import who_asks

SET_UP = "mfa_activate_totp"
OPEN_WITHOUT = frozenset(
    {
        *(SET_UP, "mfa_add_webauthn", "account_logout", "account_reauthenticate", "own_sign_in_again"),
        *(
            "own_sign_in_back",
            "invitation",
            "join",
            "join-code",
            "robots",
            "return",
            "thanks",
            "kit",
            "return-not-sent",
        ),
    }
)
"""The addresses that somebody who is signed in with only a password may open."""
_BEHIND = ("allauth.", "everyfamily.staff.")
_BESIDE = "everyfamily.staff.views"
"""Screens without accounts: the return of a school."""


class SecondFactorGate:
    """Middleware: it asks the database once a request, so that a second factor that was taken away counts at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.EVERYFAMILY_SIGN_IN_KEY_FILE and _is_behind_a_door(request):
            raise Http404
        # Asked at most once a request, also for the frame of the page (staff/access.py).
        both = SimpleLazyObject(lambda: _has_both_factors(request))
        request.has_both_factors = both  # type: ignore[attr-defined]
        is_in = request.session.session_key and request.user.is_authenticated
        if is_in and not _is_open(request) and not both:
            return redirect(SET_UP)
        return self._get_response(request)


def _has_both_factors(request: HttpRequest) -> bool:
    if not request.user.is_authenticated or request.user.pk is None:
        return False
    return took_second_step(request) or who_asks(request).has_second_factor


def _is_behind_a_door(request: HttpRequest) -> bool:
    """Whether it is a page of accounts. Without a key for their second factors there are none, and the rest is served
    as before."""
    try:
        module = resolve(request.path_info).func.__module__
        return module.startswith(_BEHIND) and not module.startswith(_BESIDE)
    except Resolver404:
        return False


def _is_open(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).url_name in OPEN_WITHOUT
    except Resolver404:
        return False
