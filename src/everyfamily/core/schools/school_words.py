"""Words about a school: for whom else something waits there, and what this product does for it this term. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.waiting import ABOUT, Item, Wait, waits_for
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.permissions import GRANTED, Held, Right, Role, Standing, held_by, role_name
from everyfamily.core.text.dates import day_with_weekday, time_in_words

_WHO = (Role.LEAD, Role.OFFICE, Role.DPO)
_WE_SEND = "We send each term’s letter to the families of your children, and tell you who could not be reached."
_SENDS_ITSELF = (
    "Your school sends each term’s letter itself. We give you the letter, and ask how many families have it."
)


@dataclass(frozen=True, slots=True)
class SchoolPart:
    """What happens at one school in one mailing."""

    mailing_id: int
    term: str
    mailing_state: str
    state: str
    """As in the table: "planned", "sending", "held" or "sends itself"."""
    wave_at: datetime
    is_paused: bool
    returns_due_on: date | None
    return_filed_at: datetime | None = None
    """For a school that sends the letter itself: when its newest return came in."""


def for_others(waits: Iterable[Wait], held: Held, school_id: int) -> list[tuple[Item, str]]:
    """What waits at a school for colleagues with other roles, and for which role ("safeguarding lead")."""
    theirs = [one for one in waits if not held.may(ABOUT[one.kind].right, school_id=one.school_id)]
    anybody = held_by(Standing(role, school_id) for role in _WHO)
    return [(item, _whose(item.about.right)) for item in waits_for(theirs, anybody)]


def _whose(right: Right) -> str:
    return next(role_name(role).lower() for role in _WHO if right in GRANTED[role])


def this_term(part: SchoolPart | None, *, sends_itself: bool) -> list[str]:
    """What this product does for the school this term, as sentences."""
    does = _SENDS_ITSELF if sends_itself else _WE_SEND
    if part is None:
        return [does, "No letter has a day yet."]
    letter = letter_of_term(part.term)
    if part.mailing_state == "withdrawn":
        return [f"The {letter} was withdrawn: something in it is wrong. Do not send it or hand it out."]
    if part.mailing_state == "closed":
        return [does, f"The {letter} is finished. The next has no day yet."]
    if part.state == "sends itself":
        return [does, _return_of(part, letter)]
    if part.is_paused or part.mailing_state == "paused":
        return [does, f"Sending of the {letter} is paused. Nothing goes out until a person lets it go on."]
    return [does, _wave_of(part, letter)]


def _wave_of(part: SchoolPart, letter: str) -> str:
    if part.state == "sending":
        return f"The {letter} has begun to go out to your families."
    if part.state == "held":
        return f"The {letter} waits: your lead has not said that restrictions and leavers are right."
    local = part.wave_at.astimezone(LONDON)
    return f"The {letter} goes out on {day_with_weekday(local.date())}, from {time_in_words(local.time())}."


def _return_of(part: SchoolPart, letter: str) -> str:
    if part.return_filed_at is not None:
        filed_on = day_with_weekday(part.return_filed_at.astimezone(LONDON).date())
        return f"Your return for the {letter} came in on {filed_on}."
    if part.returns_due_on is None:
        return f"Your return for the {letter} has no day yet. We tell you when it is due."
    due = day_with_weekday(part.returns_due_on)
    return (
        f"Your return for the {letter} is due on {due}. File it here, or with the link in your school’s mailbox."
    )
