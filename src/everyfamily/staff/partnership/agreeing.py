"""Putting a change of the settings in force: for what takes two people, who the second one may be."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from everyfamily.accounts.queries import who_watches
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.guards.route_checks import route_is_good
from everyfamily.partnership.actions import put_in_force
from everyfamily.partnership.queries import ProposalFacts, in_force
from everyfamily.staff.access import Visit
from everyfamily.staff.second_person import require_second


def agree(visit: Visit, proposal: ProposalFacts, tried: Collection[str]) -> None:
    """Put it in force. What the second person rang is signed by them too.

    Raises what `put_in_force` and `require_second` raise.
    """
    with transaction.atomic():
        agreed = put_in_force(proposal.id, visit.actor, visit.now, watch=who_watches(), tried=tried)
        # Also if it takes two only since a letter was sealed, after it was asked for.
        if proposal.asked_account != visit.account and (proposal.needs_second or agreed):
            require_second(visit, proposal.asked_account, proposal.asked_by, Right.CHANGE_SETTINGS)
    found = in_force()
    for change in agreed:
        if found is not None and change.row and change.key in ("number", "url"):
            route_is_good(found.partnership.route(change.row), by=visit.actor, now=visit.now, note="")
