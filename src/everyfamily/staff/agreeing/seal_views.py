"""Sealing a letter that everybody approved. A worker does it: the pages never have the sealing key."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.desk.of_site import has_site
from everyfamily.accounts.key_queries import every_key, keys_for_page
from everyfamily.accounts.queries import somebody_is
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right, Role
from everyfamily.core.work import WorkState
from everyfamily.letters.draft_queries.agreeing import sealing_of
from everyfamily.mailings.edges.letter_jobs import ask_seal
from everyfamily.staff.access import Visit, page
from everyfamily.staff.agreeing.endorsing import endorsements_of
from everyfamily.staff.agreeing.opened import Asked, asked_for, known
from everyfamily.staff.agreeing.pages import seal_waits_for
from everyfamily.staff.agreeing.who import bodies_said, reviewers_said

_AGAIN = 3
"""Seconds after which the page looks again."""


@page(Right.SEAL_LETTER)
def seal_page(visit: Visit, reference: str) -> HttpResponseBase:
    """Who is waited for, and the button; then how far it is."""
    asked = asked_for(known(reference))
    if asked is None:
        raise Http404
    if visit.request.method == "POST":
        return _asked(visit, asked)
    values = _values(visit, asked)
    response = visit.render("staff/agreeing/seal.html", values)
    if values["running"]:
        visit.look_again(response, _AGAIN)
    return response


def _asked(visit: Visit, asked: Asked) -> HttpResponseBase:
    try:
        if str(asked.version.number) != visit.request.POST.get("version", ""):
            problem = "The letter has another version now than the one on your page. Look at it again."
            return visit.render(
                "staff/agreeing/seal.html", _values(visit, asked) | {"problem": problem}, status=409
            )
        ask_seal(
            asked.version.id,
            needs_review=somebody_is(Role.REVIEWER),
            endorsements=endorsements_of(every_key()),
            by=visit.actor,
            now=visit.now,
        )
    except EveryfamilyError as found:
        values = _values(visit, asked) | {"problem": f"{found.fact} {found.fix}"}
        return visit.render("staff/agreeing/seal.html", values, status=409)
    return redirect("letter-seal", asked.draft.reference)


def _values(visit: Visit, asked: Asked) -> dict[str, Any]:
    today = visit.now.astimezone(LONDON).date()
    needs_review = somebody_is(Role.REVIEWER)
    progress = sealing_of(asked.version.id)
    is_sealed = asked.draft.is_sealed
    waits_for = seal_waits_for(asked, needs_review=needs_review)
    if asked.is_overtaken:
        waits_for = "The words changed, so these approvals count for nothing. The author sends the new words."
    return {
        "here": "letters",
        "reference": asked.draft.reference,
        "version": asked.version.number,
        "title": asked.letter.english.title.text,
        "term": asked.letter.term,
        "fingerprint": fingerprint(asked.version.digest),
        "who": list(bodies_said(asked, keys_for_page(visit.now, ""), today)),
        "reviews": list(reviewers_said(asked.reviews, today, needs_review=needs_review)),
        "waits_for": waits_for,
        "sealed": is_sealed,
        "has_site": has_site(),
        "running": progress is not None and progress.state in (WorkState.WAITING, WorkState.WORKING),
        "failed": progress.failed_fact if progress is not None and progress.state is WorkState.FAILED else "",
    }
