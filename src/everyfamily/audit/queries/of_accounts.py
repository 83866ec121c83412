"""What was done about the accounts of one school.

It is in the partnership's trail, because one account may be at several schools, and is picked out here by what it was
done to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from everyfamily.audit.models import AuditEvent
from everyfamily.audit.queries.events import NEWEST_FIRST, Event, read_events


@dataclass(frozen=True, slots=True)
class AccountsThere:
    """The rows of accounts that are a school's: its invitations, roles that anybody had, and who has one now."""

    school_id: int
    invitations: Collection[int]
    memberships: Collection[int]
    accounts: Collection[int]


def events_of_accounts(there: AccountsThere, *, limit: int = 20) -> list[Event]:
    """The newest events, the newest first. Their `detail` may name other schools: show only who, what and when."""
    wanted = (
        Q(subject_type="school", subject_id=str(there.school_id))
        & Q(
            action__in=(
                "school invited",
                "school invitation cancelled",
                "school code asked for",
                "school confirmed",
            )
        )
        | Q(subject_type="invitation", subject_id__in=_words(there.invitations))
        | Q(action="invitation accepted", detail__school=there.school_id)
        | Q(action="role ended", detail__membership__in=list(there.memberships))
        | Q(action__in=("reset asked for", "reset cancelled"), detail__schools__contains=there.school_id)
        | Q(
            action__in=("let in again", "link sent again", "came in again"), subject_id__in=_words(there.accounts)
        )
    )
    found = AuditEvent.objects.filter(wanted, school_id=None)
    return read_events(found.order_by(*NEWEST_FIRST)[:limit])


def _words(ids: Collection[int]) -> list[str]:
    return [str(one) for one in ids]
