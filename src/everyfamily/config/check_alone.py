"""The check by itself, as a web page on one machine: no database, no accounts, no cookies, no key, nothing stored."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from everyfamily.config import pages
from everyfamily.config.security_log import logging_of
from everyfamily.config.serving import WholeInTime, server_of
from everyfamily.core.partnership.routes import Route
from everyfamily.staff.check.asked import MOST_BYTES

HOST = "127.0.0.1"
"""Only this machine: there is no sign-in."""
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Before the static files: they too are only for this machine's own names and for its own pages.
    "everyfamily.staff.check.alone.CheckGuard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # An address without its last slash leads to the page.
    "django.middleware.common.CommonMiddleware",
]
_MOST_SENT = 5 * MOST_BYTES
"""Bytes of a request that is read at all. What is larger than a letter and smaller than this is refused in words."""
_NEVER = 2**40
"""Bytes. Waitress writes what is larger to a file without a name. Nothing is."""


def check_server(port: int, register: Sequence[Route] | None) -> Any:
    """A listening server for the check's pages. `run` serves until the process is told to stop.

    `register` has the routes that a partnership keeps, for the rules that compare numbers with them. The whole request
    stays in memory, and so does every page until the browser has it.
    """
    server = server_of(
        _application(register),
        host=HOST,
        port=port,
        max_request_body_size=_MOST_SENT,
        inbuf_overflow=_NEVER,
        outbuf_overflow=_NEVER,
        channel_timeout=60,
    )
    server.channel_class = _Channel
    return server


class TooLarge(RequestEntityTooLarge):  # type: ignore[misc]
    """Waitress's answer to a request that nobody reads, in words."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """The status, the headers and the words."""
        status, headers, _ = super().to_response(ident)
        words = f"This letter was not checked: it is larger than {_MOST_SENT // 1_000_000} MB. "
        return status, headers, f"{words}Go back, and choose a file of at most 10 MB.".encode()


class WholeRequest(HTTPRequestParser):  # type: ignore[misc]
    """A request that is too large is received to its end and dropped as it comes. Otherwise the connection would break
    while the browser still sends, and the browser would say only that."""

    error: Any
    _left = 0

    def received(self, data: bytes) -> int:
        """How much of the data belongs to this request."""
        if self._left:
            dropped = min(self._left, len(data))
            self._left -= dropped
            self.completed = not self._left
            return dropped
        used: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = TooLarge("")
            self._left = self.content_length
            self.completed = not self._left
        return used


class _Channel(WholeInTime):
    parser_class = WholeRequest


def _application(register: Sequence[Route] | None) -> Callable[..., Any]:
    settings.configure(
        # Nothing is signed with it: there is no cookie, session or link.
        SECRET_KEY=secrets.token_urlsafe(),
        ALLOWED_HOSTS=["localhost", HOST],
        INSTALLED_APPS=["everyfamily.staff", "django.contrib.humanize", "django.contrib.staticfiles"],
        ROOT_URLCONF="everyfamily.staff.check.alone",
        MIDDLEWARE=MIDDLEWARE,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        LOGGING=logging_of({}),
        USE_TZ=True,
        TIME_ZONE="Europe/London",
        LANGUAGE_CODE="en-gb",
        EVERYFAMILY_REGISTER=None if register is None else tuple(register),
        **screens(),
    )
    django.setup()
    # Under load it would say for each request how many wait.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return get_wsgi_application()


def screens() -> dict[str, Any]:
    """What every screen needs, whoever serves it: static files, what a page may load, and how much may be sent."""
    return {
        **{name: value for name, value in vars(pages).items() if name.isupper() and name[0] != "_"},
        # With no-referrer, browsers send "Origin: null", and then nobody can see whose form it was.
        "SECURE_REFERRER_POLICY": "same-origin",
        # No file that somebody sends is ever written to a disk.
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": _MOST_SENT,
        # The form itself says what is too long, and keeps the words.
        "DATA_UPLOAD_MAX_MEMORY_SIZE": _MOST_SENT,
    }
