"""How far a draft is, as every page of it says it."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.agreement.draft_states import DraftState
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.letters.draft_queries.drafts import DraftFacts


@dataclass(frozen=True, slots=True)
class StandingShown:
    state: DraftState
    waivers: tuple[Waiver, ...]


def standing_of(draft: DraftFacts, partnership: Partnership) -> StandingShown:
    return StandingShown(DraftState.ENDED if draft.ended_at else DraftState.WRITING, ())


def states_of_drafts() -> dict[int, DraftState]:
    return {}


def waivers_of(draft: DraftFacts, partnership: Partnership) -> tuple[Waiver, ...]:
    return ()
