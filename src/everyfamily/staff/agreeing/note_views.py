"""Leave a note on a letter, read all of them, and say that one is settled."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.reviewing import leave_note, settle_note
from everyfamily.letters.draft_queries.notes import note_on
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.agreeing.notes import may_settle, notes_values
from everyfamily.staff.agreeing.opened import known
from everyfamily.staff.agreeing.views import again, for_body


@page(Right.SEE_LETTERS, anywhere=True)
def notes_page(visit: Visit, reference: str) -> HttpResponseBase:
    """Every note on a letter, a part of them at a time."""
    return visit.render("staff/agreeing/all_notes.html", notes_values(visit, known(reference)))


@page(Right.LEAVE_NOTES, anywhere=True)
@posted
def note_page(visit: Visit, reference: str) -> HttpResponseBase:
    """Leave a note."""
    draft, text = known(reference), visit.request.POST.get("text", "")
    section = visit.request.POST.get("section", "")[:80]
    try:
        leave_note(draft.id, text, passage=section, by=for_body(visit), now=visit.now)
    except EveryfamilyError as problem:
        more = {"note_problem": f"{problem.fact} {problem.fix}", "note_typed": text, "note_section": section}
        return again(visit, draft, **more)
    visit.say("Your note is there. Everybody who works on the letter sees it.")
    return redirect("letter-approve", reference)


@page(Right.LEAVE_NOTES, anywhere=True)
@posted
def settle_page(visit: Visit, reference: str, note_id: int) -> HttpResponseBase:
    """An author, or the person who left it, says that a note needs no more work."""
    draft = known(reference)
    note = note_on(draft.id, note_id)
    if note is None:
        raise Http404
    if not may_settle(visit, note):
        return visit.refuse(Right.WRITE_LETTERS)
    try:
        settle_note(note_id, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        return again(visit, draft, problem=f"{problem.fact} {problem.fix}")
    return redirect("letter-approve", reference)
