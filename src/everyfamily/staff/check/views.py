"""The screens of the check. Each takes a request and draws a page. Nothing of a letter is kept, written or logged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from everyfamily.checks.run.check_document import check_document
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import Route
from everyfamily.staff.check.asked import SUBJECTS, given
from everyfamily.staff.check.pages import form_values, result_values, rule_values, rules_values

_READS = ("GET", "HEAD")


class Draw(Protocol):
    """Draws a template in a frame."""

    def __call__(self, template: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
        """The page."""


def front(request: HttpRequest) -> HttpResponse:
    """The checker by itself has one job, and begins with it."""
    return redirect("check")


def check_page(
    request: HttpRequest,
    *,
    draw: Draw | None = None,
    refusal: EveryfamilyError | None = None,
    register: Callable[[], tuple[Route, ...] | None] | None = None,
) -> HttpResponse:
    """The form, and what it gives. With a refusal, only that, and the words that were sent.

    `register` reads the routes that numbers are held against. By itself, the check has those that it was started with.
    """
    draw = draw or _by_itself(request)
    if request.method in _READS:
        return draw("staff/check/form.html", form_values())
    if request.method != "POST":
        return HttpResponseNotAllowed([*_READS, "POST"])
    if request.content_params and request.content_params.get("charset", "utf-8").lower() != "utf-8":
        # Browsers send UTF-8, as the page is. Some other codecs fail only while they read.
        raise BadRequest
    words = request.POST.get("words", "")
    about = request.POST.get("about", "")
    about = about if about in SUBJECTS else ""
    if refusal is not None:
        return draw("staff/check/form.html", form_values(refusal, words, about), status=429)
    try:
        letter = given(request.FILES.get("letter"), words)
    except EveryfamilyError as problem:
        return draw("staff/check/form.html", form_values(problem, words, about), status=422)
    checked = check_document(
        letter.document,
        today=timezone.localdate(),
        register=register() if register is not None else settings.EVERYFAMILY_REGISTER,
        about_harm=SUBJECTS[about],
    )
    return draw("staff/check/result.html", result_values(letter, checked, about))


def rules_page(request: HttpRequest, *, draw: Draw | None = None) -> HttpResponse:
    """Everything that the check looks for."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    return (draw or _by_itself(request))("staff/check/rules.html", rules_values())


def rule_page(request: HttpRequest, code: str, *, draw: Draw | None = None) -> HttpResponse:
    """What one rule looks for, why, and on what evidence."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    values = rule_values(code)
    if values is None:
        raise Http404
    return (draw or _by_itself(request))("staff/check/rule.html", values)


def _by_itself(request: HttpRequest) -> Draw:
    return partial(render, request)
