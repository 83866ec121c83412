"""Reporting routes: the numbers and addresses that a letter may print, and whether each may be printed today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.invented import digits_of
from everyfamily.core.text.dates import day_in_words

_COUNTS_FOR = timedelta(days=30)
"""How long a check counts if the register does not say it."""


class RouteState(StrEnum):
    """Whether a route may be in a letter on a given day."""

    GOOD = "good"
    DEAD = "dead"
    """Somebody found that it no longer answers."""
    EXPIRED = "expired"
    """Its last check is older than the register allows."""
    UNVERIFIED = "unverified"
    """Nobody has signed that they rang it or opened it."""


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the partnership's route register.

    `id` is the row's name in the partnership's file ("emergency", "local", "police", "school", "adults", "children",
    "online", "survivors"). `need` is when a family uses it, as printed ("In danger now"). `number` is spaced as printed
    ("0151 496 0120"), and `url` has no scheme ("ceop.police.uk/Safety-Centre"). `national` numbers are checked every 90
    days, and local ones every 30. `expires_on` is the last day on which the check still counts.

    `form` (a page, without a scheme), `email` and `text` (a number for text messages) are further ways to the same
    people, for somebody who cannot speak on the telephone. Most routes have none.
    """

    id: str
    need: str
    label: str
    hours: str
    owner: str
    number: str | None = None
    url: str | None = None
    checked_on: date | None = None
    checked_by: str | None = None
    expires_on: date | None = None
    dead_since: date | None = None
    topics: tuple[str, ...] = ()
    form: str | None = None
    email: str | None = None
    text: str | None = None
    hours_confirmed_on: date | None = None
    hours_confirmed_by: str | None = None
    """Who asked the people who answer when they do. None until somebody has."""
    belongs_to: str | None = None
    """Whose line it is, if the file says so (`line`): a national line's id, or "ours"."""
    same_number_as: str | None = None
    """The row that has the same number under another name, as both bodies said."""
    owner_email: str | None = None
    """Where its owner hears that somebody changes the line."""
    line: int = 1
    """Line of the row in the partnership's file."""

    @property
    def called(self) -> str:
        """What people call it, at the beginning of a sentence: "The line “Police” (101)"."""
        return f"The line “{self.label}”" + ("" if self.differs_by_school else f" ({self.place})")

    @property
    def place(self) -> str:
        """Its number, or its address on the web, as printed."""
        return self.number or self.url or ""

    @property
    def differs_by_school(self) -> bool:
        """Whether each family has its own school's number here, so that nobody can ring it for all of them."""
        return self.place.startswith("((")

    @property
    def is_for_emergencies(self) -> bool:
        """Whether nobody may ring it to check it: each call keeps somebody in danger waiting."""
        return self.place in ("999", "112")

    def has_confirmed_hours(self, day: date) -> bool:
        """Whether somebody has confirmed, by `day`, when it is answered."""
        by, on = self.hours_confirmed_by, self.hours_confirmed_on
        return bool(self.hours.strip() and by) and on is not None and on <= day

    def state_on(self, day: date) -> RouteState:
        """Say whether the route may be printed on `day`."""
        if self.dead_since is not None and self.dead_since <= day:
            return RouteState.DEAD
        if self.checked_on is None or self.checked_by is None or self.checked_on > day:
            return RouteState.UNVERIFIED
        if self.expires_on is None or self.expires_on < day:
            return RouteState.EXPIRED
        return RouteState.GOOD

    def fault_on(self, day: date) -> str | None:
        """Why the route may not be printed on `day`, as a sentence without its full stop. None if it may."""
        match self.state_on(day):
            case RouteState.GOOD:
                return None
            case RouteState.DEAD:
                return f'the route "{self.id}" is dead since {self.dead_since}'
            case RouteState.EXPIRED:
                return f'the route "{self.id}" is expired: its check counts until {self.expires_on or "no day"}'
        if self.checked_on is not None and self.checked_on > day:
            return f'the route "{self.id}" is unverified: checked_on {self.checked_on} is in the future'
        return f'the route "{self.id}" is unverified: nobody has written that they rang or opened it'

    def fault_in_words(self, day: date) -> str:
        """The same for somebody who does not know the register, as a sentence. Empty if it may be printed."""
        match self.state_on(day):
            case RouteState.GOOD:
                return ""
            case RouteState.DEAD:
                return f"It has not answered since {day_in_words(self.dead_since or day)}."
            case RouteState.EXPIRED if self.expires_on is not None:
                return f"Its last check counts until {day_in_words(self.expires_on)}."
            case RouteState.EXPIRED:
                return "Its last check has no day on which it ends."
        return "Nobody has signed that it answers."


@dataclass(frozen=True, slots=True)
class RouteCheck:
    """What a person found when they rang a number or opened an address. It is never changed: a later one counts."""

    place: str
    """The number or address as it was printed."""
    is_good: bool
    """False: it is dead."""
    at: datetime
    """Aware."""
    by: str

    @property
    def day(self) -> date:
        """The day in London."""
        return self.at.astimezone(LONDON).date()


def same_place(one: str, other: str) -> bool:
    """Whether two numbers or addresses are the same, however they are spaced."""
    return _bare(one) == _bare(other)


def _bare(place: str) -> str:
    if place.startswith("(("):
        return place
    # "ceop.police.uk/Safety-Centre" has no digits; "999" has nothing else.
    return place.rstrip("/").casefold() if any(sign.isalpha() for sign in place) else digits_of(place)


def as_checked(route: Route, checks: Iterable[RouteCheck], day: date) -> Route:
    """The route with what was found until the end of `day`: the newest check of the same number counts, whoever wrote
    down the one in the register. Found dead and good on one day, by the register and by a check, it is dead.

    A good check counts for as long as the register's own would: 30 days if it has none.
    """
    own = [check for check in checks if check.day <= day and same_place(check.place, route.place)]
    if not own:
        return route
    newest = max(own, key=lambda check: (check.at, not check.is_good))
    if not newest.is_good:
        if route.checked_on is not None and newest.day < route.checked_on <= day:
            return route
        return replace(route, dead_since=min(filter(None, (route.dead_since, newest.day))))
    if (route.dead_since is not None and newest.day <= route.dead_since <= day) or (
        route.checked_on is not None and newest.day < route.checked_on <= day
    ):
        return route
    counts_for = _COUNTS_FOR
    if route.checked_on is not None and route.expires_on is not None:
        counts_for = route.expires_on - route.checked_on
    return replace(
        route,
        checked_on=newest.day,
        checked_by=newest.by,
        expires_on=newest.day + counts_for,
        dead_since=None,
    )


def route_state_now(route: Route, checks: Iterable[RouteCheck], day: date) -> RouteState:
    """Whether the route may be printed on `day`, by the register and by every check until then."""
    return as_checked(route, checks, day).state_on(day)
