"""The check by itself, as a web page on one machine: no database, no accounts, no cookies, no key, nothing stored."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.csp import CSP

from everyfamily.config.security_log import logging_of
from everyfamily.config.serving import server_of
from everyfamily.config.typefaces import FONTS
from everyfamily.core.partnership.routes import Route
from everyfamily.staff.check.asked import MOST_BYTES

HOST = "127.0.0.1"
"""Only this machine: there is no sign-in."""
_ROOM = 1_000_000
"""Bytes of a request beside its file: the words that were pasted, and the form itself."""
_MOST_SENT = 5 * MOST_BYTES
"""Bytes of a request that is read at all. What is larger than a letter and smaller than this is refused in words."""
_NEVER = 2**40
"""Bytes. Waitress writes what is larger to a file without a name. Nothing is."""


def check_server(port: int, register: Sequence[Route] | None) -> Any:
    """A listening server for the check's pages. `run` serves until the process is told to stop.

    `register` has the routes that a partnership keeps, for the rules that compare numbers with them. The whole request
    stays in memory, and so does every page until the browser has it.
    """
    return server_of(
        _application(register),
        host=HOST,
        port=port,
        max_request_body_size=_MOST_SENT,
        inbuf_overflow=_NEVER,
        outbuf_overflow=_NEVER,
        channel_timeout=60,
    )


def _application(register: Sequence[Route] | None) -> Callable[..., Any]:
    settings.configure(
        # Nothing is signed with it: there is no cookie, session or link.
        SECRET_KEY=secrets.token_urlsafe(),
        ALLOWED_HOSTS=["localhost", HOST],
        INSTALLED_APPS=["everyfamily.staff", "django.contrib.humanize", "django.contrib.staticfiles"],
        ROOT_URLCONF="everyfamily.staff.check.alone",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.csp.ContentSecurityPolicyMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "everyfamily.staff.check.alone.CheckGuard",
        ],
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
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [("fonts", FONTS)],
        # Served straight from the packages, with nothing to collect.
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_MAX_AGE": 3600,
        "WHITENOISE_ALLOW_ALL_ORIGINS": False,
        "SECURE_CSP": {
            "default-src": [CSP.NONE],
            "style-src": [CSP.SELF],
            "img-src": [CSP.SELF],
            "font-src": [CSP.SELF],
            "form-action": [CSP.SELF],
            "base-uri": [CSP.NONE],
            "frame-ancestors": [CSP.NONE],
        },
        # With no-referrer, browsers send "Origin: null", and then nobody can see whose form it was.
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        # No file that somebody sends is ever written to a disk.
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": _MOST_SENT,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": _ROOM,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 50,
    }
