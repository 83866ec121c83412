"""How far a draft is, as every page of it says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from everyfamily.accounts.queries import people_of
from everyfamily.checks.model.waiver_file import parse_waivers
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.run.codes import RULES
from everyfamily.core.agreement.draft_states import DraftStanding, DraftState, state_of
from everyfamily.core.files.waiver_file import FILE
from everyfamily.core.letter.letter_parts import part_of_passage
from everyfamily.core.permissions import Role
from everyfamily.letters.draft_queries.agreeing import (
    ApprovalFacts,
    WaiverFacts,
    how_far,
    waivers_file,
    waivers_of_draft,
)
from everyfamily.letters.draft_queries.frozen import FrozenFacts
from everyfamily.staff.letters.opened import Opened


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draft is."""

    state: DraftState
    facts: DraftStanding
    version: FrozenFacts | None
    """The newest that did not fail."""
    approvals: tuple[ApprovalFacts, ...]
    """Of that version."""
    reviewers: tuple[str, ...]
    """Names of everybody whose role is reviewer."""
    acting: Mapping[str, list[str]]
    """Names of everybody whose role is signatory, by the id of the body for which they sign."""


def standing_of(opened: Opened) -> Standing:
    """How far a draft is now."""
    people = people_of(Role.REVIEWER, Role.SIGNATORY)
    reviewers = tuple(dict.fromkeys(one.name for one in people if one.role is Role.REVIEWER))
    acting: dict[str, list[str]] = {}
    for one in people:
        if one.role is Role.SIGNATORY:
            acting.setdefault(one.body, []).append(one.name)
    far = how_far(opened.draft, needs_review=bool(reviewers), settings=opened.settings)
    return Standing(state_of(far.standing), far.standing, far.version, far.approvals, reviewers, acting)


def waivers_of(opened: Opened, proposed: Sequence[WaiverFacts] | None = None) -> tuple[Waiver, ...]:
    """The waivers that were proposed, as if everybody who signs had agreed: with the approval they do."""
    if proposed is None:
        proposed = waivers_of_draft(opened.draft.id)
    text = waivers_file(proposed, tuple(one.id for one in opened.partnership.signatories))
    return parse_waivers(text, FILE) if text else ()


def kept_in_words(opened: Opened, waiver: WaiverFacts) -> str:
    """What a proposed waiver keeps, and where: what the rule warns of, its code, and the section's name."""
    part = part_of_passage(opened.worded, waiver.language or "en", waiver.passage)
    what = f"{RULES[waiver.code].name.replace('-', ' ').capitalize()} ({waiver.code})"
    return f"{what}, in “{part.name}”" if part is not None else what
