"""What the page shows on which somebody has a letter sent to their own address, and what became of the last time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from everyfamily.accounts.desk.drafts_by_mail import SentFacts, sent_to
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.draft_ways import WAY_WORDS, Way, ways_of
from everyfamily.core.text.counts import of
from everyfamily.core.text.languages import english_name
from everyfamily.core.work import WorkState
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.opened import Opened
from everyfamily.staff.letters.words import at_in_words

LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A box of the form."""

    key: str
    name: str
    about: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be made, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Became:
    """What became of the last time."""

    words: str
    look: str
    is_under_way: bool
    is_late: bool
    left_out: tuple[LeftOut, ...]


def languages_in(opened: Opened) -> list[str]:
    """The languages that go out with the letter: those of its whole text, and then those of its small sets."""
    return [*opened.letter.texts, *opened.letter.short]


def send_me_values(
    opened: Opened,
    visit: Visit,
    ways: Collection[str] = (Way.EMAIL,),
    languages: Collection[str] = ("en",),
    problem: EveryfamilyError | None = None,
) -> dict[str, Any]:
    """The form, with what is ticked, and the last time."""
    letter = opened.letter
    found = sent_to(visit.account, opened.draft.id)
    return {
        "here": "letters",
        "draft": opened.draft,
        "letter": letter,
        "ways": [Tick(way, *WAY_WORDS[way], way in ways) for way in ways_of(letter)],
        "languages": [
            Tick(tag, english_name(tag), _about(opened, tag), tag in languages) for tag in languages_in(opened)
        ],
        "problem": problem,
        "became": _became(found, visit) if found is not None else None,
        "page_at": at_in_words(visit.now, visit.now),
    }


def _about(opened: Opened, language: str) -> str:
    if language in opened.letter.texts:
        return ""
    return "Only the most important lines: printed, and as a text message."


def _became(found: SentFacts, visit: Visit) -> Became:
    is_under_way = found.state in (WorkState.WAITING, WorkState.WORKING)
    asked = at_in_words(found.asked_at, visit.now)
    left_out = tuple(
        LeftOut(f"{WAY_WORDS[Way(way)][0]} in {english_name(language)}", why)
        for way, language, why in found.left_out
    )
    if is_under_way:
        words = f"What you asked for at {asked} is on its way: {found.done} of {of(found.of, 'email')} are sent."
        if not found.of:
            words = f"What you asked for at {asked} waits for a worker."
        is_late = not found.of and visit.now - found.asked_at > LATE
        return Became(words, "act", True, is_late, left_out)
    if found.state is WorkState.DONE and found.of:
        ended = at_in_words(found.ended_at or found.asked_at, visit.now)
        return Became(f"We sent you {of(found.of, 'email')} at {ended}.", "ok", False, False, left_out)
    if found.state is WorkState.DONE:
        return Became("Nothing was sent, because none of it can be made yet.", "stop", False, False, left_out)
    sent = f"Only {found.done} of {of(found.of, 'email')} came to you." if found.done else "It was not sent."
    return Became(f"{sent} {found.failed_fact}", "stop", False, False, left_out)
