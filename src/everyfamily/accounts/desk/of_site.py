"""The parent site as work: publish it again by a day, or see why it could not be published by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.conf import settings

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.partnership.routes import Route, RouteState
from everyfamily.work.queries.sites import SitesMade

DUE_BEFORE = timedelta(days=3)
"""Before the last day on which everything on the site counts: when somebody is asked to publish it again."""


def has_site() -> bool:
    """Whether the parent site is published from here at all."""
    return settings.EVERYFAMILY_SITE_FOLDER is not None


def of_site(sites: SitesMade, today: date) -> Iterator[Wait]:
    """What the site that families see asks for. Nothing, if none was published from here."""
    published, asked = sites.published, sites.asked
    if published is None:
        return
    if sites.is_stuck and asked is not None:
        kind = Kind.SITE_STUCK
        yield Wait(kind, f"{kind.name} {asked.id}", today, place="Parent site")
    until = published.good_until
    if until is not None and until <= today + DUE_BEFORE:
        kind = Kind.SITE_DUE
        yield Wait(kind, f"{kind.name} {until}", until, place="Parent site")


def of_dead_lines(routes: Iterable[Route], now: datetime) -> Iterator[Wait]:
    """The lines of the settings that are dead: the site does without them until somebody gives the right number.
    `routes` are those of the settings, with their newest checks."""
    for route in routes:
        if route.state_on(now.astimezone(LONDON).date()) is RouteState.DEAD:
            kind, since = Kind.LINE_DEAD, route.dead_since
            yield Wait(kind, f"{kind.name} {route.id} {since}", since, place=f"{route.label}, {route.place}")
