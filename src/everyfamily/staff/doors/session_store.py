"""Sessions in the database, kept under a digest of the browser's cookie. Somebody who can read the tables cannot make a
cookie of what is there, and is signed in as nobody.

`session_key` is what Django and allauth write in their tables: the digest. Only the middleware knows the cookie, and it
is nowhere but in the browser and, for one request, in memory.
"""

from __future__ import annotations

import base64
import hmac
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.contrib.sessions.middleware import SessionMiddleware
from django.db.models.signals import post_init
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from everyfamily.staff.doors.secrets_of_factors import SignInKeyMissing, key_for
from everyfamily.staff.known_sessions import cookie_of

_COOKIE = 32
"""Letters and digits: 165 random bits."""
_DIGEST = 30
"""Bytes. In base64 they fill Django's column, which has 40 characters."""


class RowKey(str):
    """What the tables hold. No text from outside is ever one: it is a cookie, and is digested first."""

    __slots__ = ("cookie",)
    cookie: str
    """What the browser holds. Empty where only the table was asked."""

    def __new__(cls, text: str, cookie: str = "") -> RowKey:
        made = super().__new__(cls, text)
        made.cookie = cookie
        return made

    @classmethod
    def of(cls, cookie: str) -> RowKey:
        """The digest of a cookie. Raises SignInKeyMissing."""
        mac = hmac.digest(key_for(b"session cookie"), cookie.encode(errors="replace"), "sha256")
        return cls(base64.urlsafe_b64encode(mac[:_DIGEST]).decode(), cookie)


class SessionStore(InTheDatabase):
    """Django's, under the digest. A session is opened with its cookie, or with a RowKey that was made of it."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key if isinstance(session_key, RowKey) else _row_of(session_key))

    def cycle_key(self) -> None:
        """Another cookie, for a browser that holds this one. After a change of the secret key, Django also asks for one
        for each session on a list that somebody looks at, and their browsers would be signed out."""
        if self.session_key is None or cookie_of(self):
            super().cycle_key()

    # A cookie that is not new is found out when the row is inserted.
    def _get_new_session_key(self) -> RowKey:
        return RowKey.of(get_random_string(_COOKIE, VALID_KEY_CHARS))

    async def _aget_new_session_key(self) -> RowKey:
        return self._get_new_session_key()


class SessionCookies(SessionMiddleware):
    """Django's, which would hand out the key of the row. With Django's own nobody could sign in."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponse:
        """Set the cookie, if there is one to set."""
        answer: HttpResponse = super().process_response(request, response)
        name = settings.SESSION_COOKIE_NAME
        if name in answer.cookies and answer.cookies[name].value:
            answer.cookies[name] = cookie_of(request.session)
        return answer


def _row_of(cookie: str | None) -> RowKey | None:
    try:
        return RowKey.of(cookie) if cookie else None
    except SignInKeyMissing:
        # Nobody is signed in then. Pages without accounts are served as before.
        return None


def _is_a_row(sender: type[UserSession], instance: UserSession, **more: Any) -> None:
    """allauth opens the sessions of its list by what its table holds."""
    instance.session_key = RowKey(instance.session_key)


post_init.connect(_is_a_row, sender=UserSession, dispatch_uid="everyfamily.session_store")
