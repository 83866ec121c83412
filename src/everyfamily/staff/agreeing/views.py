"""A letter that was sent for approval: read it, review it, and approve it with a passkey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.key_queries import keys_of_body
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.enrolment import require_not_ended
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right, role_name
from everyfamily.letters.actions.approving import note_seen, receive_approval
from everyfamily.letters.actions.reviewing import ask_for_change, say_reviewed
from everyfamily.letters.draft_queries.drafts import DraftFacts
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.agreeing.key_pages import body_of
from everyfamily.staff.agreeing.moments import signed_approval, used
from everyfamily.staff.agreeing.opened import Asked, asked_for, known
from everyfamily.staff.agreeing.pages import approve_values

_LOOKED = "looked at"
"""In the session: versions that this session has looked at, so that it is written down once."""


@page(Right.SEE_LETTERS, anywhere=True)
def approve_page(visit: Visit, reference: str) -> HttpResponseBase:
    """The words that were sent for approval, what changed in them, and what whoever looks may do."""
    draft = known(reference)
    asked = asked_for(draft)
    if asked is None:
        return visit.render("staff/agreeing/not_asked.html", {"here": "letters", "reference": draft.reference})
    _note_look(visit, asked)
    return _shown(visit, asked)


@page(Right.APPROVE_LETTER, anywhere=True)
@posted
def sign_page(visit: Visit, reference: str) -> HttpResponseBase:
    """What a passkey signed on the page."""
    asked = _same_version(visit, reference)
    if asked is None:
        return _moved_on(visit, known(reference))
    body = body_of(visit.held)
    try:
        approval = signed_approval(visit.request, reference, body, asked.moment, visit.now)
        require_not_ended(asked.key_of(approval), keys_of_body(body))
        receive_approval(asked.version.id, approval, by=for_body(visit), now=visit.now)
    except EveryfamilyError as problem:
        return again(visit, known(reference), problem=f"{problem.fact} {problem.fix}")
    used(visit.request, asked.moment)
    return redirect("letter-approved", reference)


@page(Right.REVIEW_LETTER)
@posted
def review_page(visit: Visit, reference: str) -> HttpResponseBase:
    """A reviewer says that the words were reviewed."""
    return _said(visit, reference, lambda frozen_id, by: say_reviewed(frozen_id, by=by, now=visit.now))


@page(Right.REVIEW_LETTER)
@posted
def change_page(visit: Visit, reference: str) -> HttpResponseBase:
    """A reviewer asks for a change, which keeps these words from being sealed until the same person reviewed them."""
    words = visit.request.POST.get("words", "")

    def ask(frozen_id: int, by: Actor) -> None:
        ask_for_change(frozen_id, words, by=by, now=visit.now)

    return _said(visit, reference, ask, field="change", typed=words)


def _said(
    visit: Visit, reference: str, say: Callable[[int, Actor], None], *, field: str = "", typed: str = ""
) -> HttpResponseBase:
    """Somebody said something of the version on their page. If the letter has another one now, it counts for none."""
    asked = _same_version(visit, reference)
    if asked is None:
        return _moved_on(visit, known(reference), **({f"{field}_typed": typed} if field else {}))
    try:
        say(asked.version.id, for_body(visit))
    except EveryfamilyError as problem:
        said = f"{problem.fact} {problem.fix}"
        more = {f"{field}_problem": said, f"{field}_typed": typed} if field else {"problem": said}
        return again(visit, known(reference), **more)
    visit.say("It is written down. The author sees it.")
    return redirect("letter-approve", reference)


def _same_version(visit: Visit, reference: str) -> Asked | None:
    """The newest version, if it is the one of the form. None if the letter has another one now."""
    asked = asked_for(known(reference))
    if asked is None or str(asked.version.number) != visit.request.POST.get("version", ""):
        return None
    return asked


def _moved_on(visit: Visit, draft: DraftFacts, **more: Any) -> HttpResponseBase:
    said = "The letter has other words now than those on your page, so nothing was written down. What changed is below."
    return again(visit, draft, problem=said, **more)


def again(visit: Visit, draft: DraftFacts, **more: Any) -> HttpResponseBase:
    """The page as it is now, with what went wrong and what was typed."""
    asked = asked_for(draft)
    if asked is None:
        raise Http404
    return _shown(visit, asked, status=409 if more.get("problem") else 422, **more)


def _shown(visit: Visit, asked: Asked, *, status: int = 200, **more: Any) -> HttpResponseBase:
    values = approve_values(visit, asked, is_sealed=asked.draft.is_sealed, **more)
    return visit.render("staff/agreeing/approve.html", values, status=status)


def _note_look(visit: Visit, asked: Asked) -> None:
    looked = visit.request.session.get(_LOOKED, [])
    if asked.version.id not in looked:
        note_seen(asked.version.id, account=visit.account, now=visit.now)
        visit.request.session[_LOOKED] = [*looked, asked.version.id][-20:]


def for_body(visit: Visit) -> Actor:
    """Whoever acts, with the role and the body in which they do."""
    roles = [one for one in visit.held.standings if Right.LEAVE_NOTES in one.rights]
    return replace(visit.actor, role=role_name(roles[0].role), body=roles[0].body or "") if roles else visit.actor
