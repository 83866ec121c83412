"""Proof for one act: whether it is still the same person in front of the screen, shown for what they are about to do.

A copied cookie, or an open screen, is not enough for anything in `ACTS`. The person shows a passkey or their app, and
then what they sent goes on by itself. The proof is for this form at this address and for nothing else, and counts once.
A password is no proof: somebody who has a copy of the cookie may have that too.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import resolve

from everyfamily.staff.own_sign_in_remembered import proved_since

ACTS: Mapping[str, str] = {
    "invite": "invite somebody to the partnership",
    "send-again": "send somebody’s link again",
    "end-role": "end somebody’s role",
    "let-in-again": "let somebody in again",
    "works-again": "let somebody work again",
    "suspension-looked-at": "say that a stopped account was stopped rightly",
    "use-reset": "send a link that lets somebody in again",
    "mailboxes-agree": "agree to mailboxes of schools",
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
    "data-prepare": "prepare everything that is held about somebody",
    "data-download": "download everything that is held about somebody",
    "data-forget": "delete what is held about somebody",
    "data-key": "ask for the school’s key to be destroyed",
    "data-key-agree": "destroy the school’s key",
}
"""What needs a proof, by the name of its address. `tests/spec/asks_again.toml` is the same list as a promise."""

ONLY_WITH = {"site": ("do", "publish")}
"""Of these addresses only a form with this value: to look at a preview needs no proof."""

PASSWORD = "reauthenticate"  # noqa: S105 - a way, not a secret
"""allauth's name for the way that is no proof."""
_ASKED = "act"
_LONGEST = 10 * 60
"""Seconds from the press to the proof."""
_OURS = ("totp", "webauthn")


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
    request.session[_ASKED] = {
        "digest": digest,
        "at": time.time(),
        "path": request.get_full_path(),
        "what": ACTS[name],
    }
    ways = [
        one["url"] for one in get_adapter().get_reauthentication_methods(request.user) if one["id"] != PASSWORD
    ]
    if not ways:
        raise PermissionDenied
    raise ImmediateHttpResponse(suspend_request(request, ways[0]))


def act_asked(request: HttpRequest) -> dict[str, Any] | None:
    """What waits for a proof, as the page that asks for it shows: its words and its digest. None if nothing does."""
    asked = request.session.get(_ASKED)
    if not isinstance(asked, dict) or time.time() - asked["at"] > _LONGEST:
        return None
    wanted = request.POST.get("next") or request.GET.get("next")
    return asked if wanted == asked["path"] else None


def is_other_act(request: HttpRequest) -> bool:
    """Whether what waits is not what the page of the proof had shown: somebody else, with a copy of this sign-in, asked
    for something meanwhile, and the proof would be theirs."""
    asked = act_asked(request)
    return (asked["digest"] if asked else "") != request.POST.get("act", "")


def _is_proved(request: HttpRequest, since: float) -> bool:
    if time.time() - since > _LONGEST:
        return False
    records = get_authentication_records(request, request.user)
    own = any(
        one.get("reauthenticated") and one.get("type") in _OURS and one.get("at", 0) >= since for one in records
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
