"""Proof for one act: whether it is still the same person in front of the screen, shown for what they are about to do.

A copied cookie, or an open screen, is not enough for anything in `ACTS`. The person shows a passkey or their app, and
then what they sent goes on by itself. The proof is for this form at this address and for nothing else, and counts once.
A password is no proof: somebody who has a copy of the cookie may have that too.

For what somebody signs in with (`PAGES`) it is asked for when the page opens, because a browser makes a passkey before
the form is sent. The proof opens this page to this session, for ten minutes at most and until its form was taken.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import resolve, reverse
from django.utils.http import urlencode

from everyfamily.accounts.queries import factors_of
from everyfamily.staff.own_sign_in_remembered import proved_since, took_second_step

ACTS: Mapping[str, str] = {
    "invite": "invite somebody to the partnership",
    "send-again": "send somebody’s link again",
    "end-role": "end somebody’s role",
    "let-in-again": "let somebody in again",
    "works-again": "let somebody work again",
    "suspension-looked-at": "say that a stopped account was stopped rightly",
    "use-reset": "send a link that lets somebody in again",
    "mailboxes-agree": "agree to mailboxes of schools",
    "invite-one-school": "ask for a second lead at a school",
    "settings-in-force": "put settings in force",
    "route-number": "ask for another number",
    "letter-withdraw-agree": "withdraw a letter for good",
    "letter-go-on": "let a mailing go on",
    "letter-go-on-agree": "let a mailing go on",
    "letter-seal": "seal a letter",
    "site": "publish the parent site",
    "approval-key-new": "make a key that approves letters",
    "approval-key-confirm": "confirm a colleague’s key",
    "approval-key-endorse": "endorse a colleague’s key",
    "approval-key-end": "end a key",
    "school-invite": "invite a colleague",
    "school-send-again": "send a colleague’s link again",
    "school-end-role": "end a colleague’s role",
    "school-let-in-again": "let a colleague in again",
    "school-use-reset": "send a link that lets a colleague in again",
    "school-settings": "change the school’s settings",
    "roll-take-back": "take the newest file back",
    "data-prepare": "prepare everything that is held about somebody",
    "data-download": "download everything that is held about somebody",
    "data-forget": "delete what is held about somebody",
    "data-key": "ask for the school’s key to be destroyed",
    "data-key-agree": "destroy the school’s key",
    "own_sign_in_connect": "use another sign-in from now on",
}
"""What needs a proof, by the name of its address. `tests/spec/asks_again.toml` is the same list as a promise."""

PAGES: Mapping[str, str] = {
    "mfa_add_webauthn": "make a passkey",
    "mfa_activate_totp": "set up an authenticator app",
    "remove-factor": "remove what you sign in with",
    "mfa_view_recovery_codes": "see your recovery codes",
    "mfa_generate_recovery_codes": "make new recovery codes",
    "account_change_password": "change your password",
}
"""What opens only with a proof, by the name of its address."""

ONLY_WITH = {"site": ("do", "publish"), "invite-one-school": ("beside", "yes")}
"""Of these addresses only a form with this value: to look at a preview needs no proof, nor to invite a first lead."""

OWN_SIGN_IN = "own_sign_in"
_PASSWORD, _CODE = "reauthenticate", "mfa_reauthenticate"
"""Ways of showing who one is. The last two are allauth's names."""
_ASKED = "act"
_OPENED = "page open"
_LONGEST = 10 * 60
"""Seconds from the press to the proof, and for which a page is open after it."""
_OURS = ("totp", "webauthn")
_TO_A_PAGE = (*_OURS, "recovery_codes")
"""Somebody who lost their phone sets up another app. Recovery codes are there for that, and for nothing else."""


type _View = Callable[..., HttpResponseBase]


def require_proof(request: HttpRequest) -> None:
    """Have the person show who they are, if what they send needs it. Raises ImmediateHttpResponse, which
    leads to the page that asks, and PermissionDenied for somebody who could not show it.

    In the demonstration nobody is asked: its clock is simulated, and nothing in it reaches anybody.
    """
    if request.method != "POST" or settings.EVERYFAMILY_CLOCK == "database":
        return
    # By its path: what goes on after the proof has the match of the page that asked for it.
    name = resolve(request.path_info).url_name or ""
    if name not in ACTS or not _is_meant(name, request):
        return
    digest, asked = _digest(request), request.session.get(_ASKED)
    if isinstance(asked, dict) and asked["digest"] == digest and _is_proved(request, asked["at"]):
        del request.session[_ASKED]
        return
    raise ImmediateHttpResponse(suspend_request(request, _ask(request, digest, ACTS[name])))


