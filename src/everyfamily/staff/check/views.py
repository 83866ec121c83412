"""The screens of the check. Each takes a request and draws a page. Nothing of a letter is kept, written or logged."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone

from everyfamily.checks.run.check_document import check_document
from everyfamily.core.errors import EveryfamilyError
from everyfamily.staff.check.asked import SUBJECTS, given
from everyfamily.staff.check.pages import form_values, result_values, rule_values, rules_values

_READS = ("GET", "HEAD")


def front(request: HttpRequest) -> HttpResponse:
    """The checker by itself has one job, and begins with it."""
    return redirect("check")


def check_page(request: HttpRequest) -> HttpResponse:
    """The form, and what it gives."""
    if request.method in _READS:
        return render(request, "staff/check/form.html", form_values())
    if request.method != "POST":
        return HttpResponseNotAllowed([*_READS, "POST"])
    if request.content_params and request.content_params.get("charset", "utf-8").lower() != "utf-8":
        # Browsers send UTF-8, as the page is. Some other codecs fail only while they read.
        raise BadRequest
    words = request.POST.get("words", "")
    about = request.POST.get("about", "")
    about = about if about in SUBJECTS else ""
    try:
        letter = given(request.FILES.get("letter"), words)
    except EveryfamilyError as problem:
        return render(request, "staff/check/form.html", form_values(problem, words, about), status=422)
    checked = check_document(
        letter.document,
        today=timezone.localdate(),
        register=settings.EVERYFAMILY_REGISTER,
        about_harm=SUBJECTS[about],
    )
    return render(request, "staff/check/result.html", result_values(letter, checked, about))


def rules_page(request: HttpRequest) -> HttpResponse:
    """Everything that the check looks for."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    return render(request, "staff/check/rules.html", rules_values())


def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """What one rule looks for, why, and on what evidence."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    values = rule_values(code)
    if values is None:
        raise Http404
    return render(request, "staff/check/rule.html", values)
