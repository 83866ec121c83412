"""Sentences about a lead's word and the wave that it is for. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.words import moment_words
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.schools.school_words import SchoolPart
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words


def moment(at: datetime, *, year: bool = False) -> str:
    """ "Monday 8 March, 4:18pm", with the year where somebody gives their word."""
    here = at.astimezone(LONDON)
    return f"{day_with_weekday(here.date())}{f' {here.year}' if year else ''}, {time_in_words(here.time())}"


def wave_ahead(part: SchoolPart | None) -> datetime | None:
    """When the school's letters begin to go out, if that is planned or waits for the lead."""
    is_open = part is not None and part.mailing_state == "open" and not part.is_paused
    return part.wave_at if part is not None and is_open and part.state in ("planned", "held") else None


def what_waits(part: SchoolPart | None, children: int, now: datetime) -> str:
    """What the word is for."""
    families = f"the families of your {of(children, 'child')}"
    if part is None or part.mailing_state in ("closed", "withdrawn"):
        return "No letter has a day yet. Your word counts for what goes out within 24 hours of it."
    letter = letter_of_term(part.term)
    if part.is_paused or part.mailing_state == "paused":
        return f"The {letter} is paused. Nothing goes out to {families} until a person lets it go on."
    if part.state == "held" or (part.state == "planned" and part.wave_at <= now):
        return f"The {letter} to {families} waits for your word. It goes out as soon as you give it."
    if part.state == "planned":
        today = now.astimezone(LONDON).date()
        return f"We write to {families} {moment_words(part.wave_at, today)}."
    return f"The {letter} has begun to go out to {families}."


def too_early(part: SchoolPart | None, now: datetime, within: timedelta) -> str:
    """If a word of now would not count for the wave any more: from when it does. Otherwise blank."""
    wave = wave_ahead(part)
    if wave is None or wave <= now + within:
        return ""
    return (
        f"Your letters go out on {moment(wave)}. A word counts for 24 hours, so one that you give now has ended by "
        f"then. Give it from {moment(wave - within)}, and we ask you that day."
    )


def after_word(part: SchoolPart | None, said_at: datetime, now: datetime, within: timedelta) -> str:
    """What happens after the word was given."""
    if part is None or part.mailing_state in ("closed", "withdrawn"):
        return "No letter has a day yet. We ask you again in the 24 hours before one goes out."
    if part.is_paused or part.mailing_state == "paused":
        return "Sending is paused. Nothing goes out until a person lets it go on."
    wave = wave_ahead(part)
    if wave is None:
        return "Your letters have begun to go out. Your school’s list of families shows how far they have come."
    if said_at < wave - within:
        return (
            f"Your letters go out on {moment(wave)}. This word has ended by then, so give it again from "
            f"{moment(wave - within)}. Otherwise they wait."
        )
    if wave <= now:
        return "Your families’ letters go out now. Your school’s list of families shows how far they have come."
    today = now.astimezone(LONDON).date()
    return f"Your families’ letters go out {moment_words(wave, today)}. You need not do anything more."


def moved(before: int, now: int) -> str:
    """How the number of decisions that wait changed since the page was shown, or blank."""
    more = now - before
    if more == 0:
        return ""
    change = "more" if more > 0 else "fewer"
    return f"{abs(more):,} {change} {'decision waits' if abs(more) == 1 else 'decisions wait'} for you now."
