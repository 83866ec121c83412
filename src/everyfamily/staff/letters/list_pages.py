"""What the list of letters shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.agreement.draft_states import DraftState
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.text.dates import day_in_words
from everyfamily.letters.draft_queries.agreeing import DraftInBrief, drafts_in_brief
from everyfamily.letters.queries import LetterInBrief, letters_in_brief
from everyfamily.staff.letters.words import LOOKS, STATES, letter_name, topic_in_words


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A letter that is being written, or was given up."""

    reference: str
    name: str
    dated: str
    state: str
    look: str


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A letter that was sealed."""

    reference: str
    name: str
    sealed: str
    state: str
    look: str


def list_values(now: datetime) -> dict[str, Any]:
    """Every letter, by state."""
    sealed = letters_in_brief()
    over = {one.reference for one in sealed}
    open_ones = [one for one in drafts_in_brief() if one.facts.reference not in over]
    return {
        "here": "letters",
        "writing": [_draft_row(one) for one in open_ones if one.state is not DraftState.ENDED],
        "ended": [_draft_row(one) for one in open_ones if one.state is DraftState.ENDED],
        "sealed": [_sealed_row(one) for one in sealed],
    }


def _draft_row(brief: DraftInBrief) -> DraftRow:
    one = brief.facts
    state, look = STATES[brief.state], LOOKS[brief.state]
    return DraftRow(one.reference, letter_name(one), day_in_words(one.dated), state, look)


def _sealed_row(one: LetterInBrief) -> SealedRow:
    is_over = one.withdrawn_at is not None
    name = f"{one.term[:1].upper()}{one.term[1:]}: {topic_in_words(one.topic)}"
    sealed = day_in_words(one.sealed_at.astimezone(LONDON).date())
    return SealedRow(
        one.reference, name, sealed, "Withdrawn" if is_over else "Sealed", "stop" if is_over else "ok"
    )
