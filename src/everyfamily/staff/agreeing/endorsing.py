"""A passkey of a body that counts signs a further one, so that it counts before the list of keys is signed again.

With a key file, a command does the same.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.actions.signatory_keys import keep_endorsement
from everyfamily.accounts.key_queries import keys_of_body, signatory_key
from everyfamily.core.agreement.endorsements import (
    Endorsement,
    EndorsementNotReadable,
    KeyToEndorse,
    endorsement_bytes,
)
from everyfamily.core.agreement.enrolment import EnrolledKey
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.bodies import Signatory
from everyfamily.core.permissions import Right
from everyfamily.partnership.queries import in_force
from everyfamily.staff.access import Visit, page
from everyfamily.staff.agreeing.key_pages import body_of
from everyfamily.staff.agreeing.moments import require_shown, shown_at, used


@page(Right.CONFIRM_KEY, anywhere=True)
def endorse_page(visit: Visit, key_id: int) -> HttpResponseBase:
    """Let a confirmed key of one's body count, with a key that counts already."""
    key = signatory_key(key_id)
    if (
        key is None
        or key.signatory != body_of(visit.held)
        or key.confirmed_at is None
        or key.ended_at is not None
    ):
        raise Http404
    if visit.request.method != "POST":
        return visit.render("staff/agreeing/endorse.html", _values(visit, key))
    try:
        what, who = _what(key)
        given = _signed(visit, key, what, who)
        keep_endorsement(key.id, given, what=what, counting=who.keys, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        values = _values(visit, key) | {"problem": f"{problem.fact} {problem.fix}"}
        return visit.render("staff/agreeing/endorse.html", values, status=409)
    used(visit.request, _moment(key))
    visit.say(
        "The key is endorsed. A letter that is sealed here takes what it approved, if the settings name it."
    )
    return redirect("approval-key", key.id)


def _what(key: EnrolledKey) -> tuple[KeyToEndorse, Signatory]:
    """What is endorsed, and the signatory by the settings in force. Raises EndorsementNotReadable without them."""
    found = in_force()
    partnership = found.partnership if found is not None else None
    who = next((one for one in partnership.signatories if one.id == key.signatory), None) if partnership else None
    if partnership is None or who is None:
        raise EndorsementNotReadable("The settings do not name your body.", "Ask your administrator.")
    return KeyToEndorse(partnership.name, who.body, who.id, key.key), who


def _signed(visit: Visit, key: EnrolledKey, what: KeyToEndorse, who: Signatory) -> Endorsement:
    """What the visitor's own passkey signed on the page. Nothing is proven here."""
    form = visit.request.POST
    at = require_shown(visit.request, _moment(key), visit.now)
    parts = [form.get(name, "") for name in ("signature", "authenticator_data", "client_data")]
    made = [Endorsement(what, one.key, at, *parts) for one in _own_keys(visit, key, who)]
    if not made:
        raise EndorsementNotReadable("None of your own passkeys counts.", "Ask a colleague, or use a key file.")
    # Which of somebody's passkeys signed, only its signature says.
    return next((one for one in made if one.is_good()), made[0])


def _own_keys(visit: Visit, key: EnrolledKey, who: Signatory) -> list[EnrolledKey]:
    """The visitor's passkeys that the settings name, other than the one that is endorsed."""
    every = keys_of_body(key.signatory)
    return [
        one
        for one in every
        if one.account == visit.account and one.ended_at is None and one.id != key.id and one.key in who.keys
    ]


def _moment(key: EnrolledKey) -> str:
    return f"key {key.id}"


def _values(visit: Visit, key: EnrolledKey) -> dict[str, Any]:
    values: dict[str, Any] = {"here": "letters", "key": key, "label": key.key.label}
    try:
        what, who = _what(key)
    except EveryfamilyError as problem:
        return values | {"problem": f"{problem.fact} {problem.fix}"}
    own = _own_keys(visit, key, who)
    at = shown_at(visit.request, _moment(key), key.key.fingerprint, visit.now)
    return values | {
        "keys": " ".join(one.credential_id for one in own),
        "site": own[0].key.rp_id if own else "",
        "digest": key.key.fingerprint,
        "at": at,
        "words": endorsement_bytes(what, at).decode(),
    }


def endorsements_of(keys: list[EnrolledKey]) -> list[Endorsement]:
    """The endorsements of keys, for the seal, which proves each of them again."""
    return [Endorsement.from_json(one.endorsement) for one in keys if one.endorsement]
