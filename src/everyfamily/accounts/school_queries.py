"""Reads: which schools have a lead and which are invited, and which resets wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Value

from everyfamily.accounts.models import (
    Invitation,
    Membership,
    Reset,
    SchoolInvitation,
    SchoolMail,
    SchoolMailbox,
)
from everyfamily.audit.queries.events import Event
from everyfamily.audit.queries.of_accounts import AccountsThere, events_of_accounts
from everyfamily.core.permissions import Role
from everyfamily.core.school_invitations import BESIDE_WAITS
from everyfamily.core.sending.staff_mail import is_late
from everyfamily.people.queries import SchoolFacts, open_schools, schools_by_id

MAILBOX_WAITS = timedelta(hours=24)
"""At least, where a school has a lead, or had another mailbox."""


@dataclass(frozen=True, slots=True)
class InvitedSchool:
    """An invitation of a school that can be used. `mail` is the status of its email. `mail_is_late`: nothing has sent
    it for some minutes."""

    id: int
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    mail: str
    mail_is_late: bool
    is_beside: bool
    """Of one beside a lead."""


@dataclass(frozen=True, slots=True)
class SchoolAndLead:
    """A school that is open today, and whether somebody there has let themselves in."""

    school: SchoolFacts
    has_lead: bool
    invited: InvitedSchool | None

    @property
    def may_have_second(self) -> bool:
        """It has a lead and a mailbox, so a second lead can be asked for beside the first."""
        return self.has_lead and self.invited is None and bool(self.school.mailbox)

    @property
    def can_be_invited(self) -> bool:
        """It has no lead, was not invited, and has a mailbox."""
        return not self.has_lead and self.invited is None and bool(self.school.mailbox)


@dataclass(frozen=True, slots=True)
class WaitingReset:
    """A way in again that waits, or that can be used."""

    id: int
    account_id: int
    asked_by: str
    opens_at: datetime
    expires_at: datetime


def schools_and_leads(now: datetime) -> list[SchoolAndLead]:
    """Every school that is open today, by name, in a number of reads that does not grow."""
    leads = Membership.objects.filter(role=Role.LEAD, ended_at=None, account__is_active=True)
    with_lead = set(leads.values_list("school_id", flat=True))
    mails = dict(SchoolMail.objects.filter(kind="invitation").values_list("invitation_id", "status"))
    open_ones = SchoolInvitation.objects.filter(used_at=None, cancelled_at=None, expires_at__gt=now)
    invited = {
        row.school_id: InvitedSchool(
            row.pk,
            row.invited_by,
            row.invited_at,
            row.expires_at,
            mails.get(row.pk, ""),
            is_late(mails.get(row.pk, ""), row.invited_at, now),
            row.is_beside,
        )
        for row in open_ones
    }
    schools = sorted(open_schools(), key=lambda one: (one.name, one.urn))
    return [SchoolAndLead(one, one.id in with_lead, invited.get(one.id)) for one in schools]


@dataclass(frozen=True, slots=True)
class WaitingMailbox:
    """Another mailbox for a school, which waits for a second person, or for its day."""

    id: int
    school: SchoolFacts
    mailbox: str
    before: str
    asked_by: str
    asked_account: int | None
    asked_at: datetime
    agreed_by: str
    """Blank while nobody agreed."""
    waits_a_day: bool

    @property
    def not_before(self) -> datetime:
        """The first moment at which it can be in force, if somebody else was told at once."""
        return self.asked_at + MAILBOX_WAITS if self.waits_a_day else self.asked_at


def waiting_mailboxes(school_id: int | None = None) -> list[WaitingMailbox]:
    """Those of every school, or of one, in a number of reads that does not grow. First those that somebody could be
    pushed out by, then by the school's name."""
    rows = list(
        SchoolMailbox.objects.filter(ended_at=None, **({} if school_id is None else {"school_id": school_id}))
    )
    if not rows:
        return []
    known, schools = known_to_somebody(rows), schools_by_id(row.school_id for row in rows)
    found = [
        WaitingMailbox(
            row.pk,
            schools[row.school_id],
            row.mailbox,
            schools[row.school_id].mailbox,
            row.asked_by,
            row.asked_account,
            row.asked_at,
            row.agreed_by,
            row.school_id in known,
        )
        for row in rows
        if row.school_id in schools
    ]
    return sorted(found, key=lambda one: (not one.waits_a_day, one.school.name, one.id))


