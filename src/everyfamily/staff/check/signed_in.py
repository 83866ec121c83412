"""The check inside the product: the same pages in its frame, for whoever may check letters."""

from __future__ import annotations

import time

from django.http import HttpResponse, HttpResponseBase
from django.urls import path

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.tries import Tries
from everyfamily.staff.access import Visit, page
from everyfamily.staff.check import views
from everyfamily.staff.check.register import register_in_force

SPAN = 600
"""Seconds."""
OF_ONE_ACCOUNT = Tries(100, seconds=SPAN)
"""Letters: somebody who mends one letter checks it twenty times, and a program would check thousands."""


class TooManyChecks(EveryfamilyError):
    """One account checked letters too often."""

    code = "EF709"


@page(Right.CHECK_LETTERS, anywhere=True, as_sent=True)
def check(visit: Visit) -> HttpResponse:
    """The form, and what it gives."""
    refusal = None
    if (
        visit.request.method == "POST"
        and OF_ONE_ACCOUNT.count(str(visit.account), time.monotonic()) > OF_ONE_ACCOUNT.most
    ):
        refusal = TooManyChecks("You have checked very many letters.", "Wait ten minutes, and try again.")
    return views.check_page(
        visit.request, draw=visit.render, refusal=refusal, register=lambda: register_in_force(visit.now)
    )


@page(Right.CHECK_LETTERS, anywhere=True)
def rules(visit: Visit) -> HttpResponseBase:
    """Everything that the check looks for."""
    return views.rules_page(visit.request, draw=visit.render)


@page(Right.CHECK_LETTERS, anywhere=True)
def rule(visit: Visit, code: str) -> HttpResponseBase:
    """What one rule looks for."""
    return views.rule_page(visit.request, code, draw=visit.render)


urlpatterns = [
    path("check/", check, name="check"),
    path("check/rules/", rules, name="rules"),
    path("check/rules/<str:code>/", rule, name="rule"),
]
