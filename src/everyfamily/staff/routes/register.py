"""The register as pages read it: every number and address that letters print or may print, by its own address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from everyfamily.accounts.desk.of_routes import ToRing, to_ring
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import Route
from everyfamily.mailings.queries.across import across
from everyfamily.mailings.queries.routes import Line, RouteInUse, lines_in_use, routes_in_use
from everyfamily.partnership.queries import in_force


@dataclass(frozen=True, slots=True)
class Register:
    """All of it, by key."""

    routes: dict[str, RouteInUse]
    """Those that may not be printed first, and then those that run out soonest."""
    to_ring: dict[str, ToRing]
    """Those that must be rung now."""


def read_register(now: datetime) -> Register:
    """The routes of letters that still count, and of the settings in force if they can be read."""
    found = by_key(routes_in_use(now, _of_settings()))
    waits = to_ring(found.values(), across(now, now).mailings, now.astimezone(LONDON).date())
    keys = {id(one): key for key, one in found.items()}
    return Register(found, {keys[id(one.one)]: one for one in waits})


def addresses_of_lines(register: Iterable[Route]) -> dict[Line, str]:
    """The address of each line's own page. `register` are the routes of the settings in force."""
    keys = _keys(lines_in_use(register))
    return {line: reverse("route", args=[key]) for line, key in keys.items()}


def by_key(found: Iterable[RouteInUse]) -> dict[str, RouteInUse]:
    """Each route by the last part of its address: its name, with the number's own mark where letters print different
    numbers under one name."""
    lines = {(one.route.id, one.route.place): one for one in found}
    return {key: lines[line] for line, key in _keys(lines).items()}


def _keys(lines: Iterable[Line]) -> dict[Line, str]:
    lines = list(lines)
    names = [name for name, _ in lines]
    return {(name, place): name if names.count(name) == 1 else f"{name}-{_mark(place)}" for name, place in lines}


def _mark(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest()[:6]


def _of_settings() -> tuple[Route, ...]:
    # A number can be rung, and reported as dead, while somebody mends the settings.
    with suppress(EveryfamilyError, OSError):
        found = in_force()
        return found.partnership.routes if found is not None else ()
    return ()
