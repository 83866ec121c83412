"""The list of letters, and one that is begun."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.letters.actions.drafts import begin, begin_from, begin_from_sealed
from everyfamily.letters.draft_queries.drafts import DraftFacts, draft
from everyfamily.letters.queries import letters_in_brief
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.begin_pages import Begin, begin_of, begin_values
from everyfamily.staff.letters.list_pages import list_values
from everyfamily.staff.letters.opened import letter_page


@letter_page(Right.SEE_LETTERS)
def letters_page(visit: Visit) -> HttpResponseBase:
    """Every letter that is being written, sealed or withdrawn."""
    return visit.render("staff/letters/letters.html", list_values(visit.now))


@letter_page(Right.WRITE_LETTERS)
def new_page(visit: Visit) -> HttpResponseBase:
    """Begin a letter of the plan, in the pack's words or in those of an earlier letter."""
    if visit.request.method != "POST":
        return visit.render("staff/letters/new.html", begin_values(visit.now, visit.request.GET.dict()))
    data = visit.request.POST
    try:
        begun, lost = _begin(begin_of(data, visit.now), visit)
    except EveryfamilyError as problem:
        return visit.render("staff/letters/new.html", begin_values(visit.now, data.dict(), problem), status=422)
    left = f" Left out, because the pack has no place for it now: {of(lost, 'passage')}." if lost else ""
    visit.say(f"The letter is begun. Nobody is asked to approve it until you send it.{left}")
    return redirect("letter", begun.reference)


def _begin(made: Begin, visit: Visit) -> tuple[DraftFacts, int]:
    """Begin it: the draft, and how many passages of a sealed letter could not be taken over."""
    earlier = draft(made.earlier) if made.earlier is not None else None
    sealed = next((one for one in letters_in_brief() if one.id == made.sealed), None)
    asked: dict[str, Any] = {"reference": made.reference, "by": visit.actor, "now": visit.now}
    lost = 0
    if earlier is not None and earlier.pack_id == made.pack_id:
        draft_id = begin_from(earlier.id, made.term, made.dated, **asked)
    elif sealed is not None and sealed.topic == made.pack_id:
        draft_id, lost = begin_from_sealed(sealed.id, made.term, made.dated, **asked)
    else:
        draft_id = begin(made.pack_id, made.term, made.dated, **asked)
    begun = draft(draft_id)
    assert begun is not None
    return begun, lost