def proved_page(*, then: str = "", has_form: bool = True) -> Callable[[_View], _View]:
    """Guard of a page in `PAGES`, for an account that has a second factor. One that has none yet has nothing to show.

    The proof ends when the page's form was taken, or if it has none, when it was shown. If the form leads to the page
    named `then`, that is the end of the same act, and is shown once without a proof of its own.
    """

    def guarding(view: _View) -> _View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if settings.EVERYFAMILY_CLOCK != "database" and request.has_both_factors:  # type: ignore[attr-defined]
                _require_open(request)
            answer = view(request, *args, **kwargs)
            is_taken = request.method == "POST" and answer.status_code == 302
            if is_taken or not has_form:
                request.session.pop(_OPENED, None)
            if is_taken and then and answer.headers["Location"] == reverse(then):
                _open(request, reverse(then))
            return answer

        return guarded

    return guarding


def is_open(request: HttpRequest) -> bool:
    """Whether this is a page that a proof of this session opened."""
    opened = request.session.get(_OPENED)
    return (
        isinstance(opened, dict)
        and opened["page"] == _page_at(request.path_info)
        and time.time() - opened["at"] <= _LONGEST
    )


def _require_open(request: HttpRequest) -> None:
    if is_open(request):
        return
    digest, asked = _page_at(request.path_info), request.session.get(_ASKED)
    if isinstance(asked, dict) and asked["digest"] == digest and _is_proved(request, asked["at"], by=_TO_A_PAGE):
        del request.session[_ASKED]
        _open(request, request.path_info)
        return
    # A form that was sent without a proof does not wait for one: it may be somebody else's, with a copy of the cookie.
    request.session.pop(STATE_SESSION_KEY, None)
    way = _ask(request, digest, PAGES[resolve(request.path_info).url_name or ""], for_page=True)
    raise ImmediateHttpResponse(HttpResponseRedirect(f"{way}?{urlencode({'next': request.get_full_path()})}"))


def _open(request: HttpRequest, path: str) -> None:
    request.session[_OPENED] = {"page": _page_at(path), "at": time.time()}


def _page_at(path: str) -> str:
    """What the proof for a page is for, as a digest. An address with a query is the same page."""
    return hashlib.sha256(path.encode()).hexdigest()


def _ask(request: HttpRequest, digest: str, what: str, *, for_page: bool = False) -> str:
    """Remember for what a proof is asked for. Returns the page that asks. Raises PermissionDenied if none can."""
    request.session[_ASKED] = {
        "digest": digest,
        "at": time.time(),
        "path": request.get_full_path(),
        "what": what,
        "for_page": for_page,
    }
    ways = ways_of_proof(request, get_adapter().get_reauthentication_methods(request.user))
    if not ways:
        raise PermissionDenied
    return str(ways[0]["url"])


def ways_of_proof(request: HttpRequest, ways: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that prove an act, in the order in which they are offered: of somebody without an app, a passkey comes
    before a recovery code. An own sign-in without a second step proves nothing."""
    no_proof = {_PASSWORD} if took_second_step(request) else {_PASSWORD, OWN_SIGN_IN}
    has_app = any(not one.name for one in factors_of(request.user.pk or 0))
    found = [one for one in ways if one["id"] not in no_proof]
    return found if has_app else sorted(found, key=lambda one: one["id"] == _CODE)


def act_asked(request: HttpRequest) -> dict[str, Any] | None:
    """What waits for a proof, as the page that asks for it shows: its words and its digest. None if nothing does."""
    asked = request.session.get(_ASKED)
    if not isinstance(asked, dict) or time.time() - asked["at"] > _LONGEST:
        return None
    wanted = request.POST.get("next") or request.GET.get("next")
    return asked if wanted == asked["path"] else None


def is_other_act(request: HttpRequest, shown: str) -> bool:
    """Whether what waits is not the act whose digest the page of the proof had `shown`: somebody else, with a copy of
    this sign-in, asked for something meanwhile, and the proof would be theirs."""
    asked = act_asked(request)
    return (asked["digest"] if asked else "") != shown


def _is_proved(request: HttpRequest, since: float, by: Collection[str] = _OURS) -> bool:
    if time.time() - since > _LONGEST:
        return False
    records = get_authentication_records(request, request.user)
    own = any(
        one.get("reauthenticated") and one.get("type") in by and one.get("at", 0) >= since for one in records
    )
    return own or proved_since(request, since)


def _is_meant(name: str, request: HttpRequest) -> bool:
    if name not in ONLY_WITH:
        return True
    field, value = ONLY_WITH[name]
    return request.POST.get(field) == value


def _digest(request: HttpRequest) -> str:
    """Of the address and the whole form, without the token, which changes."""
    form = sorted((key, values) for key, values in request.POST.lists() if key != "csrfmiddlewaretoken")
    whole = json.dumps([request.get_full_path(), form], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()
