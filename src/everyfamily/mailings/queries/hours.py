"""The days and hours at which a mailing's letters are sent, from what it was opened with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.sending_days import SchoolCalendar
from everyfamily.core.calendar.sending_window import SendingWindow, is_rehearsal, window_of
from everyfamily.core.files.json_text import read_json
from everyfamily.mailings.models import Mailing, MailingSchool

NO_DAY_KNOWN = timedelta(days=1)
"""Where the calendar ends, somebody looks again after this time."""


def sends_from(mailing_id: int, school_id: int, now: datetime) -> datetime:
    """When this school's letters may next be sent, or `now` if they may be sent now."""
    return opening_of(_window(mailing_id, school_id), now)


def opening_of(window: SendingWindow | None, now: datetime) -> datetime:
    """When letters may next be sent by this window, or `now` if they may be sent now."""
    if window is None:
        return now
    return window.next_opening(now) or now + NO_DAY_KNOWN


def lacks_rehearsal_list(mailing_id: int) -> bool:
    """The mailing is a rehearsal, but this process has no list of the people it may write to."""
    return (
        is_rehearsal(Mailing.objects.values_list("sending", flat=True).get(pk=mailing_id)) and no_rehearsal_list()
    )


def no_rehearsal_list() -> bool:
    """Whether this process has no list of the people that a rehearsal may write to."""
    return not settings.EVERYFAMILY_REHEARSAL


def calendar_of(mailing_id: int, school_id: int) -> SchoolCalendar | None:
    """The school days that a mailing was opened with, for one school. None if it knows no terms."""
    return calendar_in(_window(mailing_id, school_id))


def calendar_in(window: SendingWindow | None) -> SchoolCalendar | None:
    """The school days of a window. None if it knows no terms."""
    return window.calendar if window is not None and window.calendar.terms else None


def calendar_of_json(of_mailing: str, of_part: str) -> SchoolCalendar | None:
    """The same from the two columns as a plain query reads them."""
    sending = read_json(of_mailing)
    return calendar_in(window_of(sending, read_json(of_part), bank_holidays()) if sending else None)


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Where letters may be sent at a moment: everywhere or nowhere, except for some schools with their own days."""

    area: bool
    exceptions: list[int]
    """School ids for which the opposite is true."""


def open_now(mailing_id: int, now: datetime) -> OpenNow:
    """Where the mailing's letters may be sent at this moment."""
    mailing = Mailing.objects.get(pk=mailing_id)
    area = window_for(mailing, None)
    if area is None:
        return OpenNow(True, [])
    is_open = area.why_not_at(now) is None
    own = MailingSchool.objects.filter(mailing_id=mailing_id).exclude(sending={})
    exceptions = []
    for part in own:
        window = window_for(mailing, part)
        if window is not None and (window.why_not_at(now) is None) != is_open:
            exceptions.append(part.school_id)
    return OpenNow(is_open, exceptions)


def _window(mailing_id: int, school_id: int) -> SendingWindow | None:
    mailing = Mailing.objects.get(pk=mailing_id)
    part = MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id).first()
    return window_for(mailing, part)


def window_for(mailing: Mailing, part: MailingSchool | None) -> SendingWindow | None:
    """When the mailing's letters may be sent at a school, from its two rows. None if it keeps no hours."""
    if not mailing.sending:
        # The calendar takes half a second to load.
        return None
    return window_of(mailing.sending, part.sending if part is not None else {}, bank_holidays())
