"""Keys that a body has confirmed, for those who change the settings: before these name a key, it approves nothing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.key_queries import every_key
from everyfamily.accounts.queries import who_watches
from everyfamily.core.agreement.enrolment import EnrolledKey
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.new_key import with_new_key
from everyfamily.core.partnership.versions import partnership_of
from everyfamily.core.permissions import Right
from everyfamily.partnership.actions import propose
from everyfamily.partnership.queries import in_force
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.agreeing.key_pages import signatories


@page(Right.SEE_SETTINGS)
def settings_keys_page(visit: Visit) -> HttpResponseBase:
    """The keys that are confirmed, and which of them the settings do not name."""
    return visit.render("staff/agreeing/settings_keys.html", _values(visit))


@page(Right.CHANGE_SETTINGS)
@posted
def propose_key(visit: Visit, key_id: int) -> HttpResponseBase:
    """Ask for a key to be put into the settings. A second person puts it in force, because it changes who signs."""
    key, found = next((one for one in _confirmed() if one.id == key_id), None), in_force()
    who = (
        next((one for one in found.partnership.signatories if key and one.id == key.signatory), None)
        if found
        else None
    )
    if key is None or found is None or who is None:
        raise Http404
    try:
        files = with_new_key(found.files, who, key.key)
        asked = propose(files, partnership_of(files), visit.actor, visit.now, watch=who_watches())
        return redirect("settings-proposal", asked)
    except EveryfamilyError as problem:
        values = _values(visit) | {"problem": f"{problem.fact} {problem.fix}"}
        return visit.render("staff/agreeing/settings_keys.html", values, status=409)


def _values(visit: Visit) -> dict[str, Any]:
    named = signatories()
    rows = [
        (key, who.organisation, key.key in who.keys)
        for key in _confirmed()
        if (who := named.get(key.signatory)) is not None
    ]
    return {
        "here": "settings",
        "may_change": visit.held.may(Right.CHANGE_SETTINGS),
        "wait": [(key, organisation) for key, organisation, is_named in rows if not is_named],
        "named": [(key, organisation) for key, organisation, is_named in rows if is_named],
    }


def _confirmed() -> list[EnrolledKey]:
    return [one for one in every_key() if one.confirmed_at is not None]
