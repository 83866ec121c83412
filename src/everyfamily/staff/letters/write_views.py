"""One part of a letter: read it, write it, have it checked while writing."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import LetterPart
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.passages import Conflict, Refused, save_passages
from everyfamily.letters.draft_queries.words import SectionNow, section_now
from everyfamily.staff.access import Visit, posted
from everyfamily.staff.letters.editing import (
    Edited,
    Fault,
    Typed,
    edited_of,
    faults_by_passage,
    typed_in,
    typed_of,
    unsaved,
)
from everyfamily.staff.letters.findings import find
from everyfamily.staff.letters.language_pages import translated_values
from everyfamily.staff.letters.opened import Opened, draft_page
from everyfamily.staff.letters.standing import waivers_of
from everyfamily.staff.letters.using import with_fix
from everyfamily.staff.letters.write_pages import checked_values, conflict_values, why_of, write_values


@draft_page(Right.SEE_LETTERS)
def write_page(visit: Visit, opened: Opened, language: str, section: str) -> HttpResponseBase:
    """The words of a part. A POST saves them, and nothing is lost if it does not."""
    part, now_there = _part(opened, language, section)
    if visit.request.method == "POST":
        return _write(visit, opened, language, part)
    typed = typed_of(part, language, why_of(opened, language, now_there), now_there.seen)
    return _form(visit, opened, language, part, typed)


@draft_page(Right.WRITE_LETTERS)
@posted
def check_page(visit: Visit, opened: Opened, language: str, section: str) -> HttpResponseBase:
    """What would be found in words that nobody has saved: a fragment for the page that they are written on."""
    part, _ = _part(opened, language, section)
    typed = typed_in(part, language, visit.request.POST)
    edited = edited_of(opened, language, part, typed)
    faults, waivers = edited.faults, waivers_of(opened.draft, opened.partnership)
    after = opened
    if not faults:
        try:
            after = unsaved(opened, language, edited)
        except EveryfamilyError as problem:
            faults = (Fault("words", problem.fact, problem.fix),)
    part = after.part(language, section)
    values = checked_values(after, language, part, find(after, waivers), faults)
    return visit.render("staff/letters/checked.html", values, status=422 if faults else 200)


def _write(visit: Visit, opened: Opened, language: str, part: LetterPart) -> HttpResponseBase:
    data = visit.request.POST
    if not visit.held.may(Right.WRITE_LETTERS):
        return visit.render("staff/doors/not_yours.html", {"right": Right.WRITE_LETTERS}, status=403)
    typed = typed_in(part, language, data)
    if "back" in data:
        own = opened.own_part(language, part.id)
        typed = typed_of(own, language, "", typed.seen)
    elif data.get("use", "").isascii() and data.get("use", "").isdigit():
        waivers = waivers_of(opened.draft, opened.partnership)
        typed = with_fix(opened, language, part, typed, int(data["use"][:4]), waivers)
    edited = edited_of(opened, language, part, typed)
    if edited.faults:
        return _form(visit, opened, language, part, typed, edited.faults)
    try:
        done = _save(visit, opened, language, part, typed, edited)
    except EveryfamilyError as problem:
        return _form(visit, opened, language, part, typed, (Fault("words", problem.fact, problem.fix),))
    if isinstance(done, Conflict):
        values = conflict_values(opened, language, part, typed, done, visit.now)
        return visit.render("staff/letters/conflict.html", values, status=409)
    if isinstance(done, Refused):
        return _form(visit, opened, language, part, typed, faults_by_passage(part, language, done.faults))
    visit.say("Saved." if done.rows else "There was nothing to save: the words are the same.")
    after = _next(opened, language, part) if "next" in data else part.id
    return redirect("letter-write", opened.draft.reference, language, after)


def _save(visit: Visit, opened: Opened, language: str, part: LetterPart, typed: Typed, edited: Edited):  # type: ignore[no-untyped-def]
    return save_passages(
        opened.draft.id,
        language,
        part.id,
        edited.words,
        added=edited.added,
        why=typed.why,
        seen=typed.seen,
        by=visit.actor,
        now=visit.now,
    )


def _form(
    visit: Visit, opened: Opened, language: str, part: LetterPart, typed: Typed, faults: tuple[Fault, ...] = ()
) -> HttpResponseBase:
    waivers = waivers_of(opened.draft, opened.partnership)
    values = write_values(opened, language, part, typed, visit.now, waivers, faults)
    values["may_write"] = visit.held.may(Right.WRITE_LETTERS) and opened.draft.ended_at is None
    if language != "en":
        values |= translated_values(opened, language, part, typed, faults)
    template = "staff/letters/write.html" if language == "en" else "staff/letters/translate.html"
    return visit.render(template, values, status=422 if faults else 200)


def _part(opened: Opened, language: str, section: str) -> tuple[LetterPart, SectionNow]:
    now_there = section_now(opened.draft, language, section)
    if now_there is None:
        raise Http404
    return opened.part(language, section), now_there


def _next(opened: Opened, language: str, part: LetterPart) -> str:
    ids = [one.id for one in opened.parts_in(language)]
    at = ids.index(part.id) + 1
    return ids[at] if at < len(ids) else ids[0]
