"""Whole addresses of our pages, for what is given to somebody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def whole(request: HttpRequest, path: str) -> str:
    """The page at our own address, whatever host a request names. Without a setting, at the request's."""
    base: str = settings.EVERYFAMILY_BASE_URL.rstrip("/")
    return base + path if base else request.build_absolute_uri(path)
