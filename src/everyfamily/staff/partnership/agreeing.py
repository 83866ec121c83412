"""Putting a change of the settings in force: for what takes two people, who the second one may be."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from everyfamily.accounts.queries import account_by_id, held_of, in_hand_since, who_watches
from everyfamily.core.permissions import Right
from everyfamily.core.roles_together import require_settled
from everyfamily.mailings.actions.guards.route_checks import route_is_good
from everyfamily.partnership.actions import SecondPersonNeeded, put_in_force
from everyfamily.partnership.queries import ProposalFacts, in_force
from everyfamily.staff.access import Visit


def agree(visit: Visit, proposal: ProposalFacts, tried: Collection[str]) -> None:
    """Put it in force. What the second person rang is signed by them too.

    Raises what `put_in_force` raises, NotYetSettled, and SecondPersonNeeded also for two accounts of one person and for
    somebody who asked and may not change the settings any more.
    """
    with transaction.atomic():
        agreed = put_in_force(proposal.id, visit.actor, visit.now, watch=who_watches(), tried=tried)
        # Also if it takes two only since a letter was sealed, after it was asked for.
        if proposal.asked_account != visit.account and (proposal.needs_second or agreed):
            require_settled(in_hand_since(visit.account), visit.now)
            _require_two_people(visit, proposal)
    found = in_force()
    for change in agreed:
        if found is not None and change.row and change.key in ("number", "url"):
            route_is_good(found.partnership.route(change.row), by=visit.actor, now=visit.now, note="")


def _require_two_people(visit: Visit, proposal: ProposalFacts) -> None:
    asked = account_by_id(proposal.asked_account) if proposal.asked_account is not None else None
    if asked is None or not held_of(asked.pk).may(Right.CHANGE_SETTINGS):
        raise SecondPersonNeeded(
            f"{proposal.asked_by} may not change the settings any more, so this would be only yours.",
            "Cancel it, ask for it yourself, and have a colleague agree.",
        )
    if _mailbox(asked.email) == _mailbox(visit.email):
        raise SecondPersonNeeded(
            "Both accounts have the same mailbox, so they are one person.",
            "Ask a colleague who may change the settings.",
        )


def _mailbox(address: str) -> str:
    """Without what is written after a plus: it arrives in the same inbox."""
    name, _, host = address.casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"
