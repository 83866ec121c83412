"""What the pages of a body's keys show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from everyfamily.accounts.key_queries import keys_of_body
from everyfamily.accounts.queries import people_of
from everyfamily.core.agreement.enrolment import EnrolledKey, KeyState
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.bodies import Signatory
from everyfamily.core.partnership.new_key import key_table
from everyfamily.core.permissions import Held, Right, Role
from everyfamily.letters.files.key_lists import keys_that_count
from everyfamily.mailings.installation import clock
from everyfamily.partnership.queries import in_force
from everyfamily.staff.access import Visit

_TWO: Final = 2
"""People who sign for a body: one makes a key, and another confirms it."""
SAID: Final[Mapping[KeyState, str]] = {
    KeyState.WAITS: "Waits for a second person",
    KeyState.CONFIRMED: "Confirmed, and does not count yet",
    KeyState.COUNTS: "Counts",
    KeyState.ENDED: "Ended",
}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key, how far it is, and what whoever looks may do about it."""

    key: EnrolledKey
    state: KeyState
    is_mine: bool

    @property
    def said(self) -> str:
        """How far it is, in words."""
        return SAID[self.state]

    @property
    def may_confirm(self) -> bool:
        """Whether whoever looks would be the second person."""
        return self.state is KeyState.WAITS and not self.is_mine


def body_of(held: Held) -> str:
    """The body for which somebody approves. One person never signs for two. Empty if for none."""
    return next((one.body or "" for one in held.standings if Right.APPROVE_LETTER in one.rights), "")


def signatories() -> dict[str, Signatory]:
    """Who signs by the settings in force, by id. Empty if no settings can be used."""
    try:
        found = in_force()
    except EveryfamilyError:
        return {}
    return {one.id: one for one in found.partnership.signatories} if found is not None else {}


def keys_values(visit: Visit) -> dict[str, Any]:
    """The keys of the visitor's body."""
    body = body_of(visit.held)
    who = signatories().get(body)
    rows = [key_row(key, who, visit.account) for key in keys_of_body(body)]
    return {
        "here": "letters",
        "organisation": who.organisation if who is not None else body,
        "rows": [one for one in rows if one.state is not KeyState.ENDED],
        "ended": [one for one in rows if one.state is KeyState.ENDED],
        "files": [one for one in who.keys if not one.is_passkey] if who is not None else [],
    }


def key_values(key: EnrolledKey, visit: Visit, problem: str = "") -> dict[str, Any]:
    """One key of the visitor's body, with what went wrong."""
    who = signatories().get(key.signatory)
    return {
        "here": "letters",
        "organisation": who.organisation if who is not None else key.signatory,
        "row": key_row(key, who, visit.account),
        "is_alone": sum(one.body == key.signatory for one in people_of(Role.SIGNATORY)) < _TWO,
        "lines": key_table(key.key),
        "problem": problem,
    }


def new_key_values(visit: Visit, options: Mapping[str, Any], label: str, problem: str) -> dict[str, Any]:
    """The form for a new key. `options` are what the browser is asked."""
    body = body_of(visit.held)
    who = signatories().get(body)
    return {
        "here": "letters",
        "organisation": who.organisation if who is not None else body,
        "options": options,
        "label": label,
        "problems": [problem] if problem else [],
    }


def key_row(key: EnrolledKey, who: Signatory | None, account: int) -> KeyRow:
    """A key as `who`, by the settings in force, and this account see it."""
    is_named = who is not None and key.key in who.keys
    return KeyRow(key, key.state(is_named=is_named and _may_count(key)), key.account == account)


def _may_count(key: EnrolledKey) -> bool:
    """Whether the signed list of keys has it, if the settings name a list. A list that cannot be read has no key."""
    try:
        counting = keys_that_count(settings.EVERYFAMILY_SIGNATORY_KEYS_FILE, clock.now())
    except EveryfamilyError:
        return False
    return counting is None or key.key in counting.get(key.signatory, ())
