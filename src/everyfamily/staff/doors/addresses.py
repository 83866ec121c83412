"""Whole addresses of our pages, for what is given to somebody."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def whole(request: HttpRequest, path: str) -> str:
    """The page at our own address, whatever host a request names. Without a setting, at the request's."""
    base: str = settings.EVERYFAMILY_BASE_URL.rstrip("/")
    return base + path if base else request.build_absolute_uri(path)


def where_from(request: HttpRequest) -> str:
    """The path of the page of ours on which a form was sent, or "" if the browser does not say."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/"):
        return ""
    return page.path + (f"?{page.query}" if page.query else "")
