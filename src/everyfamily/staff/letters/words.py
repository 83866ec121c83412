"""Words that several pages of letters use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from everyfamily.core.agreement.draft_states import DraftState
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.text.dates import day_in_words, time_in_words
from everyfamily.letters.draft_queries.drafts import DraftFacts

STATES: Mapping[DraftState, str] = {
    DraftState.WRITING: "Being written",
    DraftState.ASKED: "Waits for approvals",
    DraftState.APPROVED: "Approved",
    DraftState.SEALED: "Sealed",
    DraftState.ENDED: "Given up",
}
LOOKS: Mapping[DraftState, str] = {
    DraftState.WRITING: "wait",
    DraftState.ASKED: "act",
    DraftState.APPROVED: "ok",
    DraftState.SEALED: "ok",
    DraftState.ENDED: "wait",
}
"""The end of the class of a state's tag."""


def at_in_words(at: datetime, now: datetime) -> str:
    """ "10:38am", or with its day if that is another one."""
    here = at.astimezone(LONDON)
    said = time_in_words(here.time())
    return said if here.date() == now.astimezone(LONDON).date() else f"{said} on {day_in_words(here.date())}"


def term_in_words(term: str) -> str:
    """ "spring-2027" is "Spring term 2027"."""
    season, _, year = term.partition("-")
    return f"{season.capitalize()} term {year}"


def topic_in_words(pack_id: str) -> str:
    """ "child-sexual-exploitation" is "child sexual exploitation": packs are named by their topic."""
    return pack_id.replace("-", " ")


def letter_name(draft: DraftFacts) -> str:
    """ "Spring term 2027: child sexual exploitation", and which letter it follows, if it follows one."""
    name = f"{term_in_words(draft.term)}: {topic_in_words(draft.pack_id)}"
    return name if draft.follows is None else f"{name} ({draft.follows.kind} of {draft.follows.reference})"
