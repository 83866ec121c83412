"""The check by itself, as a web page on one machine: no database, no accounts, no cookies, no key, nothing stored."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from everyfamily.config import pages
from everyfamily.config.security_log import logging_of
from everyfamily.config.serving import WholeInTime, WholeRequest, server_of
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


def check_server(port: int, register: Sequence[Route] | None) -> Any:
    """A listening server for the check's pages. `run` serves until the process is told to stop.

    `register` has the routes that a partnership keeps, for the rules that compare numbers with them. The whole request
    stays in memory, and so does every page until the browser has it.
    """
    return server_of(
        _application(register),
        host=HOST,
        port=port,
        channel=_Channel,
        max_request_body_size=_MOST_SENT,
        channel_timeout=60,
    )


class AloneRequest(WholeRequest):
    """A request to the check by itself."""

    too_large = (
        f"This letter was not checked: it is larger than {_MOST_SENT // 1_000_000} MB. "
        "Go back, and choose a file of at most 10 MB."
    )


class _Channel(WholeInTime):
    parser_class = AloneRequest


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
    return get_wsgi_application()


def screens() -> dict[str, Any]:
    """What every screen needs, whoever serves it: static files, what a page may load, and how much may be sent."""
    return {
        **{name: value for name, value in vars(pages).items() if name.isupper() and name[0] != "_"},
        # With no-referrer, browsers send "Origin: null", and then nobody can see whose form it was.
        "SECURE_REFERRER_POLICY": "same-origin",
    }
