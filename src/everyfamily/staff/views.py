"""The return of a school that sends the letter itself. The address has a signed link, and nothing else says who it
is."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from everyfamily.audit.security_events import refused
from everyfamily.core.accounting.returns import LINES, read_return
from everyfamily.core.files.zips import zipped
from everyfamily.mailings.actions.returns.returns import ReturnFiledTooOften, ReturnLinkOver, file_by_link
from everyfamily.mailings.installation import clock
from everyfamily.mailings.installation.return_tokens import ReturnLinkForged, code_of
from everyfamily.mailings.queries.returns import FiledReturn, LinkFacts, filed_returns, link_by_code
from everyfamily.people.database.access import Access, opened
from everyfamily.people.database.tenancy import tenant
from everyfamily.staff.limits import SPAN, TooManyTries, count_page_of_link, count_wrong_link
from everyfamily.staff.pages import (
    ProblemKind,
    Typed,
    filed_values,
    form_values,
    frame,
    kit_of_link,
    problem_page,
    problems_of,
    questions_of,
    typed_of,
)

_LONGEST = 40
_PAGES: Mapping[type[Exception], ProblemKind] = {
    ReturnLinkForged: "forged",
    ReturnLinkOver: "over",
    ReturnFiledTooOften: "filed too often",
    TooManyTries: "too many",
}
_TURNED_AWAY = tuple(_PAGES)
_READS = ("GET", "HEAD")
_SPACES = "\u00a0\u202f\t"
"""Spaces that people paste between thousands. Python counts them as not printable."""


def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


# There is no session that a token could belong to: the address is the proof, and the guard asks where a form came from.
@csrf_exempt
def file_return_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """The five numbers: shown empty or as last filed, and received."""
    if request.method not in (*_READS, "POST"):
        return HttpResponseNotAllowed([*_READS, "POST"])
    try:
        link = _link(request, token)
        if request.method == "POST":
            with opened(_school_of(link)):
                return _take_in(request, token, link)
    except _TURNED_AWAY as problem:
        return _turned_away(request, problem)
    history = _history(link)
    typed = typed_of(history[0] if history else None)
    return _form(request, token, link, form_values(typed), history)


def thanks_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """What counts now, as a ledger, and what would help most."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    try:
        link = _link(request, token)
    except _TURNED_AWAY as problem:
        return _turned_away(request, problem)
    history = _history(link)
    if not history:
        return redirect("return", token=token)
    values = {**frame(link), **filed_values(history[0], history, link), "token": token}
    return render(request, "staff/thanks.html", values)


def kit_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The kit of the link's letter, as it was sealed. None if the letter was withdrawn."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    try:
        link = _link(request, token)
    except _TURNED_AWAY as problem:
        return _turned_away(request, problem)
    reference, kit = kit_of_link(link)
    if kit is None:
        return problem_page(request, "withdrawn")
    response = HttpResponse(zipped(kit), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="kit-{reference}.zip"'
    return response


def _link(request: HttpRequest, token: str) -> LinkFacts:
    """The link for a token. Raises ReturnLinkForged, ReturnLinkOver and TooManyTries."""
    try:
        code = code_of(token)
    except ReturnLinkForged:
        count_wrong_link(request.META.get("REMOTE_ADDR", ""))
        raise
    count_page_of_link(token)
    link = link_by_code(code)
    if link is None:
        refused("return-link-refused", why="unknown")
        raise ReturnLinkForged("No link has this code.", "Use the link as it was sent.")
    if link.is_over(clock.now()):
        refused("return-link-refused", why="ended", link=link.id)
        raise ReturnLinkOver("This link to a return has ended.", "Use the newest one.")
    return link


def _turned_away(request: HttpRequest, problem: Exception) -> HttpResponse:
    response = problem_page(request, _PAGES[type(problem)])
    if isinstance(problem, TooManyTries):
        response.headers["Retry-After"] = str(SPAN)
    return response


def _history(link: LinkFacts) -> list[FiledReturn]:
    with opened(_school_of(link)), tenant(link.school_id):
        return filed_returns(link.school_id, link.mailing_id)


def _school_of(link: LinkFacts) -> Access:
    """A link is about the return of one school, and about nobody's data."""
    return Access.school(link.school_id, with_people=False)


def _take_in(request: HttpRequest, token: str, link: LinkFacts) -> HttpResponseBase:
    typed = _typed(request)
    reading = read_return(typed.lines, emails=typed.emails, reasons=typed.reasons)
    if reading.filing is None:
        return _form(request, token, link, problems_of(reading, typed), _history(link), status=422)
    answered = request.POST.get("answer", "").split("|")
    seen = request.POST.get("seen", "")
    answer = file_by_link(
        link,
        reading.filing,
        answered=answered,
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0,
        now=clock.now(),
    )
    if answer.filed:
        # 303: pressing "back" or "reload" afterwards sends nothing again.
        response = redirect("thanks", token=token)
        response.status_code = 303
        return response
    values = form_values(typed) | questions_of(answer.asked)
    return _form(request, token, link, values, _history(link), overtaken=answer.overtaken_by is not None)


def _typed(request: HttpRequest) -> Typed:
    """What was sent, cut to the length that a number can have, without characters that no page may show."""
    return Typed(
        {name: _plain(request.POST.get(name, "")) for name in LINES},
        request.POST.get("emails", ""),
        frozenset(request.POST.getlist("reasons")),
    )


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign in _SPACES else "\ufffd" for sign in text[: _LONGEST + 1])


def _form(
    request: HttpRequest,
    token: str,
    link: LinkFacts,
    values: dict[str, object],
    history: list[FiledReturn],
    *,
    status: int = 200,
    overtaken: bool = False,
) -> HttpResponse:
    last = filed_values(history[0], history, link) if history else None
    seen = history[0].id if history else 0
    return render(
        request,
        "staff/return.html",
        {**frame(link), **values, "token": token, "last": last, "seen": seen, "overtaken": overtaken},
        status=status,
    )
