"""Links by which schools file without an account: made, renewed, revoked. Each school has one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet

from everyfamily.audit.actions import record_event
from everyfamily.core.accounting.return_reminders import ReminderKind, ReturnDays
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.mailings.models import Mailing, MailingSchool, ReturnLink, ReturnReminder
from everyfamily.mailings.queries.returns import return_standings, returns_of, school_is_closed
from everyfamily.people.database.tenancy import tenant


class ReturnDaysNotRight(EveryfamilyError):
    """The days on which returns are due and close are not valid."""

    code = "EF534"


class SchoolDoesNotFile(EveryfamilyError):
    """The school does not send the letter itself in this mailing, or has closed, so it files no return."""

    code = "EF535"


@dataclass(frozen=True, slots=True)
class OpenedReturns:
    """What opening the returns did."""

    schools: int
    """Schools that send the letter themselves."""
    links_made: int
    links_moved: int
    """Open links with a new last day."""
    no_mailbox: int


def open_returns(mailing_id: int, *, due_on: date, close_on: date, by: Actor, now: datetime) -> OpenedReturns:
    """Set the days of a mailing's returns and give each school that sends the letter itself a link. Safe to run again.

    An open link stays, with its new last day. A school that has closed gets no new one. Nothing is sent here. Raises
    ReturnDaysNotRight.
    """
    mailing = Mailing.objects.get(pk=mailing_id)
    _check_days(mailing, due_on, close_on, now)
    with transaction.atomic():
        Mailing.objects.filter(pk=mailing_id).update(returns_due_on=due_on, returns_close_on=close_on)
        record_event(
            action="open returns",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            detail={"due_on": due_on.isoformat(), "close_on": close_on.isoformat()},
        )
    until = end_of(close_on)
    standings = return_standings(mailing_id)
    made = moved = 0
    for school in standings:
        if school.code is None and school.is_closed:
            continue
        if school.code is None:
            with tenant(school.school_id):
                made += _make(mailing_id, school.school_id, until=until, by=by, now=now)
        elif school.expires_at != until:
            with tenant(school.school_id):
                moved += _open_link(mailing_id, school.school_id).update(expires_at=until)
    no_mailbox = sum(not school.mailbox and not school.is_closed for school in standings)
    return OpenedReturns(len(standings), made, moved, no_mailbox)


def renew_link(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> None:
    """Give the school a new link, and end the old one. The letter with the link is recorded again and sent in the next
    office hours, even to a school that has filed. Raises SchoolDoesNotFile and ReturnsNotOpened."""
    until = end_of(returns_of(mailing_id).close_on)
    _require_files(mailing_id, school_id)
    if school_is_closed(school_id):
        raise SchoolDoesNotFile(
            "The school has closed, so no return is expected from it and no letter goes to it.",
            "If it is open after all, import the newest list of schools first.",
        )
    with tenant(school_id):
        _revoke(mailing_id, school_id, by=by, now=now)
        _make(mailing_id, school_id, until=until, by=by, now=now)
        ReturnReminder.objects.filter(
            mailing_id=mailing_id, school_id=school_id, kind=ReminderKind.LINK.value
        ).delete()
        ReturnReminder.objects.create(
            mailing_id=mailing_id,
            school_id=school_id,
            kind=ReminderKind.LINK.value,
            status=AttemptStatus.CREATED.value,
            written_at=now,
            changed_at=now,
        )


def revoke_link(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> bool:
    """End the school's link. Returns whether there was one. Raises SchoolDoesNotFile."""
    _require_files(mailing_id, school_id)
    with tenant(school_id):
        return bool(_revoke(mailing_id, school_id, by=by, now=now))


def end_of(day: date) -> datetime:
    """The first moment after `day` in London."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)


def _check_days(mailing: Mailing, due_on: date, close_on: date, now: datetime) -> None:
    days = ReturnDays(mailing.opens_at.astimezone(LONDON).date(), due_on, close_on)
    faults = days.faults()
    if close_on < now.astimezone(LONDON).date():
        faults = (*faults, "they have closed already")
    if faults:
        raise ReturnDaysNotRight(
            f"The days of the returns cannot be right: {faults[0]}.",
            "Give the day returns are due and the day they close, in order, from the mailing's first day on.",
        )


def _require_files(mailing_id: int, school_id: int) -> None:
    if not MailingSchool.objects.filter(
        mailing_id=mailing_id, school_id=school_id, state="sends itself"
    ).exists():
        raise SchoolDoesNotFile(
            "The school does not send itself in this mailing, so it has no return to file.",
            "See which schools do.",
        )


def _open_link(mailing_id: int, school_id: int) -> QuerySet[ReturnLink]:
    return ReturnLink.objects.filter(mailing_id=mailing_id, school_id=school_id, revoked_at__isnull=True)


def _make(mailing_id: int, school_id: int, *, until: datetime, by: Actor, now: datetime) -> int:
    """Whether a link was made. Another process at the same time may have been quicker."""
    ReturnLink.objects.bulk_create(
        [
            ReturnLink(
                mailing_id=mailing_id,
                school_id=school_id,
                issued_at=now,
                issued_by=by.text,
                expires_at=until,
            )
        ],
        ignore_conflicts=True,
    )
    made = _open_link(mailing_id, school_id).filter(issued_at=now).count()
    if made:
        _record("make return link", mailing_id, school_id, by=by, now=now)
    return made


def _revoke(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> int:
    ended = _open_link(mailing_id, school_id).update(revoked_at=now, revoked_by=by.text)
    if ended:
        _record("revoke return link", mailing_id, school_id, by=by, now=now)
    return ended


def _record(action: str, mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> None:
    record_event(
        action=action, by=by, subject_type="mailing", subject_id=mailing_id, now=now, school_id=school_id
    )
