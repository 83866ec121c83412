"""What happens once it is known who came back from their own sign-in, or that nobody did."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import perform_login
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from everyfamily.accounts.actions.connecting import OwnSignInTaken, connect, nobody_invited
from everyfamily.accounts.actions.inviting import InvitationOver, SignInFirst, accept_with_own_sign_in
from everyfamily.accounts.actions.roles import signed_in
from everyfamily.accounts.queries import account_by_id, has_second_factor
from everyfamily.audit.security_events import refused
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.own_sign_in import Identity, OwnSignIn
from everyfamily.core.roles_together import RolesApart
from everyfamily.mailings.installation import clock
from everyfamily.staff.doors.own_sign_in.asking import TenantSilent
from everyfamily.staff.doors.own_sign_in.purposes import Purpose
from everyfamily.staff.doors.own_sign_in.stage import FACTS
from everyfamily.staff.doors.own_sign_in.tokens import TokenRefused
from everyfamily.staff.doors.sessions import begin, renew
from everyfamily.staff.own_sign_in_remembered import remember, took_second_step, was_just_now
from everyfamily.staff.proof import is_other_act

_CODE = "EF466"
"""Of a return from a tenant that this session did not begin, or began too long ago."""


def finish(request: HttpRequest, found: SocialLogin) -> HttpResponse:
    """Go on with what the session began. `found` has been checked; its user is the connected account, if there is
    one."""
    sign_in = _set(found.account.provider)
    identity = Identity(sign_in.id, found.account.provider, found.account.uid)
    data = found.state.get("data") or {}
    match data.get("purpose"):
        case Purpose.SIGN_IN:
            return _sign_in(request, found, sign_in)
        case Purpose.AGAIN:
            return _again(request, found, sign_in, data.get("act", ""))
        case Purpose.CONNECT:
            return _connect(request, found, identity, data.get("account"))
        case Purpose.INVITATION:
            return _invited(request, found, identity, data.get("invitation"))
    return problem_page(request, "This sign-in was not begun here", "Begin again.", 400)


def _sign_in(request: HttpRequest, found: SocialLogin, sign_in: OwnSignIn) -> HttpResponse:
    if found.account.pk is None:
        refused("own-sign-in-unknown", sign_in=sign_in.id)
        nobody_invited(sign_in.id, clock.now())
        return render(request, "staff/doors/own_sign_in/nobody.html", {"sign_in": sign_in}, status=403)
    person = found.user
    if not found.second_step and not has_second_factor(person.pk):
        refused("own-sign-in-refused", sign_in=sign_in.id, why="one step")
        return render(request, "staff/doors/own_sign_in/one_step.html", {"sign_in": sign_in}, status=403)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method="own sign-in", provider=sign_in.id)
    return perform_login(  # type: ignore[no-any-return]
        request,
        person,
        redirect_url=found.get_redirect_url(request),
        signal_kwargs={FACTS: {"second_step": bool(found.second_step), "shown_at": found.shown_at}},
    )


def _again(request: HttpRequest, found: SocialLogin, sign_in: OwnSignIn, act: str) -> HttpResponse:
    if found.account.pk is None or found.user != request.user:
        refused("own-sign-in-refused", sign_in=sign_in.id, why="another person")
        return problem_page(
            request,
            "This was another person's sign-in",
            "You are still signed in here as yourself. Sign in again as yourself.",
            403,
        )
    url = found.get_redirect_url(request)
    # What they had sent goes on by itself, as after a code.
    request.GET = QueryDict(urlencode({REDIRECT_FIELD_NAME: url or ""}))
    if is_other_act(request, act):
        return other_act_page(request)
    both = bool(found.second_step) or took_second_step(request)
    remember(request, found.user.pk, second_step=both, shown_at=found.shown_at)
    if not was_just_now(request):
        # Either it let them pass without asking, or it does not say. Who has only the open screen gets no further.
        return problem_page(
            request,
            f"{sign_in.name} did not ask you again",
            "Sign out there, or ask those who look after it to say when somebody signed in (the claim auth_time).",
            403,
        )
    renew(request)
    return resume_request(request) or redirect("desk")


def _connect(request: HttpRequest, found: SocialLogin, identity: Identity, account: int | None) -> HttpResponse:
    person = request.user
    if not person.is_authenticated or person.pk != account:
        return problem_page(request, "You are not signed in any more", "Sign in, and try again.", 403)
    by = Actor(ActorKind.PERSON, person.name, person.pk)
    try:
        changed = connect(person.pk, identity, by, clock.now())
    except OwnSignInTaken as problem:
        return problem_page(request, problem.fact, problem.fix, 409)
    # The password has ended, and so has every session of theirs except this one.
    request.session[HASH_SESSION_KEY] = changed.get_session_auth_hash()
    renew(request)
    both = bool(found.second_step) or took_second_step(request)
    remember(request, person.pk, second_step=both, shown_at=found.shown_at)
    return redirect("mfa_index")


def _invited(
    request: HttpRequest, found: SocialLogin, identity: Identity, invitation: int | None
) -> HttpResponse:
    if request.user.is_authenticated or not isinstance(invitation, int):
        return problem_page(request, "Somebody is signed in here", "Sign out, and open the link again.", 409)
    try:
        person = account_by_id(accept_with_own_sign_in(invitation, identity, clock.now()))
    except InvitationOver as problem:
        return render(request, "staff/doors/invitation_over.html", {"problem": problem}, status=410)
    except (SignInFirst, OwnSignInTaken, RolesApart) as problem:
        return problem_page(request, problem.fact, problem.fix, 409)
    begin(request, person)
    signed_in(person.pk, person.name, clock.now(), ["own sign-in"])
    # They had the link just now, so a second factor may be set up without showing it again.
    remember(request, person.pk, second_step=bool(found.second_step), shown_at=time.time())
    return redirect("desk")


def not_signed_in(
    request: HttpRequest, sign_in: OwnSignIn, error: str = "", exception: Any = None, extra_context: Any = None
) -> HttpResponse:
    """The page for somebody who came back without being signed in, for whatever reason."""
    if error == AuthError.CANCELLED:
        return redirect("account_login")
    if isinstance(exception, OAuth2Error):
        return trouble_page(request, TokenRefused(sign_in, "code"), sign_in)
    if exception is not None:
        return trouble_page(request, TenantSilent(sign_in), sign_in)
    if "state" in (extra_context or {}):
        refused("own-sign-in-refused", sign_in=sign_in.id, why="by the tenant")
        return problem_page(
            request,
            f"{sign_in.name} did not sign you in",
            "Ask those who look after your sign-in whether you may use everyfamily.",
            403,
        )
    refused("own-sign-in-refused", sign_in=sign_in.id, why="state")
    return problem_page(request, "This took too long, or was begun elsewhere", f"Begin again. ({_CODE})", 400)


def trouble_page(request: HttpRequest, problem: TokenRefused | TenantSilent, sign_in: OwnSignIn) -> HttpResponse:
    """The page, and the line in the log, for a tenant that cannot be used or not be believed."""
    if isinstance(problem, TokenRefused):
        refused("own-sign-in-refused", sign_in=sign_in.id, why=problem.why)
        why = f"{problem.fact} {problem.fix} ({problem.code})"
        return problem_page(request, "You are not signed in", why, 403)
    refused("own-sign-in-silent", sign_in=sign_in.id, why=problem.why)
    return problem_page(request, problem.fact.rstrip("."), f"{problem.fix} ({problem.code})", 502)


def other_act_page(request: HttpRequest) -> HttpResponse:
    """The page for a proof that would be for another act than the one that was shown."""
    return problem_page(
        request,
        "Something else was asked for meanwhile",
        "Nothing was done. If it was not you in another window, somebody else uses your sign-in: end all other "
        "sign-ins now, on the page about you.",
        409,
    )


def problem_page(request: HttpRequest, title: str, why: str, status: int) -> HttpResponse:
    """A calm page in the frame, with a way back to the door."""
    values = {"title": title, "why": why}
    return render(request, "staff/doors/own_sign_in/problem.html", values, status=status)


def _set(issuer: str) -> OwnSignIn:
    return next(one for one in settings.EVERYFAMILY_OWN_SIGN_INS if one.issuer == issuer)
