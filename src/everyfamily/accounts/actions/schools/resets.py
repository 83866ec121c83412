"""A way in again that waits for a day: for an account of schools, an administrator or a signatory. The others are told.

Somebody who makes it could come in as a person who decides about families, or as a signatory. In a day, somebody
notices. At the partnership a second administrator agrees at once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from everyfamily.accounts.actions.inviting import OwnAccount, WaitsForADay, let_in_now
from everyfamily.accounts.actions.schools.mail import send_soon
from everyfamily.accounts.actions.suspending import require_looked_at, tell_administrators
from everyfamily.accounts.models import Account, Membership, Reset, SchoolMail
from everyfamily.accounts.queries import in_hand_since
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Role
from everyfamily.core.roles_together import require_settled
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.people.queries import schools_by_id
from everyfamily.work.queries.told import somebody_was_told

WAITS = timedelta(hours=24)
MOST_A_DAY = 3
_ASKED = "reset-asked"
LASTS = timedelta(days=7)
"""From when it opens: then it must be asked for again."""


class ResetNotTheirs(EveryfamilyError):
    """Somebody else lets this account in again."""

    code = "EF296"


class ResetAskedTooOften(EveryfamilyError):
    """It was asked for several times in a day. Each time, everybody at the school gets an email."""

    code = "EF437"


class ResetOver(EveryfamilyError):
    """It was used, cancelled or too long ago, or was never asked for."""

    code = "EF297"


def ask_reset(account_id: int, by: Actor, now: datetime) -> None:
    """Ask for a way in again for an account of schools, and tell all accounts and the mailboxes of its schools.

    Raises OwnAccount, ResetNotTheirs and ResetAskedTooOften. Nothing of the account changes before the day has passed.
    """
    if by.account == account_id:
        raise OwnAccount("This is your own account.", "Ask another person.")
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id)
        schools = schools_of(account_id)
        require_may_reset(account_id, schools, by, now)
        if open_resets(now).filter(account=account).exists():
            return
        if Reset.objects.filter(account=account, asked_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
            raise ResetAskedTooOften(
                f"This was asked for {MOST_A_DAY} times since yesterday, and stopped each time.",
                "Speak to whoever stopped it.",
            )
        _unused().filter(account=account).update(cancelled_at=now, cancelled_by="too long ago")
        row = Reset.objects.create(
            account=account,
            asked_by=by.text,
            asked_account=by.account,
            asked_at=now,
            opens_at=now + WAITS,
            expires_at=now + WAITS + LASTS,
        )
        _tell(row, schools, now)
        if not schools:
            said = f"{by.text} asked to let {account.name} in again by a new link."
            then = "It waits for 24 hours or a second administrator. If it is wrong, stop it on the page People."
            tell_administrators(account.pk, _ASKED, said, then, by, now)
        _record("reset asked for", by, row, now, schools)
        send_soon()


def cancel_reset(reset_id: int, by: Actor, now: datetime) -> int:
    """Stop it; returns the account's id. Raises ResetOver."""
    with transaction.atomic():
        row = open_resets(now).select_for_update().filter(pk=reset_id).first()
        if row is None:
            raise _over()
        row.cancelled_at, row.cancelled_by = now, by.text
        row.save(update_fields=["cancelled_at", "cancelled_by"])
        _record("reset cancelled", by, row, now, schools_of(row.account_id))
    return row.account_id


def use_reset(reset_id: int, by: Actor, now: datetime) -> int:
    """After the day: mail the link to the person; returns the id of the invitation. Their password and their app count
    no more. Raises ResetOver, WaitsForADay, OwnAccount, ResetNotTheirs and MailedTooOften."""
    with transaction.atomic():
        row = open_resets(now).select_for_update().filter(pk=reset_id).first()
        if row is None:
            raise _over()
        schools = schools_of(row.account_id)
        require_may_reset(row.account_id, schools, by, now)
        require_looked_at(by)
        if schools or by.account == row.asked_account:
            if now < row.opens_at:
                raise WaitsForADay("It waits for 24 hours after it was asked for.", "Come back then.")
            _require_told(row, schools, by, now)
        else:
            require_settled(in_hand_since(by.account or 0), now)
        row.used_at = now
        row.save(update_fields=["used_at"])
        return let_in_now(row.account_id, by, now)


