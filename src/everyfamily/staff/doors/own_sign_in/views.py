"""Going to one's own sign-in, and coming back from it."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everyfamily.accounts.actions.inviting import InvitationOver, invitation_of
from everyfamily.accounts.queries import has_password, issuers_of
from everyfamily.audit.security_events import refused, source_of
from everyfamily.core.own_sign_in import OwnSignIn
from everyfamily.core.tries import Tries
from everyfamily.mailings.installation import clock
from everyfamily.staff.access import Visit, page
from everyfamily.staff.doors.own_sign_in.asking import TenantSilent
from everyfamily.staff.doors.own_sign_in.finish import problem_page, trouble_page
from everyfamily.staff.doors.own_sign_in.provider import Dance, sign_in_of
from everyfamily.staff.doors.own_sign_in.purposes import Purpose
from everyfamily.staff.doors.own_sign_in.tokens import TokenRefused
from everyfamily.staff.limits import SPAN, network_of
from everyfamily.staff.proof import act_asked

BEGUN = Tries(300, seconds=SPAN)
"""From one address. A whole council may share one. Each costs at most one question to the tenant."""


@never_cache
@require_POST
def start(request: HttpRequest, sign_in: str) -> HttpResponse:
    """Sign in with it."""
    return _sent(request, _known(sign_in), Purpose.SIGN_IN, {})


@page(None)
def connect_page(visit: Visit, sign_in: str) -> HttpResponseBase:
    """Use it instead of a password, from now on."""
    if visit.request.method != "POST" or not has_password(visit.account):
        return redirect("mfa_index")
    raise_if_reauthentication_required(visit.request, app="")
    return _sent(visit.request, _known(sign_in), Purpose.CONNECT, {"account": visit.account})


@never_cache
@login_required
def again_page(request: HttpRequest) -> HttpResponse:
    """Show once more that it is you, at the own sign-in that you are connected with."""
    issuers = issuers_of(request.user.pk or 0)
    mine = [one for one in settings.EVERYFAMILY_OWN_SIGN_INS if one.issuer in issuers]
    if request.method == "POST":
        chosen = next((one for one in mine if one.id == request.POST.get("sign_in")), None)
        if chosen is None:
            raise Http404
        facts = {"act": request.POST.get("act", "")}
        return _sent(request, chosen, Purpose.AGAIN, facts, prompt="login", max_age="0")
    if not mine:
        raise Http404
    values = {"mine": mine, "next": get_next_redirect_url(request), "act": act_asked(request)}
    return render(request, "staff/doors/own_sign_in/again.html", values)


@never_cache
@require_POST
def invitation_with(request: HttpRequest, token: str, sign_in: str) -> HttpResponse:
    """Take an invitation on with it."""
    chosen = _known(sign_in)
    try:
        found = invitation_of(token, clock.now())
    except InvitationOver as problem:
        return render(request, "staff/doors/invitation_over.html", {"problem": problem}, status=410)
    if request.user.is_authenticated or found.has_account:
        return redirect("invitation", token)
    return _sent(request, chosen, Purpose.INVITATION, {"invitation": found.id})


@never_cache
@require_GET
def back(request: HttpRequest, sign_in: str) -> HttpResponse:
    """Where a tenant sends people back to. It may be asked for once for each time that we sent somebody."""
    chosen = _known(sign_in)
    try:
        return _Back.adapter_view(Dance(request, chosen.id))(request)  # type: ignore[no-any-return]
    except (TokenRefused, TenantSilent) as problem:
        return trouble_page(request, problem, chosen)


class _Back(OAuth2CallbackView):  # type: ignore[misc]
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state
        return state, response


def _sent(
    request: HttpRequest, sign_in: OwnSignIn, purpose: Purpose, facts: dict[str, Any], **parameters: str
) -> HttpResponse:
    """A page that goes on to the tenant by itself. A redirect would be a form that posts to another host, which the
    policy of our pages forbids."""
    network = network_of(str(request.META.get("REMOTE_ADDR", "")))
    if BEGUN.count(network, time.monotonic()) > BEGUN.most:
        refused("own-sign-in-tries", source=source_of(network))
        return problem_page(request, "This was tried too often", "Try again in ten minutes.", 429)
    nonce = secrets.token_urlsafe(32)
    if sign_in.ask:
        wanted = {sign_in.claim: {"essential": True, "values": sorted(sign_in.has)}}
        parameters["claims"] = json.dumps({"id_token": wanted})
    provider = get_adapter(request).get_provider(request, sign_in.id)
    try:
        answer = provider.redirect(
            request,
            process="login",
            next_url=get_next_redirect_url(request),
            data={"purpose": purpose, "nonce": nonce, **facts},
            auth_params={"nonce": nonce, **parameters},
        )
    except TenantSilent as problem:
        return trouble_page(request, problem, sign_in)
    values = {"sign_in": sign_in, "address": answer["Location"]}
    return render(request, "staff/doors/own_sign_in/going.html", values)


def _known(sign_in: str) -> OwnSignIn:
    try:
        return sign_in_of(sign_in)
    except SocialApp.DoesNotExist:
        raise Http404 from None
