"""A school's first lead comes in: the link from the school's mailbox, a name, and a code from the same mailbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from everyfamily.accounts.actions.schools.joining import (
    SchoolInvitationFacts,
    ask,
    confirm,
    school_invitation_of,
)
from everyfamily.accounts.actions.who_writes import moment
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import NotInvitable
from everyfamily.core.school_invitations import SchoolInvitationOver
from everyfamily.mailings.installation import clock
from everyfamily.people.queries import school_by_id
from everyfamily.staff.limits import TooManyTries, count_wrong_link

_View = Callable[[HttpRequest, str], HttpResponse]


def _with_a_link(view: _View) -> _View:
    """Pages for whoever has a link that can be used. Wrong ones are counted by where they come from."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return view(request, token)
        except SchoolInvitationOver as problem:
            try:
                count_wrong_link(str(request.META.get("REMOTE_ADDR", "")))
            except TooManyTries as too_many:
                return render(request, "staff/schools/join_over.html", {"problem": too_many}, status=429)
            return render(request, "staff/schools/join_over.html", {"problem": problem}, status=410)

    return guarded


@_with_a_link
def join_page(request: HttpRequest, token: str) -> HttpResponse:
    """Say who the lead is. A code then goes to the school's mailbox."""
    found = school_invitation_of(token, clock.now())
    if request.method != "POST":
        return _page(request, "join.html", token, found)
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "email")}
    try:
        ask(token, typed["name"], typed["email"], clock.now())
    except SchoolInvitationOver:
        raise
    except EveryfamilyError as problem:
        return _page(request, "join.html", token, found, problem, typed)
    return _moved(redirect("join-code", token))


@_with_a_link
def code_page(request: HttpRequest, token: str) -> HttpResponse:
    """Type the code. With the right one, the lead chooses a password like everybody who is invited."""
    found = school_invitation_of(token, clock.now())
    if not found.is_asked:
        return _moved(redirect("join", token))
    if request.method != "POST":
        return _page(request, "join_code.html", token, found)
    try:
        made = confirm(token, request.POST.get("code", "")[:40], clock.now())
    except SchoolInvitationOver:
        raise
    except EveryfamilyError as problem:
        return _page(request, "join_code.html", token, found, problem)
    if made is None:
        return _page(request, "join_waits.html", token, found)
    return _moved(redirect("invitation", made))


def _moved(response: HttpResponseBase) -> HttpResponse:
    assert isinstance(response, HttpResponse)
    return response


def _page(
    request: HttpRequest,
    template: str,
    token: str,
    found: SchoolInvitationFacts,
    problem: EveryfamilyError | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    values = {
        "token": token,
        "found": found,
        "school": school_by_id(found.school_id),
        "until": moment(found.expires_at),
        "typed": typed or {"name": found.name, "email": found.email},
        "problem": problem,
        "wrong": problem.field if isinstance(problem, NotInvitable) else "",
    }
    return render(request, f"staff/schools/{template}", values, status=422 if problem else 200)
