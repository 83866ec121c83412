"""The partnership's settings in plain words: sections with a label and a value in each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from everyfamily.core.calendar.sending_days import WEEKDAYS, Sending
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import Route, RouteState
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words, time_in_words

type Row = tuple[str, str]
type Section = tuple[str, list[Row]]
_STATES: Mapping[RouteState, str] = {
    RouteState.GOOD: "checked on {on}, counts until {until}",
    RouteState.EXPIRED: "must be checked again: the last check counted until {until}",
    RouteState.DEAD: "does not answer since {dead}",
    RouteState.UNVERIFIED: "nobody has checked it yet",
}


def sections_of(partnership: Partnership, kept: Mapping[int, int], today: date) -> list[Section]:
    """All that is in force. `kept` says for how many days contact values are kept -> at how many schools."""
    return [
        ("Area", list(_area(partnership))),
        ("Who writes and who signs", list(_bodies(partnership))),
        ("Who answers", list(_answers(partnership))),
        ("Numbers and addresses in letters", [_route(route, today) for route in partnership.routes]),
        ("When letters go out", list(_days(partnership.sending))),
        ("Terms", [_term(planned) for planned in partnership.year_plan.letters]),
        ("Languages and what is kept", list(_kept(partnership, kept))),
    ]


def _area(one: Partnership) -> Iterable[Row]:
    yield "Area", f"{one.area}, {one.nation}"
    yield "Partnership", one.name
    yield "Address", ", ".join(one.address)
    yield "Parent site", one.site
    yield "Emails and texts come from", one.sender_name
    yield "References begin with", one.reference_prefix or "not said"
    if one.demonstration:
        yield "Demonstration", "yes: every letter says so, and none may be sent to families"


def _bodies(one: Partnership) -> Iterable[Row]:
    names = {body.id: body.name for body in one.bodies}
    for body in one.bodies:
        yield f"Body “{body.id}”", ", ".join((body.name, *body.address))
    for who in one.signatories:
        key = "has a key" if who.public_key else "no key yet, so nothing can be approved"
        yield f"Signs for {names[who.body]}", f"{who.name}, {who.title} ({key})"


def _answers(one: Partnership) -> Iterable[Row]:
    yield "Questions about a letter", f"{one.enquiries.role}, {one.enquiries.number}, {one.enquiries.hours}"
    yield "Mailbox for questions", one.enquiries.mailbox
    yield "Mailbox for replies", one.reply_mailbox
    yield "Who reads replies", one.reply_owner
    door = one.sending.front_door
    calls = (
        f"{door.calls_a_day} more calls a day"
        if door
        else "nobody has said how many more calls a day it can take"
    )
    yield "The front door", calls
    yield "Agreed promises", of(len(one.promises), "sentence")


def _route(route: Route, today: date) -> Row:
    words = _STATES[route.state_on(today)].format(
        on=_day(route.checked_on), until=_day(route.expires_on), dead=_day(route.dead_since)
    )
    where = "the school’s own number" if (route.number or "").startswith("((") else route.number or route.url
    return route.need, f"{where}, {route.hours}: {words}"


def _days(sending: Sending) -> Iterable[Row]:
    times = sending.times
    yield "Days", ", ".join(WEEKDAYS[day] for day in sorted(times.weekdays))
    yield "Hours", f"{time_in_words(times.opens)} to {time_in_words(times.closes)}"
    yield (
        "Not in a term’s",
        f"first {of(times.first_days, 'school day')} and last {of(times.last_days, 'school day')}",
    )
    if sending.schools_closed:
        yield "Schools are closed on", "; ".join(day_in_words(day) for day in sorted(sending.schools_closed))
    if sending.lines_shut:
        yield "A local number is shut on", "; ".join(day_in_words(day) for day in sorted(sending.lines_shut))
    if sending.own:
        yield "With days of their own", of(len(sending.own), "school")


def _term(planned: PlannedLetter) -> Row:
    term = planned.term
    days = f"{day_in_words(term.opens_on)} to {day_in_words(term.closes_on)}"
    half = f"half-term {day_in_words(term.half_term_from)} to {day_in_words(term.half_term_to)}"
    return term.name[:1].upper() + term.name[1:], f"{days}, {half}. Letter: {planned.about or 'still open'}"


def _kept(one: Partnership, kept: Mapping[int, int]) -> Iterable[Row]:
    yield "Languages", "as each letter’s pack has them"
    words = "; ".join(f"{of(days, 'day')} at {of(schools, 'school')}" for days, schools in kept.items())
    yield "Names and addresses after a mailing", words or "no school is known yet"


def _day(day: date | None) -> str:
    return day_in_words(day) if day else "no day"
