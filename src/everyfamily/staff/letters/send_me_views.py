"""A letter that is being written is sent to the account's own address, in the ways and languages that are ticked."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.desk.drafts_by_mail import ask_for_draft_by_mail
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.draft_ways import ways_of
from everyfamily.core.permissions import Right
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.opened import Opened, draft_page
from everyfamily.staff.letters.send_me_pages import languages_in, send_me_values


@draft_page(Right.SEE_LETTERS)
def send_me_page(visit: Visit, opened: Opened) -> HttpResponseBase:
    """The form. A POST sends the letter to the account's own address, and to nobody else."""
    if visit.request.method == "POST":
        return _send(visit, opened)
    values = send_me_values(opened, visit)
    answer = visit.render("staff/letters/send_me.html", values)
    became = values["became"]
    if became is not None and became.is_under_way and not became.is_late:
        visit.look_again(answer, 5)
    return answer


def _send(visit: Visit, opened: Opened) -> HttpResponseBase:
    data, draft = visit.request.POST, opened.draft
    ways = [way for way in ways_of(opened.letter) if way in data.getlist("way")]
    languages = [tag for tag in languages_in(opened) if tag in data.getlist("language")]
    try:
        is_queued = ask_for_draft_by_mail(
            draft.reference, draft.id, ways, languages, by=visit.actor, now=visit.now
        )
    except EveryfamilyError as problem:
        values = send_me_values(opened, visit, ways, languages, problem)
        return visit.render("staff/letters/send_me.html", values, status=422)
    if not is_queued:
        visit.say("What you asked for before is still on its way. Ask again when it has come.")
    return redirect("letter-send-me", draft.reference)
