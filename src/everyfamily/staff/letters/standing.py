"""How far a draft is, as every page of it says it."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.accounts.queries import people_of
from everyfamily.checks.model.waiver_file import parse_waivers
from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.agreement.draft_states import DraftStanding, DraftState, state_of
from everyfamily.core.files.waiver_file import FILE
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.permissions import Role
from everyfamily.letters.draft_queries import agreeing
from everyfamily.letters.draft_queries.drafts import DraftFacts


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draft is."""

    state: DraftState
    facts: DraftStanding
    reviewers: tuple[str, ...]
    """Names of everybody whose role is reviewer."""


def standing_of(draft: DraftFacts) -> Standing:
    """How far a draft is now."""
    reviewers = tuple(dict.fromkeys(name for name, _ in people_of(Role.REVIEWER)))
    facts = agreeing.standing_of(draft, needs_review=bool(reviewers))
    return Standing(state_of(facts), facts, reviewers)


def waivers_of(draft: DraftFacts, partnership: Partnership) -> tuple[Waiver, ...]:
    """The waivers that were proposed, as if everybody who signs had agreed: with the approval they do."""
    text = agreeing.waivers_file(draft.id, tuple(one.id for one in partnership.signatories))
    return parse_waivers(text, FILE) if text else ()
