"""A letter's own page, its date, giving it up, and the files of a sealed one."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.zips import zipped
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.drafts import end_draft, set_dated
from everyfamily.letters.draft_queries.drafts import draft_by_reference
from everyfamily.letters.queries import (
    LetterInBrief,
    file_of_letter,
    kit_of_letter,
    letter_in_brief,
    published_seal,
)
from everyfamily.staff.access import Visit, posted
from everyfamily.staff.letters.begin_pages import DateNotRead
from everyfamily.staff.letters.letter_pages import draft_values, sealed_values
from everyfamily.staff.letters.opened import Opened, draft_page, known, letter_page, shown

_TYPES = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@letter_page(Right.SEE_LETTERS)
def one_page(visit: Visit, reference: str) -> HttpResponseBase:
    """A sealed letter, or one that is being written."""
    draft = draft_by_reference(reference)
    if draft is not None and not draft.is_sealed:
        return shown(visit, draft, _letter)
    return visit.render("staff/letters/sealed.html", sealed_values(_sealed(reference)))


@draft_page(Right.WRITE_LETTERS)
@posted
def date_page(visit: Visit, opened: Opened) -> HttpResponseBase:
    """Give the letter another date."""
    given = visit.request.POST.get("dated", "")
    try:
        set_dated(opened.draft.id, _day(given), by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        return _letter(visit, opened, problem, given)
    visit.say("The letter has another date.")
    return redirect("letter", opened.draft.reference)


@letter_page(Right.WRITE_LETTERS)
def end_page(visit: Visit, reference: str) -> HttpResponseBase:
    """Ask whether the letter should be given up, and give it up."""
    draft = known(reference)
    if visit.request.method != "POST":
        return visit.render("staff/letters/end.html", {"here": "letters", "draft": draft})
    try:
        end_draft(draft.id, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        visit.say(f"{problem.fact} {problem.fix}")
    else:
        visit.say(f"Letter {reference} is given up. Its words can still be read.")
    return redirect("letters")


@letter_page(Right.SEE_LETTERS)
def file_page(visit: Visit, reference: str, file_id: int) -> HttpResponseBase:
    """A file of a sealed letter, as it was sealed."""
    found = file_of_letter(_sealed(reference).id, file_id)
    if found is None:
        raise Http404
    name, data = found
    # Never shown in the browser as a page of ours.
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return _download(data, f"{reference}-{name.replace('/', '-')}", kind)


@letter_page(Right.SEE_LETTERS)
def kit_page(visit: Visit, reference: str) -> HttpResponseBase:
    """The kit of a sealed letter, for schools that send it themselves."""
    kit = kit_of_letter(_sealed(reference).id)
    if kit is None:
        raise Http404
    return _download(zipped(kit), f"kit-{reference}.zip", "application/zip")


@letter_page(Right.SEE_LETTERS)
def seal_file(visit: Visit, reference: str) -> HttpResponseBase:
    """The seal as it is published."""
    seal = published_seal(_sealed(reference).id)
    if seal is None:
        raise Http404
    return _download(seal.encode(), f"seal-{reference}.json", "application/json")


def _letter(
    visit: Visit, opened: Opened, problem: EveryfamilyError | None = None, given: str = ""
) -> HttpResponseBase:
    values = draft_values(opened, visit.now, visit.held) | {
        "problem": problem,
        "given": given or opened.draft.dated.isoformat(),
    }
    return visit.render("staff/letters/letter.html", values, status=422 if problem else 200)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise DateNotRead(
            "The date of the letter is missing, or is no date.",
            "Give the day that is to be printed on the letter.",
        ) from None


def _sealed(reference: str) -> LetterInBrief:
    found = letter_in_brief(reference)
    if found is None:
        raise Http404
    return found


def _download(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
