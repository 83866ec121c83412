"""What accounts should know: what happened to letters, mailings and their own roles, and what each has dismissed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value

from everyfamily.accounts.desk.gathering import KNOWN_FOR, Gathered
from everyfamily.accounts.models import Invitation, Membership, NoticeSeen
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.desk.notices import Notice, NoticeKind
from everyfamily.core.permissions import Role, role_name
from everyfamily.mailings.queries.across import StopOfMailing, Withdrawn

_WITH_THE_ACCOUNT = timedelta(minutes=5)


def notices_of_mailings(found: Gathered) -> Iterator[Notice]:
    """What happened to letters, mailings and keys that approve, for those it concerns."""
    yield from found.told
    yield from (_withdrawn(one) for one in found.news.withdrawn)
    yield from (_stopped(one) for one in found.news.stops if one.kind != "paused")


def notices_of_accounts(now: datetime) -> Iterator[Notice]:
    """What happened to the roles of every account, and who was let in again, in one read."""
    roles, again = _news_of_accounts(now)
    return _as_notices(roles.union(again, all=True))


def own_news(account: int, now: datetime) -> tuple[list[Notice], frozenset[str]]:
    """What happened to one account, and keys of the notices that it has dismissed, in one read."""
    roles, again = (rows.filter(account_id=account) for rows in _news_of_accounts(now))
    seen = _rows(NoticeSeen.objects.filter(account_id=account), "seen", "key", "at", "key")
    found = list(roles.union(again, seen, all=True))
    dismissed = frozenset(row[3] for row in found if row[0] == "seen")
    return list(_as_notices(row for row in found if row[0] != "seen")), dismissed


def _news_of_accounts(now: datetime) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    since = now - KNOWN_FOR
    # A role that came with the account itself is no news to whoever just accepted it.
    later = F("account__made_at") + _WITH_THE_ACCOUNT
    roles = Membership.objects.filter(given_at__gte=since, given_at__gt=later, ended_at=None)
    again = Invitation.objects.filter(invited_at__gte=since, cancelled_at=None).exclude(account=None)
    return (
        _rows(roles, "role", "role", "given_at", "given_by"),
        _rows(again, "again", "role", "invited_at", "invited_by"),
    )


def _rows(found: QuerySet[Any], what: str, text: str, at: str, by: str) -> QuerySet[Any, Any]:
    return found.values_list(Value(what), "id", "account_id", text, at, by)


def _as_notices(rows: Iterable[tuple[Any, ...]]) -> Iterator[Notice]:
    for what, key, account, text, at, by in rows:
        yield (
            _role_given(key, account, Role(text), at, by)
            if what == "role"
            else _let_in_again(key, account, at, by)
        )


def dismiss(account: int, key: str, shown: Iterable[Notice], by: Actor, now: datetime) -> bool:
    """Write down that the account has seen a notice. False if it is none of those `shown` to it."""
    if not any(one.key == key for one in shown):
        return False
    with transaction.atomic():
        _, made = NoticeSeen.objects.get_or_create(account_id=account, key=key, defaults={"at": now})
        if made:
            record_event(
                action="notice seen",
                by=by,
                subject_type="account",
                subject_id=account,
                now=now,
                detail={"notice": key},
            )
    return True


def _withdrawn(one: Withdrawn) -> Notice:
    return Notice(
        NoticeKind.WITHDRAWN,
        f"withdrawn {one.letter_id}",
        one.at,
        f"Letter {one.reference} was withdrawn",
        "Something in it is wrong, and it is not sent any more. Please do not hand it out or pass it on.",
        schools=one.schools,
    )


def _stopped(one: StopOfMailing) -> Notice:
    now = "It waits for a coordinator." if one.is_open else "It goes on again."
    return Notice(
        NoticeKind.STOPPED,
        f"stop {one.id}",
        one.opened_at,
        f"The mailing of letter {one.reference} stopped by itself",
        f"{one.fact} {now}",
    )


def _role_given(key: int, account: int, role: Role, at: datetime, by: str) -> Notice:
    title = f"You have a new role: {role_name(role).lower()}"
    return Notice(NoticeKind.ROLE_GIVEN, f"role {key}", at, title, f"{by} gave it to you.", account)


def _let_in_again(key: int, account: int, at: datetime, by: str) -> Notice:
    return Notice(
        NoticeKind.LET_IN_AGAIN,
        f"again {key}",
        at,
        "You were let in again",
        f"{by} did it. Your earlier password and second factor are no longer valid. If you did not ask for it, ring "
        "your administrator.",
        account,
    )
