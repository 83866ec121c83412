"""One part of a letter: read it, write it, have it checked while writing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import LetterPart
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.passages import Conflict, Refused, save_passages
from everyfamily.letters.draft_queries.words import SectionNow, section_now
from everyfamily.staff.access import Visit, posted
from everyfamily.staff.letters.editing import (
    Fault,
    Typed,
    edited_of,
    faults_by_passage,
    typed_in,
    typed_of,
    unsaved,
    with_additions,
)
from everyfamily.staff.letters.findings import find
from everyfamily.staff.letters.language_pages import translated_values
from everyfamily.staff.letters.opened import Opened, draft_page
from everyfamily.staff.letters.standing import waivers_of
from everyfamily.staff.letters.using import with_fix
from everyfamily.staff.letters.write_pages import checked_values, conflict_values, why_of, write_values


@dataclass(frozen=True, slots=True)
class _Desk:
    """What somebody has open: a part of a letter in one language, as it is in the tables."""

    visit: Visit
    opened: Opened
    language: str
    part: LetterPart
    at: SectionNow

    def form(self, typed: Typed, faults: tuple[Fault, ...] = ()) -> HttpResponseBase:
        """The page with this in its form."""
        opened, language, part = self.opened, self.language, self.part
        waivers = waivers_of(opened)
        values = write_values(opened, language, part, typed, self.at, self.visit.now, waivers, faults)
        values["may_write"] = self.visit.held.may(Right.WRITE_LETTERS) and opened.draft.ended_at is None
        if language != "en":
            values |= translated_values(opened, language, part, typed, faults)
        template = "staff/letters/write.html" if language == "en" else "staff/letters/translate.html"
        return self.visit.render(template, values, status=422 if faults else 200)


def _desk(visit: Visit, opened: Opened, language: str, section: str) -> _Desk:
    at = section_now(opened.draft, language, section)
    if at is None:
        raise Http404
    part = with_additions(opened, language, opened.part(language, section))
    return _Desk(visit, opened, language, part, at)


@draft_page(Right.SEE_LETTERS)
def write_page(visit: Visit, opened: Opened, language: str, section: str) -> HttpResponseBase:
    """The words of a part. A POST saves them, and nothing is lost if it does not."""
    desk = _desk(visit, opened, language, section)
    if visit.request.method != "POST":
        return desk.form(typed_of(desk.part, language, why_of(desk.at), desk.at.seen))
    if not visit.held.may(Right.WRITE_LETTERS):
        return visit.refuse(Right.WRITE_LETTERS)
    return _write(desk, _typed(desk))


@draft_page(Right.WRITE_LETTERS)
@posted
def check_page(visit: Visit, opened: Opened, language: str, section: str) -> HttpResponseBase:
    """What would be found in words that nobody has saved: a fragment for the page that they are written on."""
    part = _desk(visit, opened, language, section).part
    edited = edited_of(opened, language, part, typed_in(part, language, visit.request.POST))
    faults, after = edited.faults, opened
    if not faults:
        try:
            after = unsaved(opened, language, edited)
        except EveryfamilyError as problem:
            faults = (Fault("words", problem.fact, problem.fix),)
    found = find(after, waivers_of(opened), is_set=False)
    values = checked_values(after, language, after.part(language, section), found, faults)
    return visit.render("staff/letters/checked.html", values, status=422 if faults else 200)


def _typed(desk: _Desk) -> Typed:
    """What the form says: its words, those that a finding offers, or the pack's."""
    data = desk.visit.request.POST
    typed = typed_in(desk.part, desk.language, data)
    if "back" in data:
        return typed_of(desk.opened.own_part(desk.language, desk.part.id), desk.language, "", typed.seen)
    number = data.get("use", "")
    if number.isascii() and number.isdigit():
        waivers = waivers_of(desk.opened)
        return with_fix(desk.opened, desk.language, desk.part, typed, int(number[:4]), waivers)
    return typed


def _write(desk: _Desk, typed: Typed) -> HttpResponseBase:
    """Save it, or the page with what keeps it from being saved."""
    visit, opened, language, part = desk.visit, desk.opened, desk.language, desk.part
    edited = edited_of(opened, language, part, typed)
    if edited.faults:
        return desk.form(typed, edited.faults)
    try:
        done = save_passages(
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
    except EveryfamilyError as problem:
        return desk.form(typed, (Fault("words", problem.fact, problem.fix),))
    if isinstance(done, Conflict):
        values = conflict_values(opened, language, part, typed, done, visit.now)
        return visit.render("staff/letters/conflict.html", values, status=409)
    if isinstance(done, Refused):
        return desk.form(typed, faults_by_passage(part, language, done.faults))
    visit.say("Saved." if done.rows else "There was nothing to save: the words are the same.")
    after = _next(opened, language, part) if "next" in visit.request.POST else part.id
    return redirect("letter-write", opened.draft.reference, language, after)


def _next(opened: Opened, language: str, part: LetterPart) -> str:
    ids = [one.id for one in opened.parts_in(language)]
    at = ids.index(part.id) + 1
    return ids[at] if at < len(ids) else ids[0]
