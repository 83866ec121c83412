"""The check by itself: its addresses and its middleware, on a machine without accounts and without a database."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from everyfamily.staff.check import views
from everyfamily.staff.guard import Guard, Kind

urlpatterns = [
    path("", views.front),
    path("", include("everyfamily.staff.check.urls")),
]

_PROBLEMS: Mapping[Kind, tuple[int, str, str]] = {
    "not here": (404, "There is no page here", "The address may have been cut short when it was copied."),
    "from elsewhere": (403, "This letter was not checked", "It came from another page. Check it from this one."),
    "not readable": (
        400,
        "This letter was not checked",
        "What came in could not be read, or it was longer than a letter. Nothing was kept.",
    ),
    "our fault": (
        500,
        "Something went wrong here",
        "It is our fault, not yours. Nothing was kept. Please try again.",
    ),
}


class CheckGuard(Guard):
    """The guard, with pages of the check's own."""

    def is_from_elsewhere(self, request: HttpRequest) -> bool:
        """There is no proxy, so the whole origin has to be this one. Another program on this machine has another port.
        A browser that says nothing else says "null" for a page whose origin it hides."""
        origin = request.headers.get("Origin")
        if origin == "null":
            return "Sec-Fetch-Site" not in request.headers
        return origin is not None and origin != f"{request.scheme}://{request.get_host()}"

    def problem(self, request: HttpRequest, kind: Kind, reference: str = "") -> HttpResponse:
        """One calm page that says what to do."""
        status, title, why = _PROBLEMS[kind]
        values = {"title": title, "why": why, "reference": reference}
        return render(request, "staff/check/problem.html", values, status=status)
