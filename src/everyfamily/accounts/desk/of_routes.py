"""Numbers and addresses that somebody must ring or open now, and why: one rule for the desk and the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from everyfamily.accounts.desk.of_year import to_ring_again
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.partnership.routes import RouteCheck
from everyfamily.letters.queries import PrintedRoute
from everyfamily.mailings.queries.across import MailingNow
from everyfamily.mailings.queries.routes import RouteInUse, together

RINGS_BEFORE = timedelta(days=7)
"""Before a route's check runs out: when somebody is asked to ring it."""


@dataclass(frozen=True, slots=True)
class ToRing:
    """One route that waits to be rung."""

    one: RouteInUse
    kind: Kind
    """ROUTE_ENDED, RING_AGAIN or ROUTE_ENDS."""
    by: date | None
    """The day on which its check ended or ends, on which it was found dead, or on which the letter goes."""


def to_ring(routes: Iterable[RouteInUse], mailings: Sequence[MailingNow], today: date) -> Iterator[ToRing]:
    """Those of `routes` that must be rung now, in the order given."""
    for one in routes:
        if one.until is None:
            yield ToRing(one, Kind.ROUTE_ENDED, one.route.dead_since or one.route.expires_on)
        elif (wave_on := to_ring_again(one, mailings, today)) is not None:
            yield ToRing(one, Kind.RING_AGAIN, wave_on)
        elif one.until <= today + RINGS_BEFORE:
            yield ToRing(one, Kind.ROUTE_ENDS, one.until)


def of_routes(
    mailings: Sequence[MailingNow], printed: Iterable[PrintedRoute], checks: Iterable[RouteCheck], now: datetime
) -> Iterator[Wait]:
    """What the letters that are going out print, and what must be rung of it."""
    in_use = together(printed, checks, now)
    same_for_all = (one for one in in_use if not one.route.differs_by_school)
    for found in to_ring(same_for_all, mailings, now.astimezone(LONDON).date()):
        route = found.one.route
        yield Wait(
            found.kind,
            f"{_KEYS[found.kind]} {route.id} {found.by}",
            found.by,
            place=f"{route.label}, {route.place}",
            note=f"{route.owner} looks after it.",
        )


_KEYS = {Kind.ROUTE_ENDED: "route", Kind.RING_AGAIN: "ring again", Kind.ROUTE_ENDS: "route ends"}
