"""Work of the year's plan, and of the days before a letter goes, as waits for people of the partnership."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.next_days import working_days_before
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_work import (
    REVIEWED_AFTER,
    RUNG_BEFORE,
    Step,
    YearWork,
    due_work,
    year_work,
)
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.letters.draft_queries.year import YearFacts
from everyfamily.mailings.queries.across import MailingNow, NotBriefed
from everyfamily.mailings.queries.reviews import ToReview
from everyfamily.mailings.queries.routes import RouteInUse
from everyfamily.mailings.queries.year_done import year_done

_KINDS: Final = {
    Step.PREPARE: Kind.YEAR_PREPARE,
    Step.APPROVE: Kind.YEAR_APPROVE,
    Step.SEND: Kind.YEAR_SEND,
}
"""Steps that the plan itself asks for. The others are asked for by a mailing, whose days are known better."""
_NEAR = timedelta(weeks=9)


def of_year(partnership: Partnership, facts: YearFacts, mailed: Collection[int], now: datetime) -> Iterator[Wait]:
    """What the plan asks for now. `mailed` are the letters that have a mailing."""
    today = now.astimezone(LONDON).date()
    works = _near(partnership, today)
    if due_work(works, (), today):
        done = year_done(works, now, facts=facts, mailed=mailed)
        for work in due_work(works, done.keys, today):
            yield _wait(work, done.drafts.get(work.key, ""))


def _near(partnership: Partnership, today: date) -> list[YearWork]:
    plan, sending = partnership.year_plan, partnership.sending
    weeks = [one.send_week for one in plan.letters if one.send_week is not None]
    if not any(today - timedelta(weeks=1) <= week <= today + _NEAR for week in weeks):
        return []
    calendar = sending.calendar(plan.terms, bank_holidays())
    years = {AcademicYear.of(today), AcademicYear.of(today + _NEAR)}
    works = [work for year in years for work in year_work(plan, year, sending.times, calendar)]
    return [work for work in works if work.step in _KINDS]


def _wait(work: YearWork, reference: str) -> Wait:
    """`reference` is of the letter, if somebody is writing it here."""
    kind, letter = _KINDS[work.step], work.planned
    place = f"{letter.term_words[:1].upper()}{letter.term_words[1:]}"
    about = f"About {letter.about}" if letter.about else "Its topic is still open"
    note = f"{about}."
    if reference:
        note = f"{note} It is being written: {reference}."
    at = f"/letters/{reference}/" if reference else ""
    if not reference and work.step is Step.PREPARE and letter.topic is not None:
        at = f"/letters/new/?{urlencode({'letter': f'{letter.term.id} {letter.topic}'})}"
    return Wait(kind, f"{kind.name} {work.key}", work.due_on, place=place, note=note, at=at)


def to_ring_again(one: RouteInUse, mailings: Iterable[MailingNow], today: date) -> date | None:
    """The day of the first wave before which a route must be rung again. None if it need not be."""
    for mailing in mailings:
        if mailing.begun or mailing.next_wave_at is None or mailing.reference not in one.letters:
            continue
        wave_on = mailing.next_wave_at.astimezone(LONDON).date()
        opens = working_days_before(wave_on, RUNG_BEFORE, bank_holidays())
        if opens <= today and (one.route.checked_on is None or one.route.checked_on < opens):
            return wave_on
    return None


def of_reviews(to_review: Iterable[ToReview]) -> Iterator[Wait]:
    """Letters that went about four weeks ago, and whose review is not complete."""
    for one in to_review:
        kind, due_on = Kind.REVIEW, one.begun_on + REVIEWED_AFTER
        yield Wait(kind, f"{kind.name} {one.reference}", due_on, place=f"Letter {one.reference}")


def of_briefings(found: Iterable[NotBriefed], named: int) -> Iterator[Wait]:
    """Schools that must be given their briefing in another way. The first `named` are named."""
    for one in found:
        day = one.wave_at.astimezone(LONDON).date()
        names = ", ".join(one.names[:named])
        more = f", and {len(one.names) - named} more" if len(one.names) > named else ""
        yield Wait(
            Kind.NOT_BRIEFED,
            f"{Kind.NOT_BRIEFED.name} {one.reference} {day}",
            day,
            count=len(one.names),
            place=f"Letter {one.reference}",
            note=f"{names}{more}.",
        )
