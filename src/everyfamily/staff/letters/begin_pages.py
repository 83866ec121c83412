"""What the page shows on which a letter is begun: the plan's letters that nobody has begun, and from which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict

from everyfamily.core.calendar.plan_warnings import week_of
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.packs.packs_folder import packs_folder, packs_in
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.dates import day_in_words
from everyfamily.letters.draft_queries.drafts import DraftFacts, drafts
from everyfamily.letters.draft_queries.words import partnership_now
from everyfamily.letters.queries import LetterInBrief, letters_in_brief

_SEALED = "sealed-"
"""What the choice of a sealed letter begins with: it has a number of its own."""
PACKS_WORDS = "The pack’s words"


class DateNotRead(EveryfamilyError):
    """The letter's date is missing, or is no date."""

    code = "EF555"


class NothingChosen(EveryfamilyError):
    """The form does not say which letter of the plan to begin."""

    code = "EF556"


@dataclass(frozen=True, slots=True)
class Choice:
    """A letter of the plan that can be begun."""

    key: str
    """Term and pack: "spring-2027 child-sexual-exploitation"."""
    name: str
    when: str
    problem: str
    """Why it cannot be begun, or ""."""
    there: str
    """The reference of the letter that there is already, or ""."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Begin:
    """What the form says."""

    term: str
    pack_id: str
    dated: date
    reference: str | None
    earlier: int | None
    """The draft whose words it is begun from. None for the pack's words, or those of a sealed letter."""
    sealed: int | None
    """The sealed letter whose words it is begun from, if there is no draft of it here."""


def begin_values(
    now: datetime, data: Mapping[str, str], problem: EveryfamilyError | None = None
) -> dict[str, Any]:
    """The form, with what somebody gave. Without settings there is nothing to begin."""
    values: dict[str, Any] = {"here": "letters", "problem": problem, "given": data}
    try:
        partnership = partnership_now(now)
        installed = packs_in(packs_folder(settings.EVERYFAMILY_PACKS))
    except EveryfamilyError as missing:
        return values | {"missing": missing}
    known, sealed = drafts(), [one for one in letters_in_brief() if one.withdrawn_at is None]
    chosen = data.get("letter", "")
    choices = [
        _choice(one, installed, known, sealed, chosen)
        for one in _to_come(partnership, now)
        if one.topic is not None
    ]
    packs = {one.key.partition(" ")[2] for one in choices if not one.problem}
    earlier = [
        (str(one.id), f"{one.reference}, dated {day_in_words(one.dated)}", one.pack_id)
        for one in known
        if one.pack_id in packs and one.follows is None
    ]
    written_here = {one.reference for one in known}
    earlier += [
        (f"{_SEALED}{one.id}", f"{one.reference}, of the {one.term}", one.topic)
        for one in sealed
        if one.topic in packs and one.reference not in written_here
    ]
    return values | {
        "choices": [one for one in choices if not one.problem],
        "others": [one for one in choices if one.problem],
        "earlier": earlier,
        "prefix": partnership.reference_prefix or "",
        "dated": data.get("dated", ""),
    }


def _to_come(partnership: Partnership, now: datetime) -> list[PlannedLetter]:
    """The letters of terms that are not over, and those of the school year, newest plan last."""
    today = now.astimezone(LONDON).date()
    return [one for one in partnership.year_plan.letters if one.term.closes_on >= today]


def _choice(
    one: PlannedLetter, installed: list[str], known: list[DraftFacts], sealed: list[LetterInBrief], chosen: str
) -> Choice:
    key = f"{one.term.id} {one.topic}"
    begun = next(
        (
            draft
            for draft in known
            if (draft.term, draft.pack_id) == (one.term.id, one.topic)
            and draft.ended_at is None
            and draft.follows is None
        ),
        None,
    )
    there = next((two for two in sealed if (two.term, two.topic) == (one.term_words, one.topic)), None)
    problem = reference = ""
    if there is not None:
        problem, reference = "It is sealed already", there.reference
    elif begun is not None:
        problem, reference = "It is being written already", begun.reference
    elif one.topic not in installed:
        problem = "Its pack is not installed here"
    about = (one.about or one.topic or "").strip()
    when = (
        f"Week of {day_in_words(week_of(one.send_week)[0])}"
        if one.send_week is not None
        else "No week is planned yet"
    )
    name = f"{one.term_words[:1].upper()}{one.term_words[1:]}: {about}"
    return Choice(key, name, when, problem, reference, key == chosen)


def begin_of(data: QueryDict, now: datetime) -> Begin:
    """What the form says. Raises NothingChosen and DateNotRead."""
    term, _, pack_id = data.get("letter", "").partition(" ")
    if not term or not pack_id:
        raise NothingChosen("No letter of the plan is chosen.", "Choose the letter that you want to begin.")
    try:
        dated = date.fromisoformat(data.get("dated", ""))
    except ValueError:
        raise DateNotRead(
            "The date of the letter is missing, or is no date.",
            "Give the day that is to be printed on the letter.",
        ) from None
    earlier = data.get("earlier", "")
    return Begin(
        term,
        pack_id,
        dated,
        data.get("reference", "").strip() or None,
        _number(earlier),
        _number(earlier.removeprefix(_SEALED)) if earlier.startswith(_SEALED) else None,
    )


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 18 else None
