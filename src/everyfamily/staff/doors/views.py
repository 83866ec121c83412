"""The doors: accepting an invitation, and one's own account."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import password_change
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from everyfamily.accounts.actions.inviting import (
    InvitationFacts,
    InvitationOver,
    PasswordNotTaken,
    SignInFirst,
    accept,
    invitation_of,
)
from everyfamily.accounts.actions.roles import signed_in
from everyfamily.accounts.queries import (
    account_by_id,
    factors_of,
    has_password,
    issuers_of,
    recovery_codes_left,
)
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.roles_together import RolesApart
from everyfamily.mailings.installation import clock
from everyfamily.people.queries import schools_by_id
from everyfamily.staff.access import Visit, page
from everyfamily.staff.doors.ends import ends_of
from everyfamily.staff.doors.sessions import begin
from everyfamily.staff.doors.words import role_words, roles_of
from everyfamily.staff.proof import proved_page

_READS = ("GET", "HEAD")


@sensitive_post_parameters("password")
@never_cache
def invitation_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take on the role that the link offers. Somebody new chooses a password, and then makes a second factor."""
    now = clock.now()
    try:
        found = invitation_of(token, now)
        if request.method == "POST":
            return _accepted(request, token, found)
    except InvitationOver as problem:
        return render(request, "staff/doors/invitation_over.html", {"problem": problem}, status=410)
    if request.method not in _READS:
        return HttpResponseNotAllowed([*_READS, "POST"])
    return _offered(request, token, found)


def _accepted(request: HttpRequest, token: str, found: InvitationFacts) -> HttpResponseBase:
    already = request.user.pk if request.user.is_authenticated else None
    try:
        account = accept(token, clock.now(), password=request.POST.get("password", ""), signed_in=already)
    except (PasswordNotTaken, SignInFirst, RolesApart) as problem:
        return _offered(request, token, found, problem, status=422)
    if already is None:
        person = account_by_id(account)
        begin(request, person)
        # They typed the password just now, so a second factor may be set up without asking for it again.
        signed_in(person.pk, person.name, clock.now())
        record_authentication(request, person, method="password", email=person.email, reauthenticated=True)
    return redirect("desk")


def _offered(
    request: HttpRequest,
    token: str,
    found: InvitationFacts,
    problem: EveryfamilyError | None = None,
    status: int = 200,
) -> HttpResponse:
    offer = found.offer
    at = schools_by_id([offer.school_id]) if offer is not None and offer.school_id is not None else {}
    values = {
        "found": found,
        "role": role_words(offer.role) if offer else None,
        "where": next((school.name for school in at.values()), ""),
        "is_signed_in": request.user.is_authenticated,
        "token": token,
        "problem": problem,
    }
    return render(request, "staff/doors/invitation.html", values, status=status)


@page(None)
def me(visit: Visit) -> HttpResponseBase:
    """One's own account: roles, password, second factor."""
    issuers = issuers_of(visit.account)
    factors = factors_of(visit.account)
    values = {
        "roles": roles_of(visit.held, {one.id: one.name for one in visit.schools}),
        "factors": factors,
        "has_app": any(not one.name for one in factors),
        "codes_left": recovery_codes_left(visit.account),
        "has_password": has_password(visit.account),
        "connected": [one for one in settings.EVERYFAMILY_OWN_SIGN_INS if one.issuer in issuers],
    }
    return visit.render("staff/doors/me.html", values)


@proved_page()
@page(None)
def password(visit: Visit) -> HttpResponseBase:
    """Change one's password, if there is one. Whoever uses an own sign-in has none, and makes none beside it."""
    if not has_password(visit.account):
        return redirect("mfa_index")
    return password_change(visit.request)  # type: ignore[no-any-return]


@page(None)
def stay(visit: Visit) -> HttpResponseBase:
    """For the warning before a session ends: being asked for a page prolongs it. Answers the seconds that are left."""
    ends = ends_of(visit.request)
    left = max(0, int(ends[0] - time.time())) if ends else 0
    return HttpResponse(str(left), content_type="text/plain")
