"""What is done of the year's work, as far as letters, mailings and people's own marks say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.calendar.year_work import Step, YearWork
from everyfamily.core.partnership.routes import Route
from everyfamily.letters.draft_queries.year import PlannedDraft, YearFacts, year_facts
from everyfamily.letters.queries import printed_routes, routes_now
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.reviews import reviewed_letters

_BY_AUTHORS = frozenset({Step.PREPARE, Step.APPROVE})


@dataclass(frozen=True, slots=True)
class YearDone:
    """What is done, and which numbers are not rung yet."""

    keys: frozenset[str]
    """Of work that is done."""
    not_rung: Mapping[str, tuple[Route, ...]] = field(default_factory=dict)
    """By the key of work that asks for it: numbers and addresses that nobody has rung since its day."""
    drafts: Mapping[str, str] = field(default_factory=dict)
    """By the key of work to prepare or to approve: the reference of the letter, where somebody is writing it."""


def year_done(
    works: Iterable[YearWork],
    now: datetime,
    routes_of: Mapping[str, tuple[Route, ...]] | None = None,
    *,
    facts: YearFacts | None = None,
    mailed: Collection[int] | None = None,
) -> YearDone:
    """What is done of `works`. `routes_of` are the routes of topics whose letter is not here yet; `facts` and the
    letters that were `mailed` are for a caller that has read them already.

    A letter that is frozen for approval was prepared. One that is sealed and here was prepared and approved. One with a
    mailing is being sent, and its schools are told by the product itself.
    """
    works = list(works)
    steps = {one.step for one in works}
    facts = facts or year_facts()
    letters = facts.sealed
    if mailed is None:
        mailed = set(Mailing.objects.filter(letter_id__in=letters.values()).values_list("letter_id", flat=True))
    reviewed = reviewed_letters(letters.values()) if Step.REVIEW in steps else set()
    routes = _routes_of(works, letters, routes_of or {}, now) if Step.RING in steps else {}
    keys: set[str] = set()
    not_rung: dict[str, tuple[Route, ...]] = {}
    written: dict[str, str] = {}
    for work in works:
        letter = letters.get(_of(work.planned))
        draft = facts.drafts.get((work.planned.term.id, work.planned.topic or ""))
        if draft is not None and work.step in _BY_AUTHORS:
            written[work.key] = draft.reference
        if (work.planned.address, work.step.value) in facts.marks:
            keys.add(work.key)
        elif work.step is Step.RING:
            left = _not_rung(routes[work.key], work, now.astimezone(LONDON).date())
            if routes[work.key] and not left:
                keys.add(work.key)
            elif left:
                not_rung[work.key] = left
        elif work.step is Step.REVIEW:
            keys |= {work.key} if letter in reviewed else set()
        elif _is_done(work.step, letter, mailed, draft):
            keys.add(work.key)
    return YearDone(frozenset(keys), not_rung, written)


def _is_done(step: Step, letter: int | None, mailed: Collection[int], draft: PlannedDraft | None) -> bool:
    """Whether a step before a letter goes is done, by the letter that is sealed and by its draft."""
    if letter is None:
        return step is Step.PREPARE and draft is not None and draft.is_frozen
    return step in _BY_AUTHORS or letter in mailed


def _routes_of(
    works: Iterable[YearWork],
    letters: Mapping[tuple[str, str], int],
    routes_of: Mapping[str, tuple[Route, ...]],
    now: datetime,
) -> dict[str, tuple[Route, ...]]:
    """By the key of the work that rings them: the routes of its letter as they are now, asked for once for all."""
    printed = printed_routes() if letters else []
    keys: list[str] = []
    routes: list[Route] = []
    ringing = [one for one in works if one.step is Step.RING]
    for work in ringing:
        letter = letters.get(_of(work.planned))
        own = [one.route for one in printed if one.letter_id == letter]
        own = own or list(routes_of.get(work.planned.topic or "", ()))
        keys += [work.key] * len(own)
        routes += own
    now_known = list(zip(keys, routes_now(routes, now), strict=True))
    return {work.key: tuple(route for key, route in now_known if key == work.key) for work in ringing}


def _of(planned: PlannedLetter) -> tuple[str, str]:
    return planned.term_words, planned.topic or ""


def _not_rung(routes: Iterable[Route], work: YearWork, today: date) -> tuple[Route, ...]:
    return tuple(
        one
        for one in routes
        if not one.differs_by_school
        and (one.checked_on is None or not work.due_on <= one.checked_on <= today or one.dead_since is not None)
    )
