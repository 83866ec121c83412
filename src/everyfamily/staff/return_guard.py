"""The guard around the pages of returns, with their words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from everyfamily.staff.guard import Guard, Kind
from everyfamily.staff.pages import problem_page


class ReturnGuard(Guard):
    """What no view answered is told in words about returns."""

    def problem(self, request: HttpRequest, kind: Kind) -> HttpResponse:
        """See pages.py."""
        return problem_page(request, kind)
