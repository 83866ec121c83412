"""Words about a school: what waits there, and what this product does for it this term. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.permissions import Held, Right
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.mailings.messages.return_letters import letter_of_term
from everyfamily.mailings.queries.school_part import SchoolPart
from everyfamily.mailings.queries.tasks import OpenTask

_LEAD, _OFFICE = "the safeguarding lead", "the school office"
_KINDS: Mapping[str, tuple[str, str, Right, str]] = {
    "attestation": (
        "Say that restrictions and leavers are right",
        "Without it, no letter goes to your families.",
        Right.ATTEST_ROLL,
        _LEAD,
    ),
    "restriction": (
        "Decide who may have the letter",
        "Nothing goes to these adults until somebody decides.",
        Right.DECIDE_RESTRICTIONS,
        _LEAD,
    ),
    "restrictions not said": (
        "Say whether anybody must not have the letter",
        "The file of the roll says nothing about restrictions for some adults.",
        Right.DECIDE_RESTRICTIONS,
        _LEAD,
    ),
    "relationship": (
        "Say who is a parent or carer",
        "For some adults, the file of the roll does not say it.",
        Right.DECIDE_RESTRICTIONS,
        _LEAD,
    ),
    "shared home": (
        "Say whether a home is safe to post to",
        "It may be the home of somebody who must not have the letter.",
        Right.DECIDE_RESTRICTIONS,
        _LEAD,
    ),
    "leavers": (
        "Say who has left",
        "Some children are not in the newest file of the roll.",
        Right.DECIDE_ABOUT_CHILDREN,
        _LEAD,
    ),
    "file held": (
        "Say whether a file is your school’s",
        "It names mostly other children, so nothing of it was put in.",
        Right.TAKE_HELD_ROLL,
        _LEAD,
    ),
    "to tell": (
        "Tell adults who had the wrong letter",
        "They may not be written to.",
        Right.TELL_ADULTS,
        _LEAD,
    ),
    "hand-out": (
        "Say which paper was handed out",
        "Until then, these children count as not reached.",
        Right.HAND_OUT_PAPER,
        _OFFICE,
    ),
    "bin copies": (
        "Bin the copies of the withdrawn letter",
        "Something in it is wrong. Do not hand them out.",
        Right.SEE_SCHOOL,
        _OFFICE,
    ),
    "paused": (
        "Sending is paused for your school",
        "Nothing more goes to your families until a person lets it go on.",
        Right.PAUSE_SCHOOL,
        _LEAD,
    ),
}
_ROLL = "roll: "


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of what waits at a school."""

    title: str
    why: str
    count: int
    due_on: date
    is_yours: bool
    whose: str
    """Whom it waits for, if it is not whoever looks: "the safeguarding lead"."""


def waiting_at(tasks: list[OpenTask], held: Held, school_id: int) -> list[Waiting]:
    """What waits for the school's people, with what is due first at the top. What the partnership must do is left
    out."""
    found = []
    for task in tasks:
        if task.role == "coordinator":
            continue
        kind = task.kind.removeprefix(_ROLL)
        title, why, right, whose = _KINDS.get(kind, (task.what.capitalize(), "", Right.SEE_FAMILIES, _LEAD))
        if task.kind == _ROLL + "attestation":
            why = "Nobody at your school got the last letter because of it."
        yours = held.may(right, school_id=school_id)
        found.append(Waiting(title, why, task.count, task.due_on, yours, whose))
    return found


def this_term(part: SchoolPart | None, *, sends_itself: bool) -> list[str]:
    """What this product does for the school this term, as sentences."""
    if part is None:
        return [_SENDS_ITSELF if sends_itself else _WE_SEND, "No letter has a day yet."]
    letter = letter_of_term(part.term)
    if part.mailing_state == "withdrawn":
        return [f"The {letter} was withdrawn: something in it is wrong. Do not send it or hand it out."]
    if part.mailing_state == "closed":
        return [
            _SENDS_ITSELF if sends_itself else _WE_SEND,
            f"The {letter} is finished. The next has no day yet.",
        ]
    if part.state == "sends itself":
        return [_SENDS_ITSELF, _return_of(part, letter)]
    if part.is_paused or part.mailing_state == "paused":
        return [_WE_SEND, f"Sending of the {letter} is paused. Nothing goes out until a person lets it go on."]
    return [_WE_SEND, _wave_of(part, letter)]


_WE_SEND = "We send each term’s letter to the families of your children, and tell you who could not be reached."
_SENDS_ITSELF = (
    "Your school sends each term’s letter itself. We give you the letter, and ask how many families have it."
)


def _wave_of(part: SchoolPart, letter: str) -> str:
    if part.state == "sending":
        return f"The {letter} has begun to go out to your families."
    if part.state == "held":
        return f"The {letter} waits: your safeguarding lead has not said that restrictions and leavers are right."
    return f"The {letter} goes out from {_moment(part.wave_at)}."


def _return_of(part: SchoolPart, letter: str) -> str:
    if part.return_filed_at is not None:
        filed_on = day_with_weekday(part.return_filed_at.astimezone(LONDON).date())
        return f"Your return for the {letter} came in on {filed_on}."
    if part.returns_due_on is None:
        return f"Your return for the {letter} has no day yet. Its link will come to your school’s mailbox."
    due = day_with_weekday(part.returns_due_on)
    return f"Your return for the {letter} is due on {due}. Its link is in your school’s mailbox."


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{day_with_weekday(local.date())}, {time_in_words(local.time())}"
