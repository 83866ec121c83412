"""Browsers in which somebody signed in before with both steps. Each has tries of its own: whoever types wrong passwords
for somebody's address does not keep that person out of their own browser.

The cookie is a random mark with a signature for one account and its present password. Nothing in it says whose it is,
for another account it is worth nothing, and with it alone nobody is signed in.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from everyfamily.staff.doors.secrets_of_factors import key_for

COOKIE: Final = "__Host-everyfamily-browser"
LASTS: Final = 90 * 86_400
"""Seconds."""


def remember_browser(answer: HttpResponse, account: AbstractBaseUser) -> None:
    """Give the browser its mark."""
    mark = _signer(account).sign(secrets.token_urlsafe(16))
    answer.set_cookie(COOKIE, mark, max_age=LASTS, secure=True, httponly=True, samesite="Strict")


def mark_of(request: HttpRequest, account: AbstractBaseUser | None) -> str:
    """The mark of a browser in which this account signed in before, or ""."""
    try:
        kept = request.COOKIES[COOKIE]
        return "" if account is None else str(_signer(account).unsign(kept, max_age=LASTS))
    except (KeyError, BadSignature):
        return ""


def _signer(account: AbstractBaseUser) -> TimestampSigner:
    of_account = f"everyfamily.known-browser|{account.pk}|{account.get_session_auth_hash()}"
    return TimestampSigner(key=key_for(b"known browser"), salt=of_account)
