"""Late joiners: families of children who joined get the letters of this year that are still good.

Each letter is a small mailing of its own, with an account of its own. One goes out a week, in the order in which the
others had them, so that no family gets a year's letters in one morning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_days import FrontDoor
from everyfamily.core.calendar.sending_window import LONDON, REHEARSAL
from everyfamily.core.calendar.wave_plan import WavePlan
from everyfamily.core.calendar.waves import WavesDoNotFit
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import RouteState
from everyfamily.core.sending.late_joiners import LetterSoFar, why_not
from everyfamily.core.sending.opening_times import require_not_past
from everyfamily.letters.queries import letter_by_id, routes_now
from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
from everyfamily.mailings.actions.planning.starting import OPEN
from everyfamily.mailings.installation.stand_ins import require_carried
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.joining import NewAtSchool, joiners_of, mailed_so_far, new_children
from everyfamily.mailings.queries.wave_plan import plan_by_partnership

_APART = timedelta(days=7)
_ONE_DAY = FrontDoor(calls_a_day=1_000_000, calls_per_1000=1)
"""All schools in one wave: there are so few families that the front door does not notice."""


class JoinersOff(EveryfamilyError):
    """The partnership's policy is that new families get no earlier letters."""

    code: ClassVar[str] = "EF538"


@dataclass(frozen=True, slots=True)
class ForJoiners:
    """One letter of the year, and what families of new children get of it."""

    reference: str
    mailing_id: int
    """Its first mailing."""
    why_not: str = ""
    """A sentence. Blank if it goes to them."""
    schools: tuple[NewAtSchool, ...] = ()
    plan: WavePlan | None = None
    opened: int | None = None
    """The new mailing, once it is open."""

    @property
    def children(self) -> int:
        """How many are new."""
        return sum(school.children for school in self.schools)

    @property
    def begins(self) -> datetime | None:
        """When its only wave begins."""
        return self.plan.begins(self.plan.waves[0]) if self.plan is not None else None


def plan_for_joiners(partnership: Partnership, *, opens_at: datetime, now: datetime) -> list[ForJoiners]:
    """Every letter of this school year: those that families of new children get, and why not the others. Nothing is
    written. Raises JoinersOff and OpensInThePast."""
    if partnership.sending.late_joiners == "off":
        raise JoinersOff(
            "The partnership’s file says that families of new children get no earlier letters.",
            'Agree it with the schools, and put late_joiners = "half-term" under [sending].',
        )
    require_not_past(opens_at, now)
    return list(_each(partnership, opens_at, now))


def start_for_joiners(
    partnership: Partnership, *, opens_at: datetime, by: Actor, now: datetime
) -> list[ForJoiners]:
    """Open a mailing for each letter that is still good and has new children. Returns the same list, with what was
    opened. If it stops in between, it can be run again.

    Raises JoinersOff, OpensInThePast and what `open_mailing` raises.
    """
    return [
        _open(one, by=by, now=now) if one.plan is not None else one
        for one in plan_for_joiners(partnership, opens_at=opens_at, now=now)
    ]


def _each(partnership: Partnership, opens_at: datetime, now: datetime) -> Iterator[ForJoiners]:
    turn = 0
    year_plan = partnership.year_plan
    for mailing in _real(mailed_so_far()):
        letter = letter_by_id(mailing.letter_id)
        at = opens_at + turn * _APART
        so_far = _so_far(mailing, letter, at, now)
        why = why_not(so_far, at.astimezone(LONDON).date(), year_plan)
        one = ForJoiners(letter.reference, mailing.pk, why)
        if why == "It is of another school year.":
            continue
        if not why:
            one = _planned(one, partnership, at)
        yield one
        turn += one.plan is not None


def _planned(one: ForJoiners, partnership: Partnership, at: datetime) -> ForJoiners:
    schools = tuple(new_children(one.mailing_id))
    if not schools:
        return replace(one, why_not="No child has joined since at a school that we sent it for.")
    try:
        plan = plan_by_partnership(partnership, opens_at=at, schools_a_day=1, door=_ONE_DAY)
    except WavesDoNotFit:
        return replace(one, why_not="No day on which letters go out is left for it.", schools=schools)
    return replace(one, schools=schools, plan=plan)


def _so_far(mailing: Mailing, letter: Letter, at: datetime, now: datetime) -> LetterSoFar:
    day = at.astimezone(LONDON).date()
    before = joiners_of(mailing.pk)
    routes = routes_now(letter.routes, now)
    return LetterSoFar(
        letter.reference,
        mailing.opens_at.astimezone(LONDON).date(),
        mailing.state,
        mailing.letter.state == "withdrawn",
        letter.follows is not None and letter.follows.kind == "correction",
        letter.review_on,
        tuple(route.id for route in routes if route.state_on(day) is not RouteState.GOOD),
        any(one.state != "closed" for one in before),
        before[0].opens_at.astimezone(LONDON).date() if before else None,
    )


def _open(one: ForJoiners, *, by: Actor, now: datetime) -> ForJoiners:
    assert one.plan is not None
    first = Mailing.objects.get(pk=one.mailing_id)
    letter = letter_by_id(first.letter_id)
    require_carried(demonstration=letter.demonstration)
    chosen = {school.school_id for school in one.schools}
    waves = {school: wave for school, wave in one.plan.at().items() if school in chosen}
    last = max(at for _, at in waves.values())
    opened = open_mailing(
        reference=one.reference,
        term=first.term,
        waves=waves,
        closes_at=last + OPEN,
        reply_mailbox=letter.reply_mailbox,
        reply_owner=letter.reply_owner,
        by=by,
        now=now,
        sending=one.plan.times(),
        own_days=one.plan.own_days(),
        follows=Follows(one.mailing_id, "joiners"),
    )
    return replace(one, opened=opened.id)


def _real(mailings: Iterable[Mailing]) -> Iterator[Mailing]:
    """Without rehearsals."""
    return (one for one in mailings if one.sending != REHEARSAL)
