"""What waits, read from every app that knows of it: for one visitor's schools and roles, or for everybody at once.

core/desk.py decides whose it is. Here nothing is left out except what a visitor may not touch: their access opens only
their own schools (people/database/access.py), and a read that would be empty for them is not made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from everyfamily.accounts.desk.counts import AccountCounts, ForTwo, account_counts, for_two, resets_at
from everyfamily.accounts.desk.of_agreeing import (
    keys_for_settings,
    keys_to_confirm,
    keys_to_make,
    letters_to_agree,
    news_of_keys,
    news_of_letters,
)
from everyfamily.accounts.desk.of_keys import keys_that_wait
from everyfamily.accounts.desk.of_routes import of_routes
from everyfamily.accounts.desk.of_schools import of_paper, of_parts, of_resets, of_tasks
from everyfamily.accounts.desk.of_site import has_site, of_dead_lines, of_site
from everyfamily.accounts.desk.of_withdrawn import of_askings, of_withdrawn
from everyfamily.accounts.desk.of_year import of_briefings, of_reviews, of_year
from everyfamily.accounts.key_queries import keys_of_note
from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_work import begun_for_review
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.notices import Notice
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.permissions import SCOPES, Held, Right, Role, Scope
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday
from everyfamily.letters.draft_queries.waiting import SentLetter, sent_letters
from everyfamily.letters.draft_queries.year import year_facts
from everyfamily.letters.queries import PrintedRoute, routes_now, routes_with_checks
from everyfamily.mailings.queries.across import (
    Across,
    MailingNow,
    News,
    PausedPart,
    StopOfMailing,
    across,
    news_since,
)
from everyfamily.mailings.queries.desk import PartNow, parts_now
from everyfamily.mailings.queries.health import workers
from everyfamily.mailings.queries.paper import paper_now
from everyfamily.mailings.queries.reviews import mailed
from everyfamily.mailings.queries.tasks import school_tasks
from everyfamily.partnership.queries import ProposalInBrief, SettingsInBrief, settings_in_brief
from everyfamily.people.database.access import Access
from everyfamily.work.queries.sites import sites_made
from everyfamily.work.queries.work import TrailTrouble, trail_trouble

KNOWN_FOR = timedelta(days=30)
"""How long there is a notice of what happened."""
NAMED = 8
"""Schools that are named. The rest is a number."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What is read: the work of these schools (None: of every school), and of the partnership."""

    schools: frozenset[int] | None
    mailings: bool
    accounts: bool
    """And how the product runs."""
    settings: bool
    site: bool = False
    """The parent site, where it is published from here."""
    letters: bool = False
    """And letters that are being agreed."""
    keys: bool = False
    """And the keys with which bodies approve."""
    year: bool = False
    """And the year's work."""
    routes: bool = False
    """And numbers to ring."""
    workers: bool = False
    """And whether any worker is alive."""
    seals: bool = False
    """And what may be sealed."""
    invites: bool = False
    """And mailboxes of schools that wait for a second person."""
    news: bool = True
    """And what happened, which only a desk shows."""

    @classmethod
    def everything(cls) -> Self:
        """For the worker, which writes to everybody."""
        what = (
            "mailings",
            "accounts",
            "settings",
            "site",
            "letters",
            "keys",
            "year",
            "routes",
            "workers",
            "seals",
            "invites",
        )
        return cls(None, **dict.fromkeys(what, True))

    @classmethod
    def at(cls, schools: Iterable[int]) -> Self:
        """For the pages of these schools."""
        return cls(frozenset(schools), mailings=False, accounts=False, settings=False, news=False)

    @classmethod
    def of(cls, held: Held) -> Self:
        """For one visitor."""
        schools = frozenset(
            one.school_id
            for one in held.standings
            if one.school_id is not None and SCOPES[one.role] is Scope.SCHOOL
        )
        mailings = any(held.in_partnership(right) for right in (Right.SEE_MAILING, Right.SEE_LETTERS))
        return cls(
            schools,
            mailings,
            held.may(Right.SEE_RUNNING),
            held.may(Right.CHANGE_SETTINGS),
            site=held.may(Right.PUBLISH_SITE),
            letters=held.in_partnership(Right.SEE_LETTERS),
            keys=held.may(Right.CHANGE_SETTINGS) or any(one.body for one in held.standings),
            year=any(held.may(right) for right in (Right.PLAN_YEAR, Right.WRITE_LETTERS, Right.PLAN_MAILING)),
            routes=held.may(Right.RING_ROUTES),
            workers=held.may(Right.PAUSE_MAILING),
            seals=held.may(Right.SEAL_LETTER),
            invites=held.may(Right.INVITE_TO_SCHOOL),
        )

    @property
    def access(self) -> Access:
        """What a page with this may touch: never people."""
        return Access(None if self.mailings else self.schools, frozenset(), across=self.mailings)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was read, and what of it waits."""

    waits: tuple[Wait, ...]
    parts: tuple[PartNow, ...]
    mailings: tuple[MailingNow, ...]
    news: News
    told: tuple[Notice, ...] = ()
    """What people should know of letters that are being agreed, and of keys."""
    letters: tuple[SentLetter, ...] = ()
    """Letters that are being agreed."""
    terms: tuple[Term, ...] | None = None
    """Those of the settings in force. None if the settings were not read."""


def gather(reach: Reach, now: datetime) -> Gathered:
    """Read what waits now. Raises SchoolNotYours for a school that this request was not opened for."""
    asks_schools = reach.schools is None or bool(reach.schools)
    parts = parts_now(reach.schools, now) if asks_schools else []
    tasks = school_tasks(reach.schools) if asks_schools else []
    found = across(now, now - KNOWN_FOR) if reach.mailings else None
    if found is not None:
        news = found.news
    else:
        news = news_since(now - KNOWN_FOR, reach.schools) if reach.news and asks_schools else News()
    keys = keys_of_note(now) if reach.keys else []
    letters = sent_letters(now - KNOWN_FOR) if reach.letters else []
    two = for_two() if reach.invites or (reach.seals and letters) else ForTwo(has_reviewer=False, mailboxes=[])
    settings = settings_in_brief() if reach.mailings or reach.settings else None
    waits = [
        *of_tasks(tasks),
        *of_parts(parts, now),
        *(of_paper(paper_now(reach.schools)) if asks_schools else ()),
        *(of_resets(resets_at(reach.schools, now)) if asks_schools else ()),
        *(keys_that_wait(reach.schools, now) if asks_schools else ()),
        *_of_stops(news.stops),
        *(_of_across(found, reach, now) if found is not None else ()),
        *(_of_lines(found, letters, settings, now) if found is not None and reach.routes else ()),
        *(_of_year(settings, news, now) if reach.year else ()),
        *(of_site(sites_made(), now.astimezone(LONDON).date()) if reach.site and has_site() else ()),
        *(_of_accounts(account_counts()) if reach.accounts else ()),
        *(_of_trail(trail_trouble()) if reach.accounts else ()),
        *(_of_settings(settings.waits) if settings is not None and reach.settings else ()),
        *(_of_mailboxes(two) if reach.invites else ()),
        *keys_to_confirm(keys),
        *(keys_to_make(keys, settings.partnership) if settings is not None and reach.keys else ()),
        *(keys_for_settings(keys, settings.partnership) if settings is not None and reach.settings else ()),
        *letters_to_agree(letters, seals=reach.seals, needs_review=two.has_reviewer),
    ]
    told = (*news_of_keys(keys, now - KNOWN_FOR), *news_of_letters(letters)) if reach.news else ()
    terms = None
    if settings is not None:
        terms = settings.partnership.year_plan.terms if settings.partnership is not None else ()
    mailings = found.mailings if found is not None else ()
    return Gathered(tuple(waits), tuple(parts), mailings, news, told, tuple(letters), terms)


def _of_across(found: Across, reach: Reach, now: datetime) -> Iterator[Wait]:
    yield from _of_mailings(found.mailings, now, watches=reach.workers)
    yield from _of_paused(found.paused)
    yield from of_askings(found.asked)
    for one in found.to_take_out:
        key = f"{Kind.TAKE_OUT.name} {one.reference} {one.due_on}"
        yield Wait(Kind.TAKE_OUT, key, one.due_on, place=f"Letter {one.reference}", reference=one.reference)
    yield from of_briefings(found.not_briefed, NAMED)


def _of_lines(
    found: Across, letters: Iterable[SentLetter], settings: SettingsInBrief | None, now: datetime
) -> Iterator[Wait]:
    partnership = settings.partnership if settings is not None else None
    of_site = partnership.routes if partnership is not None and has_site() else ()
    # Nobody may approve a letter with a line whose check has ended.
    agreed = [PrintedRoute(0, one.reference, route) for one in letters if one.is_asked for route in one.routes]
    if not (found.mailings or agreed or of_site):
        return
    printed, checks = routes_with_checks([one.letter_id for one in found.mailings])
    yield from of_routes(found.mailings, [*printed, *agreed], checks, now)
    yield from of_dead_lines(routes_now(of_site, now, checks), now)


def _of_year(settings: SettingsInBrief | None, news: News, now: datetime) -> Iterator[Wait]:
    facts = year_facts()
    sent = mailed(*begun_for_review(now.astimezone(LONDON).date()))
    if settings is not None and settings.partnership is not None:
        yield from of_year(settings.partnership, facts, sent.letters, now)
    yield from of_reviews(sent.to_review)
    yield from of_withdrawn(news.withdrawn, facts.followed)


def _of_stops(stops: Iterable[StopOfMailing]) -> Iterator[Wait]:
    for one in stops:
        if one.is_open:
            kind = Kind.PAUSED if one.kind == "paused" else Kind.STOPPED
            yield Wait(
                kind,
                f"stop {one.id}",
                one.due_on,
                place=f"Letter {one.reference}",
                reference=one.reference,
                account=one.account,
                note=f"{one.fact} {one.owner} looks after it first.",
            )


def _of_mailings(mailings: Iterable[MailingNow], now: datetime, *, watches: bool) -> Iterator[Wait]:
    today = now.astimezone(LONDON).date()
    for one in mailings:
        place = f"Letter {one.reference}"

        for kind, schools, due_on in (
            (Kind.NOT_BEGUN, one.late, today),
            (Kind.SCHOOLS_HELD, one.held, today),
            (Kind.RETURNS_TO_LOOK_AT, one.to_look_at, one.returns_due_on),
            (Kind.RETURNS_LATE, one.missing, one.returns_due_on),
            (Kind.RETURNS_UNREACHABLE, one.unreachable, one.returns_due_on),
        ):
            if schools:
                key, note = f"{kind.name} {one.mailing_id} {today}", _names(schools)
                yield Wait(kind, key, due_on, count=len(schools), place=place, note=note)
    if watches and any(one.state == "open" for one in mailings) and not workers().alive:
        yield Wait(Kind.NO_WORKER, f"{Kind.NO_WORKER.name} {today}", today)


def _of_paused(parts: Iterable[PausedPart]) -> Iterator[Wait]:
    for one in parts:
        key, why = f"paused {one.reference} {one.school_id}", f": {one.why}" if one.why else ""
        yield Wait(Kind.SCHOOL_PAUSED, key, one.due_on, place=one.name, note=f"{one.owner} paused it{why}.")


def _of_trail(trouble: TrailTrouble | None) -> Iterator[Wait]:
    if trouble is not None:
        kind = Kind.TRAIL_BROKEN if trouble.is_broken else Kind.TRAIL_NOT_CHECKED
        yield Wait(kind, f"{kind.name} {trouble.id}", trouble.at.astimezone(LONDON).date())


def _names(schools: tuple[str, ...]) -> str:
    shown = ", ".join(schools[:NAMED])
    more = len(schools) - NAMED
    return f"{shown}, and {of(more, 'more school')}." if more > 0 else f"{shown}."


def _of_settings(waiting: ProposalInBrief | None) -> Iterator[Wait]:
    if waiting is not None:
        key = f"{Kind.WHO_SIGNS.name} {waiting.id}"
        note = (
            f"{waiting.asked_by} asked for it on {day_with_weekday(waiting.asked_at.astimezone(LONDON).date())}."
        )
        yield Wait(Kind.WHO_SIGNS, key, place="Settings", not_for=waiting.asked_account, note=note)


def _of_mailboxes(two: ForTwo) -> Iterator[Wait]:
    for at, account, schools in two.mailboxes:
        kind = Kind.MAILBOXES
        key = f"{kind.name} {at.isoformat()} {account}"
        yield Wait(kind, key, count=schools, not_for=account)


def _of_accounts(counts: AccountCounts) -> Iterator[Wait]:
    for role, kind in ((Role.ADMINISTRATOR, Kind.FEW_ADMINISTRATORS), (Role.COORDINATOR, Kind.FEW_COORDINATORS)):
        if role in counts.too_few:
            yield Wait(kind, kind.name)
    if counts.without_factor:
        kind = Kind.NO_SECOND_FACTOR
        yield Wait(kind, f"{kind.name} {counts.without_factor}", count=counts.without_factor)
