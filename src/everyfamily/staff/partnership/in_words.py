"""The partnership's settings in plain words: sections with a label and a value in each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import WEEKDAYS, Sending
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.calendar.year_plan import PlannedLetter, YearPlan
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import Route, RouteState
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words, time_in_words


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is, its value, a second line, and whether somebody must do something about it."""

    label: str
    value: str
    note: str = ""
    is_to_do: bool = False
    drawing: str = ""
    """The file name of a logo or a signature."""
    drawn: str = ""
    """What the drawing is, for those who do not see it."""


type Section = tuple[str, list[Row]]
_STATES: Mapping[RouteState, str] = {
    RouteState.GOOD: "Checked on {on}. That counts until {until}.",
    RouteState.EXPIRED: "Must be checked again: the last check counted until {until}.",
    RouteState.DEAD: "Has not answered since {dead}.",
    RouteState.UNVERIFIED: "Nobody has checked it yet.",
}


def sections_of(
    partnership: Partnership, drawings: Mapping[str, str], kept: Mapping[int, int], today: date
) -> list[Section]:
    """All that is in force. `drawings` are file names by the SVG, `kept` says for how many days contact values are kept
    -> at how many schools."""
    return [
        ("Area", list(_area(partnership))),
        ("Who writes and who signs", list(_bodies(partnership, drawings))),
        ("Who answers", list(_answers(partnership))),
        ("Numbers and addresses in letters", [_route(route, today) for route in partnership.routes]),
        ("When letters go out", list(_days(partnership.sending))),
        ("Terms", [_term(term, partnership.year_plan) for term in partnership.year_plan.terms]),
        *([("Who gets which letter", list(_years(partnership.from_year)))] if partnership.from_year else []),
        ("Languages and what is kept", list(_kept(kept))),
    ]


def _area(one: Partnership) -> Iterable[Row]:
    yield Row("Area", f"{one.area}, {one.nation}")
    yield Row("Partnership", one.name)
    yield Row("Address", ", ".join(one.address))
    yield Row("Parent site", one.site)
    yield Row("Emails and texts come from", one.sender_name)
    yield Row("References begin with", one.reference_prefix or "Not said")
    if one.demonstration:
        yield Row(
            "Demonstration", "Yes", "Every letter says so, and none may be sent to families.", is_to_do=True
        )


def _bodies(one: Partnership, drawings: Mapping[str, str]) -> Iterable[Row]:
    names = {body.id: body.name for body in one.bodies}
    for body in one.bodies:
        yield Row(
            body.name,
            ", ".join(body.address),
            f"Its people have addresses at {' or '.join(body.mail_domains)}."
            if body.mail_domains
            else "It names no mail domain, so people with any address can be invited to act for it.",
            is_to_do=not body.mail_domains,
            drawing=drawings.get(body.logo_svg, ""),
            drawn=f"Logo of {body.name}",
        )
    for who in one.signatories:
        yield Row(
            f"Signs for {names[who.body]}",
            f"{who.name}, {who.title}",
            _keys(who.keys) or "No key yet, so nothing can be approved.",
            is_to_do=not who.keys,
            drawing=drawings.get(who.signature_svg, ""),
            drawn=f"Signature of {who.name}",
        )


def _keys(keys: Iterable[ApprovalKey]) -> str:
    """The keys with their fingerprints, which their owner reads to others by phone."""
    return "; ".join(f"{'Passkey' if key.is_passkey else 'Key file'} {key.fingerprint}" for key in keys)


def _answers(one: Partnership) -> Iterable[Row]:
    yield Row("Questions about a letter", f"{one.enquiries.role}, {one.enquiries.number}", one.enquiries.hours)
    yield Row("Mailbox for questions", one.enquiries.mailbox)
    yield Row("Mailbox for replies", one.reply_mailbox, f"Read by {one.reply_owner}.")
    door = one.sending.front_door
    calls = f"{door.calls_a_day} more calls a day" if door else "Nobody has said how many more calls it can take"
    yield Row("The front door", calls)
    yield Row("Agreed promises", of(len(one.promises), "sentence"))


def _route(route: Route, today: date) -> Row:
    state = route.state_on(today)
    words = _STATES[state].format(
        on=_day(route.checked_on), until=_day(route.expires_on), dead=_day(route.dead_since)
    )
    where = "The school’s own number" if route.differs_by_school else route.place
    more = [way for way in (route.form, route.email, route.text and f"text {route.text}") if way]
    confirmed = route.has_confirmed_hours(today)
    return Row(
        route.need,
        ". ".join((where, route.hours, *more)),
        words if confirmed else f"{words} Nobody has confirmed its hours.",
        is_to_do=state is not RouteState.GOOD or not confirmed,
    )


def _days(sending: Sending) -> Iterable[Row]:
    times = sending.times
    yield Row("Days", ", ".join(WEEKDAYS[day] for day in sorted(times.weekdays)))
    yield Row("Hours", f"{time_in_words(times.opens)} to {time_in_words(times.closes)}")
    yield Row("Kept free", f"The first {times.first_days} and the last {times.last_days} school days of a term")
    if sending.schools_closed:
        yield Row("Schools are closed on", "; ".join(day_in_words(day) for day in sorted(sending.schools_closed)))
    if sending.lines_shut:
        yield Row("A local number is shut on", "; ".join(day_in_words(day) for day in sorted(sending.lines_shut)))
    if sending.exam_weeks:
        yield Row("Exams in the weeks of", "; ".join(day_in_words(day) for day in sorted(sending.exam_weeks)))
    if sending.late_joiners == "half-term":
        yield Row(
            "Children who join",
            "Their families get the letters of the year that are still good, once a half-term",
        )
    if sending.own:
        yield Row("With days of their own", of(len(sending.own), "school"))


def _term(term: Term, plan: YearPlan) -> Row:
    days = f"{day_in_words(term.opens_on)} to {day_in_words(term.closes_on)}"
    half = f"Half-term {day_in_words(term.half_term_from)} to {day_in_words(term.half_term_to)}."
    letters = " ".join(_letter(planned) for planned in plan.letters if planned.term == term)
    return Row(term.name[:1].upper() + term.name[1:], days, f"{half} {letters}")


def _letter(planned: PlannedLetter) -> str:
    if planned.about is None:
        return "Its letter is still open." if planned.send_week is None else "One letter is still open."
    return f"{'Short letter' if planned.beside else 'Letter'} about {planned.about}."


def _years(decided: Mapping[str, int]) -> Iterable[Row]:
    for pack, year in decided.items():
        name = pack[:1].upper() + pack[1:].replace("-", " ")
        yield Row(name, f"Children {from_year_in_words(year) or 'in every year'}", "Whatever its pack says.")


def _kept(kept: Mapping[int, int]) -> Iterable[Row]:
    yield Row("Languages", "Those of each letter’s pack")
    words = "; ".join(f"{of(days, 'day')} at {of(schools, 'school')}" for days, schools in kept.items())
    yield Row(
        "Names and addresses are kept", words or "No school is known yet", "Counted from the end of a mailing."
    )


def _day(day: date | None) -> str:
    return day_in_words(day) if day else "no day"
