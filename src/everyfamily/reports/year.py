"""The facts of a year's report: each mailing that began in it, with the account that was published of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from everyfamily.core.accounting.year_report import LetterOfYear, YearReport, letter_of_year
from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.partnership.prices import Prices
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.queries.reviews import review_of
from everyfamily.mailings.queries.years import MailingOfYear, mailings_begun
from everyfamily.reports.accounts import last_account
from everyfamily.reports.reading import read_as_planner
from everyfamily.reports.wording import LONDON

_RETURNS = "SELECT count(DISTINCT school_id) FROM mailings_known_return WHERE mailing_id = %(mailing)s"


def year_report(year: AcademicYear, now: datetime, prices: Prices, *, as_written: bool = False) -> YearReport:
    """The report of an academic year as of `now`. Raises AccountNotReadable.

    A letter's figures are those of its last account: of today, or for a mailing that is closed, the last that was
    written. With `as_written` it is the last that was written for an open one too, so that nobody waits for a count.
    """
    first = datetime.combine(year.first_day, time(), LONDON)
    after = datetime.combine(year.last_day + timedelta(days=1), time(), LONDON)
    begun = mailings_begun(first, min(after, now))
    replaced = {one.follows for one in begun if one.follows_as == "replacement"}
    return YearReport(year, tuple(_letter(one, replaced, now, as_written) for one in begun), prices)


def _letter(one: MailingOfYear, replaced: set[str], now: datetime, as_written: bool) -> LetterOfYear:
    letter = letter_by_id(one.letter_id)
    account = last_account(one.id, now, closed=as_written or one.state == "closed")
    ((returns_in,),) = read_as_planner(_RETURNS, {"mailing": one.id})
    return letter_of_year(
        account.shown,
        account.messages,
        reference=letter.reference,
        title=letter.english.title.text,
        term=letter.term,
        begun_on=one.opens_at.astimezone(LONDON).date(),
        state=one.state,
        as_of=account.day,
        schools_that_send=one.schools_that_send,
        returns_in=returns_in,
        follows=one.follows,
        follows_as=one.follows_as,
        is_replaced=letter.reference in replaced,
        review=review_of(one.id),
        why_stopped=one.stopped_because if one.state == "withdrawn" else "",
    )
