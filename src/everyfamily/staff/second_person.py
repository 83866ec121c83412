"""Who may be the second person: settled, another account with another mailbox, while the first may still ask for it."""

from __future__ import annotations

from everyfamily.accounts.queries import account_by_id, held_of, in_hand_since
from everyfamily.core.agreement.two_people import AnotherPersonNeeded
from everyfamily.core.permissions import Right
from everyfamily.core.roles_together import require_settled
from everyfamily.staff.access import Visit


def require_second(visit: Visit, asked_account: int | None, asked_by: str, right: Right) -> None:
    """Raise NotYetSettled, or AnotherPersonNeeded: for two accounts of one person, and for somebody who asked and may
    not do so any more. What was asked on the machine itself has a name, and no account."""
    require_settled(in_hand_since(visit.account), visit.now)
    if asked_account is None:
        if asked_by.casefold() == visit.name.casefold():
            raise AnotherPersonNeeded(
                "You asked for this yourself, by a command.", "Ask a colleague who may do it too."
            )
        return
    asked = account_by_id(asked_account)
    if asked is None or not held_of(asked.pk).in_partnership(right):
        raise AnotherPersonNeeded(
            f"{asked_by} may not ask for this any more, so it would be only yours.",
            "Take it back, ask for it yourself, and have a colleague agree.",
        )
    if asked.pk == visit.account or _mailbox(asked.email) == _mailbox(visit.email):
        raise AnotherPersonNeeded(
            "Both accounts are one person’s, because they have the same mailbox.",
            "Ask a colleague who may do it too.",
        )


def _mailbox(address: str) -> str:
    """Without what is written after a plus: it arrives in the same inbox."""
    name, _, host = address.casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"
