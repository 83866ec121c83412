"""The passkeys with which a body approves: made by one of its people, confirmed by another."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.actions.signatory_keys import add_key, confirm_key, end_key
from everyfamily.accounts.key_queries import keys_of_body, signatory_key
from everyfamily.accounts.queries import in_hand_since
from everyfamily.core.agreement.enrolment import EnrolledKey
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.passkeys import tidy_name
from everyfamily.core.permissions import Right
from everyfamily.staff.access import Visit, page
from everyfamily.staff.agreeing.key_pages import body_of, key_values, keys_values, new_key_values
from everyfamily.staff.agreeing.making_keys import begin, complete


@page(Right.CONFIRM_KEY, anywhere=True)
def keys_page(visit: Visit) -> HttpResponseBase:
    """The keys of the visitor's body: how far each is, and what can be done."""
    return visit.render("staff/agreeing/keys.html", keys_values(visit))


@page(Right.APPROVE_LETTER, anywhere=True)
def new_key_page(visit: Visit) -> HttpResponseBase:
    """Make a passkey for approving."""
    body, problem, status = body_of(visit.held), "", 200
    label = tidy_name(visit.request.POST.get("name", ""), "Passkey")
    if visit.request.method == "POST":
        try:
            made = complete(visit.request, body, visit.request.POST.get("credential", ""), label)
            key_id = add_key(body=body, made=made, by=visit.actor, now=visit.now)
            return redirect("approval-key", key_id)
        except EveryfamilyError as found:
            problem, status = f"{found.fact} {found.fix}", 422
    options = begin(visit.request, body, keys_of_body(body))
    return visit.render(
        "staff/agreeing/key_new.html", new_key_values(visit, options, label, problem), status=status
    )


@page(Right.CONFIRM_KEY, anywhere=True)
def key_page(visit: Visit, key_id: int) -> HttpResponseBase:
    """One key with its fingerprint, to be compared by phone."""
    return visit.render("staff/agreeing/key.html", key_values(_key(visit, key_id), visit))


@page(Right.CONFIRM_KEY, anywhere=True)
def confirm_page(visit: Visit, key_id: int) -> HttpResponseBase:
    """Say as the second person that the fingerprint was compared."""
    key = _key(visit, key_id)
    if visit.request.method != "POST":
        return redirect("approval-key", key.id)
    try:
        since = in_hand_since(visit.account)
        confirm_key(key.id, body=key.signatory, in_hand_since=since, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        values = key_values(_key(visit, key_id), visit, f"{problem.fact} {problem.fix}")
        return visit.render("staff/agreeing/key.html", values, status=409)
    visit.say("You confirmed the key.")
    return redirect("approval-keys")


@page(Right.CONFIRM_KEY, anywhere=True)
def end_page(visit: Visit, key_id: int) -> HttpResponseBase:
    """End a key of one's body."""
    key = _key(visit, key_id)
    if visit.request.method != "POST":
        return redirect("approval-key", key.id)
    try:
        end_key(key.id, body=key.signatory, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        values = key_values(_key(visit, key_id), visit, f"{problem.fact} {problem.fix}")
        return visit.render("staff/agreeing/key.html", values, status=409)
    visit.say("The key has ended.")
    return redirect("approval-keys")


def _key(visit: Visit, key_id: int) -> EnrolledKey:
    found = signatory_key(key_id)
    if found is None or found.signatory != body_of(visit.held):
        raise Http404
    return found
