"""A school's mailbox takes two people: the link for its first lead goes there, so it decides who comes in.

Every way in asks here (a list of schools never writes a mailbox itself). A second person agrees, to a whole list at
once. Where a school has a lead or another mailbox, a day passes too, and they can say that it is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from everyfamily.accounts.models import Invitation, Membership, SchoolInvitation, SchoolMailbox
from everyfamily.accounts.school_queries import MAILBOX_WAITS, known_to_somebody
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import WORKING, Actor
from everyfamily.core.agreement.two_people import AnotherPersonNeeded, AskingOver, is_same_person
from everyfamily.core.permissions import GRANTED, Right, Role
from everyfamily.people.actions.schools.school_changes import put_mailboxes
from everyfamily.people.queries import SchoolFacts, schools_by_id, schools_by_urn
from everyfamily.work.actions.telling import tell
from everyfamily.work.queries.told import somebody_was_told

_ABOUT = "schools.mailbox-asked"
_MAY_AGREE = [role for role, rights in GRANTED.items() if Right.INVITE_TO_SCHOOL in rights]
_TELLS = (
    "The link for a school’s first lead, codes and the school’s returns go to its mailbox. So a second person at the "
    "partnership must agree, and it waits for at least 24 hours.",
    "If this is right, do nothing. If it is not, a lead of the school stops it on its page People. Or ring the "
    "partnership on a number that you find yourself, not one in an email.",
)


def ask_for_mailboxes(wanted: Mapping[int, str], by: Actor, now: datetime, agreed_by: Actor | None = None) -> int:
    """Ask for these mailboxes, by the schools' URNs; returns how many of them wait afterwards. What each school has
    now, and what waits for it already, is not asked for again. Who has the old mailbox, the leads, and everybody who
    may agree are told.

    `agreed_by` is the second person, where both are named at once on the machine itself. Raises AnotherPersonNeeded for
    one name twice.
    """
    with transaction.atomic():
        schools = [one for one in schools_by_urn(wanted).values() if one.mailbox != wanted[one.urn]]
        waiting = {row.school_id: row for row in _locked(school_id__in=[one.id for one in schools])}
        new = [one for one in schools if one.id not in waiting or waiting[one.id].mailbox != wanted[one.urn]]
        _end([waiting[one.id].pk for one in new if one.id in waiting], now)
        SchoolMailbox.objects.bulk_create(
            SchoolMailbox(
                school_id=one.id,
                mailbox=wanted[one.urn],
                before=one.mailbox,
                asked_by=by.text,
                asked_account=by.account,
                asked_at=now,
            )
            for one in new
        )
        if new:
            _record("ask for mailboxes", by, now, [one.id for one in new])
            _tell(new, by, now)
        unseen = [row.pk for row in _locked(school_id__in=[one.id for one in schools], agreed_at=None)]
        if agreed_by is not None and unseen:
            agree_to_mailboxes(unseen, agreed_by, now)
    return _open().filter(school_id__in=[one.id for one in schools]).count()


def agree_to_mailboxes(ids: Collection[int], by: Actor, now: datetime) -> int:
    """Agree as the second person to those of these that wait for one; returns to how many. They are in force at once,
    or after the day. Raises AskingOver if none waits, and AnotherPersonNeeded."""
    with transaction.atomic():
        rows = list(_locked(pk__in=ids, agreed_at=None))
        if any(is_same_person(by, row.asked_by, row.asked_account) for row in rows):
            raise AnotherPersonNeeded(
                "You asked for these mailboxes yourself.", "A colleague who may invite schools agrees to them."
            )
        if not rows:
            raise _over()
        _open().filter(pk__in=[row.pk for row in rows]).update(agreed_by=by.text, agreed_at=now)
        _record("agree to mailboxes", by, now, [row.school_id for row in rows])
        put_in_force(now)
    return len(rows)


def take_back_mailbox(mailbox_id: int, by: Actor, now: datetime, *, school_id: int | None = None) -> None:
    """Stop one that is not in force yet, agreed or not; for a lead, of this school. Raises AskingOver."""
    with transaction.atomic():
        rows = list(_locked(pk=mailbox_id))
        if not rows or school_id not in (None, rows[0].school_id):
            raise _over()
        _end([mailbox_id], now)
        _record("take back mailboxes", by, now, [rows[0].school_id])


def put_in_force(now: datetime) -> int:
    """Put those in force that were agreed to and have waited long enough; returns how many. Open invitations of their
    schools end, because their links and codes went to the mailbox before; so do links to second leads (beside.py)."""
    with transaction.atomic():
        # A list that was taken back has taken its schools along.
        there = schools_by_id(_open().values_list("school_id", flat=True))
        _end(_open().exclude(school_id__in=there).values_list("pk", flat=True), now)
        agreed = list(_locked(agreed_at__isnull=False))
        wait_a_day = known_to_somebody(agreed)
        ready = [row for row in agreed if row.school_id not in wait_a_day or _day_is_over(row, now)]
        if ready:
            schools = [row.school_id for row in ready]
            put_mailboxes({row.school_id: row.mailbox for row in ready})
            _end([row.pk for row in ready], now, is_in_force=True)
            invited = SchoolInvitation.objects.filter(school_id__in=schools, used_at=None, cancelled_at=None)
            invited.update(cancelled_at=now, name="", email="")
            Invitation.objects.filter(
                is_beside=True, school_id__in=schools, used_at=None, cancelled_at=None
            ).update(cancelled_at=now)
            _record("put mailboxes in force", WORKING, now, schools)
    return len(ready)


def _day_is_over(row: SchoolMailbox, now: datetime) -> bool:
    """A day after somebody else was told. While no email goes out, nobody could stop it."""
    return now >= row.asked_at + MAILBOX_WAITS and somebody_was_told(
        _ABOUT, since=row.asked_at, until=now - MAILBOX_WAITS, beside=row.asked_account
    )


def _tell(schools: Collection[SchoolFacts], by: Actor, now: datetime) -> None:
    ids = [one.id for one in schools]
    leads = Membership.objects.filter(role=Role.LEAD, school_id__in=ids, ended_at=None)
    agree = Membership.objects.filter(role__in=_MAY_AGREE, ended_at=None)
    accounts = (leads | agree).filter(account__is_active=True).values_list("account_id", flat=True)
    how_many = "a school" if len(schools) == 1 else f"{len(schools)} schools"
    said = f"{by.text} asked for {how_many} to get another mailbox on the list of schools in everyfamily."
    tell(
        to=[*sorted(set(accounts)), *(one.mailbox for one in schools if one.mailbox)],
        about=_ABOUT,
        subject="Another mailbox was asked for on the list of schools",
        lines=[said, *_TELLS],
        by=by,
        now=now,
    )


def _open() -> QuerySet[SchoolMailbox]:
    return SchoolMailbox.objects.filter(ended_at=None)


def _locked(**which: object) -> QuerySet[SchoolMailbox]:
    """Always in one order, so that two people at once wait for each other."""
    return _open().filter(**which).order_by("pk").select_for_update()


def _end(ids: Iterable[int], now: datetime, *, is_in_force: bool = False) -> None:
    SchoolMailbox.objects.filter(pk__in=list(ids)).update(ended_at=now, is_in_force=is_in_force)


def _record(action: str, by: Actor, now: datetime, schools: Collection[int]) -> None:
    record_event(
        action=action, by=by, subject_type="school", subject_id="", now=now, detail={"schools": sorted(schools)}
    )


def _over() -> AskingOver:
    return AskingOver("This was agreed to or taken back meanwhile.", "Look at the list of mailboxes again.")
