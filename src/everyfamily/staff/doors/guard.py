"""The guard of the whole product: the pages of returns keep their own words and their own policy of referrers."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from everyfamily.staff.guard import Guard, Kind, logger, new_reference
from everyfamily.staff.pages import problem_page

RETURNS = "/return/"
_PROBLEMS: Mapping[Kind, tuple[int, str, str]] = {
    "not here": (
        404,
        "There is no page here that you can see",
        "The address may have been cut short, or the page is another school's.",
    ),
    "from elsewhere": (
        403,
        "Nothing was changed",
        "This form came from another page. Open it here, and try again.",
    ),
    "not readable": (400, "Nothing was changed", "What came in could not be read."),
    "our fault": (
        500,
        "Something went wrong here",
        "It is our fault, not yours. Please try again in a few minutes.",
    ),
}


class ProductGuard(Guard):
    """One guard, two sets of words."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = super().__call__(request)
        if not request.path.startswith(RETURNS):
            # With no-referrer, a browser sends "Origin: null", and every form with a token would be refused.
            response.headers["Referrer-Policy"] = "same-origin"
        if getattr(request, "needs_script", False):
            framed = {"frame-src": [CSP.SELF]} if getattr(request, "needs_frame", False) else {}
            csp_override(settings.CSP_WITH_SCRIPT | framed)(lambda _: response)(request)
        return response

    def problem(self, request: HttpRequest, kind: Kind, reference: str = "") -> HttpResponse:
        """The page for a request that no view answered."""
        return _problem(request, kind, reference)


def our_fault(request: HttpRequest) -> HttpResponse:
    """The page for what failed before any view was asked, such as a session that cannot be read without its database.

    For Django's `handler500`, whose own asks for the session once more.
    """
    reference = new_reference()
    problem = sys.exception()
    logger.error("A page failed before its view, %s: %s.", reference, type(problem).__name__)
    response = _problem(request, "our fault", reference)
    # Django would log the path.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _problem(request: HttpRequest, kind: Kind, reference: str) -> HttpResponse:
    if request.path.startswith(RETURNS):
        return problem_page(request, kind, reference)
    status, title, why = _PROBLEMS[kind]
    values = {"title": title, "why": why, "reference": reference}
    return render(request, "staff/doors/problem.html", values, status=status)
