"""A school's mailings and its part in each, in one read, for pages about its families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import FilteredRelation, Q

from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.sending_days import SchoolCalendar
from everyfamily.core.calendar.sending_window import window_of
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.hours import calendar_in
from everyfamily.people.database.access import require_school


@dataclass(frozen=True, slots=True)
class MailingOfSchool:
    """A mailing in which a school has a part, and that part."""

    id: int
    reference: str
    """The letter's."""
    term: str
    follows_as: str
    """ "correction", "replacement" or "joiners"; blank if it follows none."""
    opens_at: datetime
    withdrawn_at: datetime | None
    state: str
    """Of the part, as in the table: "planned", "sending", "held" or "sends itself"."""
    wave_at: datetime
    paused_at: datetime | None
    sending: Mapping[str, Any]
    own_sending: Mapping[str, Any]
    from_year: int = 0
    """The first year group of the children whom it is about; for a correction, that of the wrong letter."""

    @property
    def sends_itself(self) -> bool:
        """The school sends this letter itself, so there is no list of its families."""
        return self.state == "sends itself"

    @property
    def calendar(self) -> SchoolCalendar | None:
        """The school days that it was opened with. None if it knows no terms."""
        # Without any it is not worth half a second to load the bank holidays.
        window = window_of(self.sending, self.own_sending, bank_holidays()) if self.sending else None
        return calendar_in(window)


@dataclass(frozen=True, slots=True)
class MailingsOfSchool:
    """A school's mailings, the newest first, and which mailing of the area follows which, and as what."""

    mailings: tuple[MailingOfSchool, ...]
    followed: Mapping[int, tuple[int, str]]

    def begun_last(self, now: datetime) -> MailingOfSchool | None:
        """The one that began last, or before any has begun, the next one, as `latest_mailing` does for the area."""
        to_all = [one for one in self.mailings if one.follows_as != "joiners"]
        begun = (one for one in to_all if one.opens_at <= now)
        return next(begun, to_all[-1] if to_all else None)


def mailings_of_school(school_id: int) -> MailingsOfSchool:
    """The mailings in which the school has a part, in one read. Raises SchoolNotYours."""
    require_school(school_id)
    part = FilteredRelation("mailingschool", condition=Q(mailingschool__school_id=school_id))
    found = Mailing.objects.annotate(part=part).order_by("-opens_at", "-id")
    mailings: list[MailingOfSchool] = []
    followed: dict[int, tuple[int, str]] = {}
    years: dict[int, int] = {}
    for follows, *row in found.values_list(
        *("follows_id", "id", "letter__reference", "term", "follows_as", "opens_at", "letter__withdrawn_at"),
        *("part__state", "part__wave_at", "part__paused_at", "sending", "part__sending", "from_year"),
    ):
        one = MailingOfSchool(*row)
        years[one.id] = one.from_year
        if follows is not None:
            followed[one.id] = (follows, one.follows_as)
        if one.state is not None:
            mailings.append(one)
    return MailingsOfSchool(
        tuple(replace(one, from_year=_year_of(one.id, years, followed)) for one in mailings), followed
    )


def _year_of(mailing: int, years: Mapping[int, int], followed: Mapping[int, tuple[int, str]]) -> int:
    """As `from_year_of`."""
    while followed.get(mailing, (0, ""))[1] == "correction":
        mailing = followed[mailing][0]
    return years[mailing]
