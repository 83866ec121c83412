"""The list of letters, and one that is begun."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.drafts import begin, begin_from
from everyfamily.letters.draft_queries.drafts import draft
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.begin_pages import begin_of, begin_values
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
        made = begin_of(data, visit.now)
        earlier = draft(made.earlier) if made.earlier is not None else None
        if earlier is not None and earlier.pack_id == made.pack_id:
            draft_id = begin_from(
                earlier.id, made.term, made.dated, reference=made.reference, by=visit.actor, now=visit.now
            )
        else:
            draft_id = begin(
                made.pack_id, made.term, made.dated, reference=made.reference, by=visit.actor, now=visit.now
            )
    except EveryfamilyError as problem:
        return visit.render("staff/letters/new.html", begin_values(visit.now, data.dict(), problem), status=422)
    begun = draft(draft_id)
    assert begun is not None
    visit.say("The letter is begun. Nobody is asked to approve it until you send it.")
    return redirect("letter", begun.reference)