def _require_told(row: Reset, schools: Collection[int], by: Actor, now: datetime) -> None:
    """Raise WaitsForADay unless somebody else was told a day ago. While no email goes out, nobody could stop it."""
    if not schools:
        about = f"accounts.{_ASKED}"
        if not somebody_was_told(about, since=row.asked_at, until=now - WAITS, beside=by.account):
            raise _not_told()
        return
    took = (AttemptStatus.ACCEPTED.value, AttemptStatus.DELIVERED.value)
    told = SchoolMail.objects.filter(reset=row, status__in=took, changed_at__lte=now - WAITS)
    assert by.account is not None
    if not told.exclude(account_id=by.account).exists():
        raise _not_told()


def _not_told() -> WaitsForADay:
    return WaitsForADay(
        "Nobody else was told 24 hours ago: the emails did not go out, or went later.",
        "See that emails go out, and come back.",
    )


def require_may_reset(account_id: int, schools: Collection[int], by: Actor, now: datetime) -> None:
    """Raise ResetNotTheirs unless this person lets the account in again: a lead at every school that it has a role at,
    or an administrator if none of its schools has another lead. On the first day beside a lead (beside.py) nobody is
    one for this."""
    if by.account is None:
        raise _not_theirs()
    leads = Membership.objects.filter(role=Role.LEAD, school_id__in=schools, ended_at=None)
    leads = leads.exclude(full_from__gt=now)
    if set(schools) and leads.filter(account_id=by.account).count() == len(set(schools)):
        return
    others = leads.exclude(account_id=account_id).filter(account__is_active=True)
    administers = Membership.objects.filter(account_id=by.account, role=Role.ADMINISTRATOR, ended_at=None)
    if not administers.exists() or (len(set(schools)) == 1 and others.exists()):
        raise _not_theirs()


def schools_of(account_id: int) -> list[int]:
    """The schools at which an account has a role."""
    rows = Membership.objects.filter(account_id=account_id, ended_at=None, school_id__isnull=False)
    return sorted({row.school_id for row in rows if row.school_id is not None})


def open_resets(now: datetime) -> QuerySet[Reset]:
    """Those that wait, or that can be used."""
    return _unused().filter(expires_at__gt=now)


def _unused() -> QuerySet[Reset]:
    return Reset.objects.filter(used_at=None, cancelled_at=None)


def _tell(row: Reset, schools: Collection[int], now: datetime) -> None:
    everybody = Membership.objects.filter(school_id__in=schools, ended_at=None, account__is_active=True)
    told: dict[int, int] = {}
    for account, school in everybody.order_by("school_id").values_list("account_id", "school_id"):
        told.setdefault(account, school or 0)
    mailboxes = [one.id for one in schools_by_id(schools).values() if one.mailbox]
    to: list[tuple[int, int | None]] = [(school, account) for account, school in told.items()]
    to += [(school, None) for school in mailboxes]
    SchoolMail.objects.bulk_create(
        SchoolMail(kind="reset", school_id=school, account_id=account, reset=row, written_at=now, changed_at=now)
        for school, account in to
    )


def _record(action: str, by: Actor, row: Reset, now: datetime, schools: Collection[int]) -> None:
    record_event(
        action=action,
        by=by,
        subject_type="account",
        subject_id=row.account_id,
        now=now,
        detail={"schools": list(schools), "reset": row.pk},
    )


def _over() -> ResetOver:
    return ResetOver("This has ended, or was used.", "Look at the list of people again.")


def _not_theirs() -> ResetNotTheirs:
    return ResetNotTheirs(
        "Somebody else lets this account in again.",
        "A lead of the same school does. An administrator does it if the school has no other lead.",
    )
