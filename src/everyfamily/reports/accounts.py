"""The day's account: what the partnership is shown for a day. It is written once and is the same all day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from everyfamily.core.accounting.account_record import (
    LateNews,
    ShownNews,
    disclose_news,
    may_be_exact,
    shown_as_json,
    shown_from_json,
    totals_as_json,
)
from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.not_known import not_known_sum
from everyfamily.core.accounting.published import Disclosed
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.actions.accounting.daily_account import school_marks, write_daily_account
from everyfamily.mailings.queries.accounts import StoredAccount, account_of_day, latest_account
from everyfamily.reports.late_news import late_news
from everyfamily.reports.queries import CityCoverage, SchoolCoverage, account_of, city_coverage
from everyfamily.reports.wording import LONDON

READY_AT = time(6)
"""London time: before the partnership's day begins."""
_FORM = 1
"""The version of the form in which the figures are kept. A later form has a later number."""


class AccountNotReadable(EveryfamilyError):
    """A day's account was written by a version that this one does not know."""

    code = "EF671"


@dataclass(frozen=True, slots=True)
class DayAccount:
    """One day's account."""

    day: date
    shown: Disclosed
    """What the partnership sees."""
    news: ShownNews | None
    """What changed in the account before."""
    next_at: datetime
    """When the next one comes."""
    messages: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Exact: channel -> status -> messages. What is shown of them is to the nearest 10."""


def account_day(now: datetime) -> date:
    """The day whose account counts at `now`. Until 06:00 it is the day before."""
    local = now.astimezone(LONDON)
    return local.date() if local.time() >= READY_AT else local.date() - timedelta(days=1)


def account_for(mailing_id: int, now: datetime) -> DayAccount:
    """The account of the day, written now if nobody has written it yet. Raises AccountNotReadable."""
    day = account_day(now)
    stored = account_of_day(mailing_id, day)
    if stored is None:
        write_account(mailing_id, now)
        stored = account_of_day(mailing_id, day)
    assert stored is not None  # somebody else wrote it first
    return _read(stored)


def last_account(mailing_id: int, now: datetime, *, closed: bool) -> DayAccount:
    """The last account that counts for a mailing: of a `closed` one the last that was written, if any was, and
    otherwise that of the day. Raises AccountNotReadable."""
    stored = latest_account(mailing_id) if closed else None
    return account_for(mailing_id, now) if stored is None else _read(stored)


def write_account(mailing_id: int, now: datetime) -> bool:
    """Write the account of the day as of `now`; returns whether this call wrote it. Raises AccountNotReadable."""
    day = account_day(now)
    before = latest_account(mailing_id, before=day)
    last_exact = latest_account(mailing_id, before=day, exact=True)
    city = city_coverage(mailing_id, now)
    figures: dict[str, Any] = {
        "form": _FORM,
        "totals": totals_as_json(city.total),
        "messages": city.messages,
        "marks": school_marks(mailing_id, {part.school_id: _all_of(part) for part in city.schools}),
    }
    exact = may_be_exact(None if last_exact is None else _known_form(last_exact), figures)
    listed = figures["listed"] = _against_the_lists(mailing_id, city)
    last_listed = latest_account(mailing_id, before=day, exact_not_known=True)
    before_listed = None if last_listed is None else _known_form(last_listed)["listed"]
    shown = disclose(city, exact=exact, exact_not_known=may_be_exact(before_listed, listed))
    figures["shown"] = shown_as_json(shown)
    changes = {} if before is None else _news(mailing_id, before, now)
    return write_daily_account(mailing_id, day, at=now, figures=figures, changes=changes)


def _all_of(part: SchoolCoverage) -> str:
    """All of a school's exact figures as one text."""
    return json.dumps([part.state, totals_as_json(part.coverage)], sort_keys=True)


def _against_the_lists(mailing_id: int, city: CityCoverage) -> dict[str, Any]:
    """The exact sums of the children listed and not known to us, and a mark of each school's numbers behind them."""
    schools = (*city.schools, *city.outside)
    listed = {school.school_id: school.official.children for school in schools if school.official}
    numbers = {
        school.school_id: json.dumps([school.state, listed.get(school.school_id), school.coverage.children])
        for school in schools
    }
    return {
        "totals": [not_known_sum(schools), sum(listed.values())],
        "marks": school_marks(mailing_id, numbers),
    }


def newest_news(mailing_id: int) -> LateNews | None:
    """Exact late news of the newest account, for the operator."""
    stored = latest_account(mailing_id)
    return None if stored is None else LateNews.from_json(stored.changes)


def _news(mailing_id: int, before: StoredAccount, now: datetime) -> dict[str, Any]:
    said = _known_form(before)["totals"]["outcomes"][Outcome.REACHED]
    news = late_news(account_of(mailing_id), day=before.day, then=before.at, said=said, now=now)
    if not (news.gained or news.lost):
        return {}
    return news.as_json() | {"exact": bool(_known_form(before)["shown"]["exact"])}


def _read(stored: StoredAccount) -> DayAccount:
    shown = shown_from_json(_known_form(stored)["shown"])
    exact = shown.exact and bool(stored.changes.get("exact"))
    news = disclose_news(LateNews.from_json(stored.changes), exact=exact)
    next_at = datetime.combine(stored.day + timedelta(days=1), READY_AT, LONDON)
    return DayAccount(stored.day, shown, news, next_at, _known_form(stored)["messages"])


def _known_form(stored: StoredAccount) -> Mapping[str, Any]:
    if stored.figures.get("form") != _FORM:
        raise AccountNotReadable(
            f"The account of {stored.day:%-d %B %Y} was written by another version.",
            "Update everyfamily, or look at the figures of now.",
        )
    return stored.figures
