"""The desk in words: by when, and the one sentence about what comes next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.waiting import Item, Wait
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words


def title_of(item: Item) -> str:
    """What is to be done, with how many."""
    return item.about.title.format(n=of(item.count, item.about.noun) if item.about.noun else item.count)


def heading(count: int) -> str:
    """ "3 things wait for you"."""
    if not count:
        return "Nothing waits for you"
    return f"{of(count, 'thing')} {'waits' if count == 1 else 'wait'} for you"


def due_words(wait: Wait, today: date) -> str:
    """By when, as a sentence without its full stop. Empty if nothing says when."""
    if wait.due_at is not None:
        at = wait.due_at.astimezone(LONDON)
        return f"By {time_in_words(at.time())} {_on(at.date(), today)}"
    if wait.due_on is None:
        return ""
    if wait.due_on < today:
        return f"It was due {_on(wait.due_on, today)}"
    return "Due today" if wait.due_on == today else f"By {day_with_weekday(wait.due_on)}"


def moment_words(at: datetime, today: date) -> str:
    """ "tomorrow, Tuesday 9 March, from 9am"."""
    here = at.astimezone(LONDON)
    return f"{_on(here.date(), today)}, from {time_in_words(here.time())}"


def since_words(at: datetime, today: date) -> str:
    """When something was done: "today, 2:12pm", "Thursday 4 March, 9am"."""
    here = at.astimezone(LONDON)
    day = {0: "today", 1: "yesterday"}.get((today - here.date()).days) or day_with_weekday(here.date())
    return f"{day}, {time_in_words(here.time())}"


def _on(day: date, today: date) -> str:
    match (day - today).days:
        case 0:
            return "today"
        case 1:
            return f"tomorrow, {day_with_weekday(day)}"
        case -1:
            return "yesterday"
    return f"on {day_with_weekday(day)}"


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave that is still to come."""

    begins_at: datetime
    schools: int = 1
    place: str = ""
    """The school's name, for somebody with several schools."""


PAUSED = "Sending is paused. Nothing goes out until a person lets it go on."


def next_wave_words(waves: Sequence[Wave], today: date, *, at_school: bool) -> str:
    """What the next wave means for a school's people, or for the partnership's. Empty if none is planned."""
    if not waves:
        return ""
    first = min(waves, key=lambda wave: wave.begins_at)
    when = moment_words(first.begins_at, today)
    if at_school:
        return f"We write to {f'the families of {first.place}' if first.place else 'your families'} {when}."
    same = sum(wave.schools for wave in waves if wave.begins_at == first.begins_at)
    return f"The next wave begins {when}, with {of(same, 'school')}."


def term_words(terms: Sequence[Term], today: date) -> str:
    """The next holiday, or the next term, of an area's calendar. Empty after the last term that is known."""
    for term in sorted(terms, key=lambda one: one.opens_on):
        if today < term.opens_on:
            return f"The {term.season} term begins on {day_with_weekday(term.opens_on)}."
        if today < term.half_term_from:
            return f"Half-term begins on {day_with_weekday(term.half_term_from)}."
        if today <= term.half_term_to:
            return (
                f"School begins again after half-term on {day_with_weekday(_weekday_after(term.half_term_to))}."
            )
        if today <= term.closes_on:
            return f"The {term.season} term ends on {day_with_weekday(term.closes_on)}."
    return ""


def _weekday_after(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