def known_to_somebody(rows: Iterable[SchoolMailbox]) -> set[int]:
    """The schools of these rows where somebody could be pushed out: they have a lead, or have or had a mailbox."""
    rows = list(rows)
    ids = {row.school_id for row in rows}
    leads = Membership.objects.filter(role=Role.LEAD, school_id__in=ids, ended_at=None, school_id__isnull=False)
    had = SchoolMailbox.objects.filter(school_id__in=ids, is_in_force=True)
    return {
        *(row.school_id for row in rows if row.before),
        *(found for found in leads.values_list("school_id", flat=True) if found is not None),
        *had.values_list("school_id", flat=True),
    }


def done_about_accounts(school_id: int) -> list[Event]:
    """The newest of what was done about who may come in at one school, in one read and that of the trail."""
    memberships = Membership.objects.filter(school_id=school_id).values_list("id", "account_id", "ended_at")
    invitations = Invitation.objects.filter(school_id=school_id).values_list("id", Value(0), "expires_at")
    rows = list(memberships.union(invitations, all=True))
    roles = [(row, account, ended_at) for row, account, ended_at in rows if account]
    here = {account for _, account, ended_at in roles if ended_at is None}
    invited = [row for row, account, _ in rows if not account]
    return events_of_accounts(AccountsThere(school_id, invited, [row for row, _, _ in roles], here))


def waiting_resets(now: datetime) -> dict[int, WaitingReset]:
    """Resets that wait or can be used, by their accounts."""
    rows = Reset.objects.filter(used_at=None, cancelled_at=None, expires_at__gt=now)
    return {
        row.account_id: WaitingReset(row.pk, row.account_id, row.asked_by, row.opens_at, row.expires_at)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class SecondLead:
    """Somebody comes in by the school's mailbox beside a lead (actions/schools/beside.py), and can be stopped."""

    asked_by: str
    mailbox: str
    who: str
    """Name and address of who comes in. Blank while only the link is on its way."""
    until: datetime
    """The end of what is next: the link to the mailbox, the day before they come in, their own link, or their first
    day."""
    stage: str
    """"asked", "known", "mailed" or "first day"."""


def second_lead_of(school_id: int, now: datetime) -> SecondLead | None:
    """Where it is, if one was asked for: what is furthest. In one read where none ever was."""
    row = SchoolInvitation.objects.filter(is_beside=True, school_id=school_id).order_by("-pk").first()
    if row is None:
        return None
    role = Membership.objects.filter(school_id=school_id, ended_at=None, full_from__gt=now).first()
    if role is not None and role.full_from is not None:
        return SecondLead(
            role.given_by, "", f"{role.account.name}, {role.account.email}", role.full_from, "first day"
        )
    mailed = Invitation.objects.filter(
        is_beside=True, school_id=school_id, used_at=None, cancelled_at=None, expires_at__gt=now
    ).first()
    if mailed is not None:
        return SecondLead(mailed.invited_by, "", f"{mailed.name}, {mailed.email}", mailed.expires_at, "mailed")
    if row.used_at is not None or row.cancelled_at is not None or row.expires_at <= now:
        return None
    if row.known_at is None:
        return SecondLead(row.invited_by, row.mailbox, "", row.expires_at, "asked")
    opens_at = row.known_at + BESIDE_WAITS
    return SecondLead(row.invited_by, row.mailbox, f"{row.name}, {row.email}", opens_at, "known")
