"""Versions of a letter, its own words as a file, and what its pack changed."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.drafts import take_newer_pack
from everyfamily.letters.actions.passages import back_to_pack, keep_ours
from everyfamily.letters.draft_queries.words import overrides_of
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.opened import known, letter_page
from everyfamily.staff.letters.version_pages import pack_values, version_values, versions_values


@letter_page(Right.SEE_LETTERS)
def versions_page(visit: Visit, reference: str) -> HttpResponseBase:
    """Everything that was saved, newest first."""
    return visit.render("staff/letters/versions.html", versions_values(known(reference), visit.now))


@letter_page(Right.SEE_LETTERS)
def version_page(visit: Visit, reference: str, number: int) -> HttpResponseBase:
    """What one version changed, or what changed since an earlier one."""
    given = visit.request.GET.get("since", "")
    against = int(given) if given.isascii() and given.isdigit() and len(given) < 8 else number - 1
    values = version_values(known(reference), number, against, visit.now)
    if values is None:
        raise Http404
    return visit.render("staff/letters/version.html", values)


@letter_page(Right.SEE_LETTERS)
def overrides_page(visit: Visit, reference: str) -> HttpResponseBase:
    """The letter's own words as the file of overrides from which the command composes the same letter."""
    response = HttpResponse(
        overrides_of(known(reference)).encode(), content_type="application/toml; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="overrides.toml"'
    return response


@letter_page(Right.SEE_LETTERS)
def pack_page(visit: Visit, reference: str) -> HttpResponseBase:
    """What the pack changed since. A POST takes the newer pack, or decides about one passage."""
    draft = known(reference)
    problem: EveryfamilyError | None = None
    if visit.request.method == "POST":
        if not visit.held.may(Right.WRITE_LETTERS):
            return visit.refuse(Right.WRITE_LETTERS)
        try:
            visit.say(_decide(visit, draft.id))
            return redirect("letter-pack", reference)
        except EveryfamilyError as fault:
            problem = fault
    try:
        values = pack_values(draft)
    except EveryfamilyError as fault:
        values = {"here": "letters", "draft": draft, "missing": fault}
    values |= {"problem": problem, "may_write": visit.held.may(Right.WRITE_LETTERS)}
    return visit.render("staff/letters/pack.html", values, status=409 if problem else 200)


def _decide(visit: Visit, draft_id: int) -> str:
    """What the form asks for, and what was done, as a sentence."""
    data, by, now = visit.request.POST, visit.actor, visit.now
    passage, language = data.get("passage", ""), data.get("language", "en")
    if "take" in data:
        done = take_newer_pack(draft_id, data["take"], by=by, now=now)
        return "The letter is on the newer pack." if done else "The pack changed again. Look at it once more."
    if "keep" in data:
        done = keep_ours(draft_id, language, passage, by=by, now=now)
        return "Your words are kept." if done else "The pack has no such passage any more. Take yours out."
    done = back_to_pack(draft_id, language, passage, by=by, now=now)
    return "The pack’s words are back." if done else "There was nothing to take out."
