"""A form that came without the token of the session: it is from elsewhere, or the session has ended."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from everyfamily.audit.security_events import refused
from everyfamily.staff.doors.addresses import where_from

_MOST = 1_000_000


def form_refused(request: HttpRequest, **_: Any) -> HttpResponse:
    """Nothing was done. The words of a letter are given back, so that the person can copy them: we keep none."""
    refused("page-post-refused", why="no token")
    words = request.POST.get("words", "")[:_MOST] if request.path == reverse("check") else ""
    values = {"words": words, "next": where_from(request) or (request.path if words else "")}
    return render(request, "staff/doors/form_refused.html", values, status=403)
