"""One look of a worker at one school: what cannot change meanwhile is read once and handed down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.calendar.sending_days import SchoolCalendar
from everyfamily.core.calendar.sending_window import SendingWindow, is_rehearsal
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.mailings.queries.hours import calendar_in, no_rehearsal_list, opening_of, window_for
from everyfamily.people.queries import SchoolFacts, school_by_id


@dataclass(frozen=True, slots=True)
class SchoolLook:
    """What is the same in every transaction of one look.

    It has nothing that decides who may have the letter: what is paused, withdrawn, closed, restricted or decided is
    read again in each transaction. So are the keys, because a key may be rotated or destroyed between two of them.
    """

    mailing_id: int
    school: SchoolFacts
    now: datetime
    window: SendingWindow | None
    """When letters may be sent. None if the mailing keeps no hours."""
    follows_id: int | None
    """The mailing whose wrong letter this one follows."""
    follows_as: str
    """ "correction" or "replacement"; blank if it follows none."""
    is_rehearsal: bool
    from_year: int = 0
    """The first year group that the mailing is offered to."""
    may_have_gone: bool = False
    """The database was restored: what was sent of it since is not known, and a person decides about each adult."""
    secondary_from: int | None = None
    """The first one of the letter's secondary version. None if it has one version."""

    @property
    def goes_on_old_word(self) -> bool:
        """A wrong letter is put right on the word on which it went (ADR 21). After a restore, whom the letter may have
        reached is asked by any word, because that sends nothing."""
        return self.follows_as == "correction" or self.may_have_gone

    @property
    def school_id(self) -> int:
        """The school's id."""
        return self.school.id

    @property
    def lead(self) -> str:
        """Who decides at the school, as the owner of a task."""
        return self.school.lead_role or "school lead"

    @property
    def calendar(self) -> SchoolCalendar | None:
        """The school's days. None if the mailing knows no terms."""
        return calendar_in(self.window)

    @property
    def sends_from(self) -> datetime:
        """When letters may next be sent, or `now` if they may be sent now."""
        return opening_of(self.window, self.now)

    @property
    def sends_until(self) -> datetime | None:
        """When today's hours end, or None if the mailing keeps none."""
        return self.window.closes_after(self.now) if self.window is not None else None

    @property
    def lacks_rehearsal_list(self) -> bool:
        """The mailing is a rehearsal, but this process has no list of the people it may write to."""
        return self.is_rehearsal and no_rehearsal_list()


def look_at(mailing_id: int, school_id: int, now: datetime) -> SchoolLook:
    """Read what one look at a school needs, inside or outside a transaction."""
    mailing = Mailing.objects.get(pk=mailing_id)
    part = MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id).first()
    return SchoolLook(
        mailing_id=mailing_id,
        school=school_by_id(school_id),
        now=now,
        window=window_for(mailing, part),
        follows_id=mailing.follows_id,
        follows_as=mailing.follows_as,
        is_rehearsal=is_rehearsal(mailing.sending),
        may_have_gone=part is not None and part.uncertain,
        from_year=mailing.from_year,
        secondary_from=mailing.secondary_from,
    )
