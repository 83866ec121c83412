"""The return of a school that sends the letter itself. The address has a signed link, and nothing else says who it
is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from everyfamily.audit.security_events import refused
from everyfamily.core.accounting.returns import Filing
from everyfamily.core.actors import Actor
from everyfamily.core.files.zips import zipped
from everyfamily.mailings.actions.returns.not_sent import CannotBeUnsent, say_not_sent
from everyfamily.mailings.actions.returns.returns import Answer, ReturnFiledTooOften, ReturnLinkOver, file_by_link
from everyfamily.mailings.installation import clock
from everyfamily.mailings.installation.return_tokens import ReturnLinkForged, code_of
from everyfamily.mailings.queries.returns import LinkFacts, link_by_code
from everyfamily.people.database.access import Access, opened
from everyfamily.staff.limits import SPAN, TooManyTries, count_page_of_link, count_wrong_link
from everyfamily.staff.pages import Door, ProblemKind, kit_of_link, problem_page
from everyfamily.staff.school_returns.filing import filed_page, form_page, take_in

_PAGES: Mapping[type[Exception], ProblemKind] = {
    ReturnLinkForged: "forged",
    ReturnLinkOver: "over",
    ReturnFiledTooOften: "filed too often",
    TooManyTries: "too many",
}
_TURNED_AWAY = tuple(_PAGES)
_READS = ("GET", "HEAD")


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
    with opened(_school_of(link)):
        return _form(request, token, form_page(Door.of_link(link)))


# As above: the address is the proof.
@csrf_exempt
def not_sent_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """The school has not sent a withdrawn letter, and has stopped."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        link = _link(request, token)
    except _TURNED_AWAY as problem:
        return _turned_away(request, problem)
    with opened(_school_of(link)), suppress(CannotBeUnsent):
        say_not_sent(link.mailing_id, link.school_id, by=Actor.link(link.id), now=clock.now())
    return _moved("return", token)


def thanks_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """What counts now, as a ledger, and what would help most."""
    if request.method not in _READS:
        return HttpResponseNotAllowed(_READS)
    try:
        link = _link(request, token)
    except _TURNED_AWAY as problem:
        return _turned_away(request, problem)
    with opened(_school_of(link)):
        values = filed_page(Door.of_link(link))
    if values is None:
        return redirect("return", token=token)
    return render(request, "staff/thanks.html", values | _addresses(token))


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


def _school_of(link: LinkFacts) -> Access:
    """A link is about the return of one school, and about nobody's data."""
    return Access.school(link.school_id, with_people=False)


def _take_in(request: HttpRequest, token: str, link: LinkFacts) -> HttpResponseBase:
    def file(filing: Filing, answered: Collection[str], seen: int) -> Answer:
        return file_by_link(link, filing, answered=answered, seen=seen, now=clock.now())

    shown = take_in(request.POST, Door.of_link(link), file)
    return _moved("thanks", token) if shown is None else _form(request, token, shown.values, shown.status)


def _moved(name: str, token: str) -> HttpResponseBase:
    # 303: pressing "back" or "reload" afterwards sends nothing again.
    response = redirect(name, token=token)
    response.status_code = 303
    return response


def _form(request: HttpRequest, token: str, values: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "staff/return.html", values | _addresses(token), status=status)


def _addresses(token: str) -> dict[str, object]:
    """Where the form is, where the kit is, and where to say that a withdrawn letter was not sent."""
    names = {"to_form": "return", "to_kit": "kit", "to_not_sent": "return-not-sent"}
    return {"may_correct": True} | {key: reverse(name, args=[token]) for key, name in names.items()}
