"""A browser of the tests' own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.test import Client


class Browser(Client):
    """Django's, which takes the key of a session's row for its cookie."""

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Somebody is signed in, without the doors."""
        from django.conf import settings
        from django.contrib.auth import login

        from everyfamily.staff.doors.session_store import SessionStore
        from everyfamily.staff.known_sessions import cookie_of

        request = HttpRequest()
        request.session = SessionStore()
        login(request, user, backend or settings.AUTHENTICATION_BACKENDS[0])
        request.session.save()
        self.cookies[settings.SESSION_COOKIE_NAME] = cookie_of(request.session)
