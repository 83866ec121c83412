"""What waits, read from every app that knows of it: for one visitor's schools and roles, or for everybody at once.

core/desk.py decides whose it is. Here nothing is left out except what a visitor may not touch: their access opens only
their own schools (people/database/access.py), and a read that would be empty for them is not made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

from everyfamily.accounts.desk.counts import AccountCounts, ResetAt, account_counts, resets_at
from everyfamily.accounts.desk.of_agreeing import (
    keys_for_settings,
    keys_to_confirm,
    letters_to_agree,
    news_of_keys,
    news_of_letters,
)
from everyfamily.accounts.desk.of_keys import keys_that_wait
from everyfamily.accounts.desk.of_routes import of_routes
from everyfamily.accounts.desk.of_site import has_site, of_dead_lines, of_site
from everyfamily.accounts.desk.of_withdrawn import of_withdrawn
from everyfamily.accounts.desk.of_year import of_briefings, of_reviews, of_year, settings_now
from everyfamily.accounts.key_queries import keys_of_note
from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.notices import Notice
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.permissions import SCOPES, Held, Right, Role, Scope
from everyfamily.core.sending.old_rolls import is_old
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.letters.draft_queries.waiting import sent_letters
from everyfamily.letters.queries import route_checks
from everyfamily.mailings.queries.desk import (
    MailingNow,
    News,
    PartNow,
    PausedPart,
    StopOfMailing,
    mailings_now,
    news_since,
    not_briefed,
    parts_now,
    paused_parts,
)
from everyfamily.mailings.queries.health import workers
from everyfamily.mailings.queries.opening import ATTESTED_WITHIN, word_counts
from everyfamily.mailings.queries.paper import PaperNow, paper_now
from everyfamily.mailings.queries.tasks import TaskAtSchool, school_tasks
from everyfamily.partnership.queries import ProposalInBrief, waits_for_second
from everyfamily.people.database.access import Access
from everyfamily.people.queries import school_names
from everyfamily.work.queries.sites import sites_made
from everyfamily.work.queries.work import TrailTrouble, trail_trouble

KNOWN_FOR = timedelta(days=30)
"""How long there is a notice of what happened."""
ASKED_BEFORE = timedelta(days=4)
"""Before a wave: when its lead is asked for their word. The longest weekend is in it."""
ROLL_ASKED_BEFORE = timedelta(days=14)
"""Before a wave: when its school is asked for its roll. The lead then has days to decide what it leaves open."""
NAMED = 8
"""Schools that are named. The rest is a number."""

_OF_SCHOOL: Final = {
    "restriction": Kind.RESTRICTION,
    "restrictions not said": Kind.RESTRICTION,
    "relationship": Kind.RELATIONSHIP,
    "leavers": Kind.LEAVERS,
    "shared home": Kind.SHARED_HOME,
    "file held": Kind.FILE_HELD,
    "to tell": Kind.TO_TELL,
    "attestation": Kind.HELD,
    "roll: attestation": Kind.NOT_ATTESTED,
    "unknown attempt": Kind.UNKNOWN,
    "hand-out": Kind.HAND_OUT,
    "bin copies": Kind.BIN_COPIES,
}
"""Kinds of tasks at schools, in the words of their tables. One that is not here is a fault, and a test says so.
With its prefix, a task of a roll may be of another kind."""


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
    news: bool = True
    """And what happened, which only a desk shows."""

    @classmethod
    def everything(cls) -> Self:
        """For the worker, which writes to everybody."""
        return cls(None, mailings=True, accounts=True, settings=True, site=True, letters=True, keys=True)

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
    terms: tuple[Term, ...] | None = None
    """Those of the settings in force. None if the settings were not read."""


def gather(reach: Reach, now: datetime) -> Gathered:
    """Read what waits now. Raises SchoolNotYours for a school that this request was not opened for."""
    asks_schools = reach.schools is None or bool(reach.schools)
    parts = parts_now(reach.schools, now) if asks_schools else []
    tasks = school_tasks(reach.schools) if asks_schools else []
    mailings = mailings_now(now) if reach.mailings else []
    of_schools = None if reach.mailings else reach.schools
    news = news_since(now - KNOWN_FOR, of_schools) if reach.news and (reach.mailings or asks_schools) else News()
    keys = keys_of_note(now) if reach.keys else []
    letters = sent_letters(now - KNOWN_FOR) if reach.letters else []
    settings = settings_now() if reach.mailings else None
    register = settings.routes if settings is not None and has_site() else ()
    checks = route_checks() if mailings or register else []
    waits = [
        *_of_tasks(tasks),
        *_of_parts(parts, now),
        *(_of_paper(paper_now(reach.schools)) if asks_schools else ()),
        *(_of_resets(resets_at(reach.schools, now)) if asks_schools else ()),
        *(keys_that_wait(reach.schools, now) if asks_schools else ()),
        *_of_stops(news.stops),
        *(of_withdrawn(news.withdrawn) if reach.mailings else ()),
        *_of_mailings(mailings, now),
        *(_of_paused(paused_parts()) if reach.mailings else ()),
        *(of_routes(mailings, now, checks) if mailings else ()),
        *(of_briefings(not_briefed(now), NAMED) if any(one.next_wave_at for one in mailings) else ()),
        *(of_year(settings, now) if settings is not None else ()),
        *(of_site(sites_made(), now.astimezone(LONDON).date()) if reach.site and has_site() else ()),
        *of_dead_lines(register, now, checks),
        *(of_reviews(now.astimezone(LONDON).date()) if reach.mailings else ()),
        *(_of_accounts(account_counts()) if reach.accounts else ()),
        *(_of_trail(trail_trouble()) if reach.accounts else ()),
        *(_of_settings(waits_for_second()) if reach.settings else ()),
        *keys_to_confirm(keys),
        *(keys_for_settings(keys) if reach.settings else ()),
        *letters_to_agree(letters),
    ]
    told = (*news_of_keys(keys, now - KNOWN_FOR), *news_of_letters(letters)) if reach.news else ()
    terms = (settings.year_plan.terms if settings is not None else ()) if reach.mailings else None
    return Gathered(tuple(waits), tuple(parts), tuple(mailings), news, told, terms)


def _of_tasks(tasks: list[TaskAtSchool]) -> Iterator[Wait]:
    own_paused: set[int] = set()
    counted: set[int] = set()
    for one in sorted(tasks, key=lambda one: one.task.due_on):
        task = one.task
        if task.kind == "paused":
            # Whoever paused it looks after it: here only, if it was somebody of the school.
            if task.role == "lead" and one.school_id not in own_paused:
                # Once, however many letters: one press lets all of them go on.
                own_paused.add(one.school_id)
                yield Wait(
                    Kind.OWN_PART_PAUSED,
                    f"own paused {task.reference} {one.school_id}",
                    task.due_on,
                    school_id=one.school_id,
                    urn=task.urn,
                    place=one.name,
                    note=f"{task.owner} paused it.",
                )
            continue
        what = _OF_SCHOOL.get(task.kind) or _OF_SCHOOL[task.kind.removeprefix("roll: ")]
        # One letter a mailing and day, even to somebody with twelve schools.
        key = f"{what.name} {task.reference} {task.due_on}"
        wait = Wait(
            what, key, task.due_on, count=task.count, school_id=one.school_id, urn=task.urn, place=one.name
        )
        if what is Kind.RESTRICTION:
            # Several tasks ask for the same decisions, and the first says how many: as many as the list of them has.
            is_first = one.school_id not in counted
            counted.add(one.school_id)
            wait = replace(wait, count=one.decisions) if is_first else replace(wait, count=0, place="")
        yield wait


def _of_parts(parts: list[PartNow], now: datetime) -> Iterator[Wait]:
    for part in parts:
        if part.return_due_on is not None:
            key = f"{Kind.RETURN_DUE.name} {part.mailing_id} {part.school_id}"
            yield _at(part, Kind.RETURN_DUE, key, due_on=part.return_due_on)
        # What is paused has no day on which it goes.
        if part.state != "planned" or part.is_stopped or not now <= part.wave_at <= now + ROLL_ASKED_BEFORE:
            continue
        day = part.wave_at.astimezone(LONDON).date()
        missing = Kind.ROLL_MISSING if part.roll_at is None else None
        old = Kind.ROLL_OLD if part.roll_at is not None and is_old(part.roll_at, part.wave_at) else None
        if roll := missing or old:
            yield _at(part, roll, f"{roll.name} {part.mailing_id}", due_at=part.wave_at)
        is_soon = part.wave_at <= now + ASKED_BEFORE
        if is_soon and not missing and not word_counts(part.attested_at, part.wave_at):
            yield _at(
                part,
                Kind.ATTEST,
                f"{Kind.ATTEST.name} {part.mailing_id} {day}",
                due_at=part.wave_at,
                note=_from_when(part.wave_at - ATTESTED_WITHIN, now),
            )


def _of_paper(paper: list[PaperNow]) -> Iterator[Wait]:
    for one in paper:
        # One letter a mailing: what is printed later comes into the same pile.
        key = f"{Kind.PAPER.name} {one.mailing} {one.school}"
        yield Wait(Kind.PAPER, key, one.due_on, school_id=one.school, urn=one.urn, place=one.name)


def _from_when(opens: datetime, now: datetime) -> str:
    if opens <= now:
        return ""
    here = opens.astimezone(LONDON)
    return f"You can do it from {time_in_words(here.time())} on {day_with_weekday(here.date())}."


def _at(part: PartNow, kind: Kind, key: str, **more: object) -> Wait:
    at = more.get("due_at")
    if isinstance(at, datetime):
        more["due_on"] = at.astimezone(LONDON).date()
    return Wait(kind, key, school_id=part.school_id, urn=part.urn, place=part.name, **more)  # type: ignore[arg-type]


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


def _of_mailings(mailings: list[MailingNow], now: datetime) -> Iterator[Wait]:
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
    if any(one.state == "open" for one in mailings) and not workers().alive:
        yield Wait(Kind.NO_WORKER, f"{Kind.NO_WORKER.name} {today}", today)


def _of_paused(parts: Iterable[PausedPart]) -> Iterator[Wait]:
    for one in parts:
        key, why = f"paused {one.reference} {one.school_id}", f": {one.why}" if one.why else ""
        yield Wait(Kind.SCHOOL_PAUSED, key, one.due_on, place=one.name, note=f"{one.owner} paused it{why}.")


def _of_resets(resets: list[ResetAt]) -> Iterator[Wait]:
    names = school_names(one.school_id for one in resets) if resets else {}
    for one in resets:
        urn, name = names[one.school_id]
        yield Wait(
            Kind.RESET,
            f"{Kind.RESET.name} {one.id} {one.school_id}",
            one.opens_at.astimezone(LONDON).date(),
            one.opens_at,
            school_id=one.school_id,
            urn=urn,
            place=name,
            note=f"It is for {one.colleague}, and {one.asked_by} asked for it.",
        )


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


def _of_accounts(counts: AccountCounts) -> Iterator[Wait]:
    for role, kind in ((Role.ADMINISTRATOR, Kind.FEW_ADMINISTRATORS), (Role.COORDINATOR, Kind.FEW_COORDINATORS)):
        if role in counts.too_few:
            yield Wait(kind, kind.name)
    if counts.without_factor:
        kind = Kind.NO_SECOND_FACTOR
        yield Wait(kind, f"{kind.name} {counts.without_factor}", count=counts.without_factor)
