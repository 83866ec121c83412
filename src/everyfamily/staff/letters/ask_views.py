"""A letter is sent for approval: its words are frozen by a worker, and everybody is asked to approve exactly these."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.letters.draft_queries.agreeing import FilesAreGone, folder_of
from everyfamily.letters.draft_queries.frozen import current_version
from everyfamily.letters.files.letter_zip import zip_of
from everyfamily.mailings.edges.letter_jobs import ask_approval
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.ask_pages import WATCHED, ask_values
from everyfamily.staff.letters.opened import Opened, draft_page, known, letter_page


@draft_page(Right.SEE_LETTERS)
def ask_page(visit: Visit, opened: Opened) -> HttpResponseBase:
    """What goes out, to whom, and who is asked. A POST freezes the words."""
    if visit.request.method == "POST":
        if not visit.held.may(Right.WRITE_LETTERS):
            return visit.refuse(Right.WRITE_LETTERS)
        try:
            ask_approval(opened.draft.id, by=visit.actor, now=visit.now)
            return redirect("letter-ask", opened.draft.reference)
        except EveryfamilyError as problem:
            return _page(visit, opened, problem)
    return _page(visit, opened)


@letter_page(Right.SEE_LETTERS)
def folder_page(visit: Visit, reference: str) -> HttpResponseBase:
    """The letter's folder as it is frozen, to be read, proved and approved on another machine."""
    version = current_version(known(reference).id)
    if version is None or not version.is_done:
        raise Http404
    try:
        data = zip_of(folder_of(version))
    except FilesAreGone as problem:
        raise Http404 from problem
    response = HttpResponse(data, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{reference}.zip"'
    return response


def _page(visit: Visit, opened: Opened, problem: EveryfamilyError | None = None) -> HttpResponseBase:
    values = ask_values(opened, visit.now) | {
        "problem": problem,
        "may_write": visit.held.may(Right.WRITE_LETTERS),
    }
    answer = visit.render("staff/letters/ask.html", values, status=409 if problem else 200)
    version = values["version"]
    if values["is_freezing"] and visit.now - version.progress.asked_at < WATCHED:
        # The page has no form while it waits, so nothing that somebody types is lost.
        visit.look_again(answer, 3)
    return answer
