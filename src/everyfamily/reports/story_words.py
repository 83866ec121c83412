"""What happened to a child's letter, as sentences for the school: each adult by number, without names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from everyfamily.core.sending.fallback import AttemptStatus, Channel

_MESSAGE: Mapping[str, str] = {
    Channel.EMAIL: "email",
    Channel.TEXT: "text message",
    Channel.POST: "letter by post",
    Channel.PUPIL_POST: "copy for the child to take home",
}
_GOES: Mapping[str, str] = {
    Channel.EMAIL: "The whole letter.",
    Channel.TEXT: "The address of the page, not the letter.",
    Channel.POST: "The whole letter, to the address in your file.",
    Channel.PUPIL_POST: "The whole letter. Your school hands it out.",
}
_NEXT_WAY = "We try the next way, if there is one."
_NEWS: Mapping[str, tuple[str, str]] = {
    AttemptStatus.DELIVERED: ("The {message} {to} arrived", ""),
    AttemptStatus.REFUSED: ("The {message} {to} was not taken in for now", "We try it again."),
    AttemptStatus.TEMPORARY_FAILURE: ("The {message} {to} was not delivered", _NEXT_WAY),
    AttemptStatus.PERMANENT_FAILURE: ("The {message} {to} failed: no such address or number", _NEXT_WAY),
    AttemptStatus.TECHNICAL_FAILURE: ("The {message} {to} failed through a fault", "It was not the family’s."),
    AttemptStatus.RETURNED: ("The {message} {to} came back", _NEXT_WAY),
    AttemptStatus.UNKNOWN: (
        "It is not known whether the {message} {to} went",
        "It is not sent again by this way, so that nobody has it twice.",
    ),
}
_OF_PAPER: Mapping[str, str] = {
    AttemptStatus.DELIVERED: "The {message}, for {adult}, was handed out",
    AttemptStatus.ACCEPTED: "A {message}, for {adult}, was printed",
}


def news_words(channel: str, status: str, reason: str, adult: str) -> tuple[str, str]:
    """What was heard about one try: what happened, and one sentence more or blank. `adult` is "adult 2"."""
    message = _MESSAGE.get(channel, channel)
    values = {"message": message, "to": f"to {adult}", "adult": adult}
    if channel == Channel.PUPIL_POST and status in _OF_PAPER:
        return _OF_PAPER[status].format(**values), _GOES[channel] if status == AttemptStatus.ACCEPTED else ""
    if status == AttemptStatus.ACCEPTED:
        left = "was printed" if channel == Channel.POST else "left"
        return f"The {message} to {adult} {left}", _GOES.get(channel, "")
    what, more = _NEWS.get(status, ("The {message} {to}: " + status, ""))
    said = f"“{reason}”. {more}".strip() if reason and status in _SAYS_WHY else more
    return what.format(**values), said


_SAYS_WHY = frozenset({AttemptStatus.TEMPORARY_FAILURE, AttemptStatus.PERMANENT_FAILURE, AttemptStatus.RETURNED})
"""The carrier's own words help somebody to put it right."""
_TASKS: Mapping[str, tuple[str, str]] = {
    "restriction": ("Somebody must decide whether {adult} may have the letter", "It was decided about {adult}"),
    "new word": (
        "{adult} came or was opened after the lead’s word, so they wait for another",
        "The lead said again that the roll is right, also for {adult}",
    ),
    "to tell": (
        "{adult} had a wrong letter and may not be written to, so a person tells them",
        "What was done about {adult} and the wrong letter was recorded",
    ),
    "unknown attempt": (
        "Somebody must find out whether {adult} has the letter",
        "It was settled whether {adult} has the letter",
    ),
}


def task_words(kind: str, adult: str) -> tuple[str, str] | None:
    """A task about an adult: that it began, and that it ended. None for what is not about one adult."""
    words = _TASKS.get(kind)
    return None if words is None else (_sentence(words[0], adult), _sentence(words[1], adult))


_MAY: Mapping[str, str] = {
    "none": "may have the letter",
    "do not send": "must not have the letter",
    "hold": "waits for you: nothing is sent until somebody decides",
    "unknown": "waits for you: nothing is sent until somebody decides",
}


def decision_words(action: str, detail: Mapping[str, Any], adult: str) -> str | None:
    """What was decided about an adult, or None for what does not belong in the story of a letter."""
    if action in ("restriction", "review restriction"):
        return _sentence(f"{{adult}} {_MAY.get(str(detail.get('to')), 'was looked at')}", adult)
    if action == "parent or carer":
        said = {"yes": "is a parent or carer", "no": "is no parent or carer of this child"}
        words = said.get(str(detail.get("said")), "may be a parent or carer: it is no longer said")
        return _sentence(f"{{adult}} {words}", adult)
    about = _ABOUT_ADULT.get(action)
    return None if about is None else _sentence(about.replace("{channel}", str(detail.get("channel"))), adult)


_ABOUT_ADULT: Mapping[str, str] = {
    "record objection": "{adult} asked for no more letters",
    "lift objection": "{adult} wants letters again",
    "record death of adult": "Your school was told that {adult} has died",
    "take back death of adult": "Your school was wrong: {adult} has not died",
    "opt out": "{adult} wants nothing by {channel}",
    "undo opt out": "{adult} may be written to by {channel} again",
    "ways work again": "Somebody said that a contact of {adult} works again",
    "forget adult": "The name and addresses of {adult} were deleted, because they asked for it",
}


def _sentence(words: str, adult: str) -> str:
    said = words.format(adult=adult)
    return said[:1].upper() + said[1:]
