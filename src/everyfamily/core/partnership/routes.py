"""Reporting routes: the numbers and addresses that a letter may print, and whether each may be printed today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
    line: int = 1
    """Line of the row in the partnership's file."""

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
