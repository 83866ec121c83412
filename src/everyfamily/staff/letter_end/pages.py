"""What the pages show on which somebody stops a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404

from everyfamily.core.agreement.two_people import Act
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.letters.queries import Standing, asked_of, standing_of
from everyfamily.mailings.actions.guards.another_person import takes_another
from everyfamily.mailings.queries.had_letter import HadLetter, SchoolToTell, who_had
from everyfamily.mailings.queries.unknown import unknowns_to_decide
from everyfamily.staff.access import Visit

NAMED = 40
"""Schools that a list names. The rest is a number."""
LONGEST_WHY = 120
_BY: Mapping[str, str] = {
    Channel.EMAIL: "By email",
    Channel.TEXT: "By text message",
    Channel.POST: "By post",
    Channel.PUPIL_POST: "On paper, handed over by schools",
}


def letter_of(reference: str) -> Standing:
    """The letter of a page. Raises Http404 unless it was sealed here."""
    found = standing_of(reference)
    if found is None:
        raise Http404
    return found


def stop_values(
    visit: Visit, letter: Standing, problem: EveryfamilyError | None = None, why: str = ""
) -> dict[str, Any]:
    """How far it is, and what can be done: pause it, let it go on, or withdraw it."""
    had = who_had(letter.reference)
    is_paused = had is not None and had.state == "paused"
    unknown = unknowns_to_decide(had.mailing_id) if had is not None and is_paused else {}
    return _about(visit, letter) | {
        "had": had,
        "counts": _counts(had),
        "is_open": had is not None and had.state == "open",
        "is_paused": is_paused,
        "unknown": [
            (channel.name.lower(), of(count, "message"), _BY[channel].lower())
            for channel, count in unknown.items()
        ],
        "may_pause": visit.held.may(Right.PAUSE_MAILING),
        **_waiting(visit, letter),
        "takes_another": had is not None and is_paused and takes_another(had.mailing_id, visit.actor),
        "problem": problem,
        "why": why,
    }


def withdraw_values(
    visit: Visit, letter: Standing, problem: EveryfamilyError | None = None, why: str = ""
) -> dict[str, Any]:
    """What a withdrawal would stop, and what it cannot call back."""
    had = who_had(letter.reference)
    return _about(visit, letter) | {
        "had": had,
        "copies": sum(one.copies for one in had.to_bin) if had else 0,
        **_waiting(visit, letter),
        "problem": problem,
        "why": why,
    }


def withdrawn_values(visit: Visit, letter: Standing) -> dict[str, Any]:
    """Who has the withdrawn letter, whom a person must ring, and what comes next."""
    had = who_had(letter.reference)
    values = _about(visit, letter) | {
        "had": had,
        "counts": _counts(had),
        "by": letter.withdrawn_by,
        "at": at_in_words(letter.withdrawn_at) if letter.withdrawn_at else "",
        "may_write": visit.held.may(Right.WRITE_LETTERS),
    }
    if had is None:
        return values
    return values | {
        "copies": sum(one.copies for one in had.to_bin),
        "to_bin": [(one.name, one.copies) for one in had.to_bin[:NAMED]],
        "more_to_bin": max(len(had.to_bin) - NAMED, 0),
        "to_tell": [(one.name, _said(one)) for one in had.to_tell[:NAMED]],
        "more_to_tell": max(len(had.to_tell) - NAMED, 0),
        "by_post": had.had.get(Channel.POST, 0),
    }


def _waiting(visit: Visit, letter: Standing) -> dict[str, Any]:
    """What waits for a second person about the letter."""
    asked = asked_of(letter.reference)
    return {
        "asked": asked,
        "asked_at": at_in_words(asked.at) if asked else "",
        "to_withdraw": asked is not None and asked.act is Act.WITHDRAW,
        "is_own": asked is not None and asked.is_of(visit.actor),
    }


def at_in_words(at: datetime) -> str:
    """ "2:12pm on Friday 12 March"."""
    here = at.astimezone(LONDON)
    return f"{time_in_words(here.time())} on {day_with_weekday(here.date())}"


def _about(visit: Visit, letter: Standing) -> dict[str, Any]:
    return {
        "here": "letters",
        "letter": letter,
        "longest": LONGEST_WHY,
        "as_of": at_in_words(visit.now),
    }


def _counts(had: HadLetter | None) -> list[tuple[str, int]]:
    """Adults by what they have, as lines of a table."""
    if had is None:
        return []
    lines = [(_BY.get(channel, channel.capitalize()), count) for channel, count in had.had.items()]
    lines += [("Not known whether theirs went", had.perhaps)] if had.perhaps else []
    lines += [("Stopped in time", had.stopped)] if had.stopped else []
    return lines + ([("Not written to yet", had.waits)] if had.waits else [])


def _said(school: SchoolToTell) -> str:
    if school.has_filed:
        return "has sent it"
    return "says that it has not sent it" if school.has_stopped else "may have sent it"
