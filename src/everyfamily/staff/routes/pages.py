"""What the pages of the register of routes show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from everyfamily.accounts.desk.of_routes import ToRing
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.partnership.routes import Route, RouteCheck, RouteState, as_checked
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words, day_with_weekday, time_in_words
from everyfamily.letters.queries import checks_of
from everyfamily.mailings.actions.guards.route_checks import LONGEST_NOTE
from everyfamily.mailings.queries.printing import Printing, mailings_printing
from everyfamily.mailings.queries.routes import RouteInUse
from everyfamily.staff.access import Visit
from everyfamily.staff.routes.register import Register

NAMED = 3
"""Letters that a row of the register names. The rest is a number."""


@dataclass(frozen=True, slots=True)
class Line:
    """One route of the register."""

    key: str
    name: str
    hours: str
    place: str
    does: str
    """What somebody does with it: "Ring", "Open" or "Check"."""
    last: str
    until: str
    """Until when it is good, or what is wrong with it."""
    is_wrong: bool
    """It may not be printed now."""
    owner: str
    letters: str


def register_values(register: Register, now: datetime) -> dict[str, Any]:
    """The register: what must be rung now, and what is good."""
    today = now.astimezone(LONDON).date()
    lines = {key: _line(key, one, register.to_ring.get(key), today) for key, one in register.routes.items()}
    waits = [lines[key] for key in register.to_ring]
    return {
        "here": "routes",
        "waits": waits,
        "good": [line for key, line in lines.items() if key not in register.to_ring],
        "title": f"{of(len(waits), 'line')} {'needs' if len(waits) == 1 else 'need'} ringing"
        if waits
        else "Every line is good",
    }


def _line(key: str, one: RouteInUse, waits: ToRing | None, today: date) -> Line:
    route = one.route
    more = len(one.letters) - NAMED
    letters = ", ".join(one.letters[-NAMED:]) + (f" and {of(more, 'more letter')}" if more > 0 else "")
    return Line(
        key,
        _capital(route.label),
        route.hours,
        "The school’s own number" if route.differs_by_school else route.place,
        _does(route),
        f"{day_in_words(route.checked_on)}, by {route.checked_by}" if route.checked_on else "Never",
        _until(one, waits, today),
        one.until is None,
        route.owner,
        letters,
    )


def _does(route: Route) -> str:
    # Nobody rings 999 to check it, and no number is every school's.
    if route.is_for_emergencies or route.differs_by_school:
        return "Check"
    return "Ring" if route.number else "Open"


def _until(one: RouteInUse, waits: ToRing | None, today: date) -> str:
    route = one.route
    if one.state is RouteState.DEAD and route.dead_since is not None:
        return f"Dead since {day_in_words(route.dead_since)}"
    if one.state is RouteState.EXPIRED and route.expires_on is not None:
        return f"Ended on {day_in_words(route.expires_on)}"
    if one.until is None:
        return "Nobody has checked it"
    if waits is not None and waits.kind is Kind.RING_AGAIN and waits.by is not None:
        return f"Before the letter goes on {day_with_weekday(waits.by)}"
    if waits is None:
        return day_in_words(one.until)
    return "Ends today" if one.until == today else f"Ends on {day_with_weekday(one.until)}"


def ring_values(key: str, one: RouteInUse, visit: Visit, note: str = "", **more: Any) -> dict[str, Any]:
    """One route: its number, what to say, and what was found before."""
    route, today = one.route, visit.now.astimezone(LONDON).date()
    good = as_checked(route, [RouteCheck(route.place, True, visit.now, visit.name)], today)
    return _about(key, one) | {
        "letters": one.letters,
        "good_until": day_with_weekday(good.expires_on) if good.expires_on else "",
        "for_emergencies": route.is_for_emergencies,
        "checks": [(_at(check.at), check.by, check.is_good, check.note) for check in checks_of(route.place)],
        "today": day_with_weekday(today),
        "note": note,
        "longest": LONGEST_NOTE,
        "result": "",
        **more,
    }


def dead_values(key: str, one: RouteInUse, note: str = "", **more: Any) -> dict[str, Any]:
    """What happens if somebody says that it is dead."""
    printing = mailings_printing(one.route.place)
    return _about(key, one) | {
        "going": [_going(mailing) for mailing in printing if mailing.state == "open"],
        "paused": [_going(mailing) for mailing in printing if mailing.state == "paused"],
        "have": sum(mailing.had for mailing in printing),
        "note": note,
        "longest": LONGEST_NOTE,
        **more,
    }


def stopped_values(key: str, one: RouteInUse, visit: Visit) -> dict[str, Any]:
    """What is paused because of the number, who has it, and what to do now."""
    printing = mailings_printing(one.route.place)
    newest = next(iter(checks_of(one.route.place, 1)), None)
    return _about(key, one) | {
        "paused": [_going(mailing) for mailing in printing if mailing.state == "paused"],
        "going": [_going(mailing) for mailing in printing if mailing.state == "open"],
        "is_dead": one.state is RouteState.DEAD,
        "by": newest.by if newest else "",
        "at": _at(newest.at) if newest else "",
        "note": newest.note if newest else "",
        "have": sum(mailing.had for mailing in printing),
        "waits": sum(mailing.waits for mailing in printing),
        "as_of": _at(visit.now),
        "may_withdraw": visit.held.in_partnership(Right.WITHDRAW_LETTER),
        "may_pause": visit.held.may(Right.PAUSE_MAILING),
        "may_change_settings": visit.held.may(Right.CHANGE_SETTINGS),
    }


def number_values(key: str, route: Route, visit: Visit, **more: Any) -> dict[str, Any]:
    """The form for another number."""
    return {
        "here": "routes",
        "key": key,
        "label": route.label,
        "place": route.place,
        "hours": route.hours,
        "today": day_with_weekday(visit.now.astimezone(LONDON).date()),
        "longest": LONGEST_NOTE,
        "may_ring": visit.held.may(Right.RING_ROUTES),
        **more,
    }


@dataclass(frozen=True, slots=True)
class Going:
    """A mailing that prints the number."""

    reference: str
    had: int
    waits: int
    next_wave: str


def _going(mailing: Printing) -> Going:
    wave = _at(mailing.next_wave_at) if mailing.next_wave_at is not None else ""
    return Going(mailing.reference, mailing.had, mailing.waits, wave)


def _about(key: str, one: RouteInUse) -> dict[str, Any]:
    route: Route = one.route
    return {
        "here": "routes",
        "key": key,
        "name": _capital(route.label),
        "label": route.label,
        "hours": route.hours,
        "owner": route.owner,
        "place": route.place,
        "shown": "The school’s own number" if route.differs_by_school else route.place,
        "of_school": route.differs_by_school,
        "is_number": bool(route.number),
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _at(at: datetime) -> str:
    """ "2:12pm on Friday 12 March"."""
    here = at.astimezone(LONDON)
    return f"{time_in_words(here.time())} on {day_with_weekday(here.date())}"


def again_from(now: datetime) -> str:
    """When somebody should ring again who heard nobody: in two hours."""
    return time_in_words((now + timedelta(hours=2)).astimezone(LONDON).time())
