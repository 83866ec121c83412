"""How far a letter that is being written is, and what keeps it from being sealed: a table that reads as policy."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from everyfamily.core.agreement.draft_states import (
    DraftStanding,
    DraftState,
    WhyNotSealed,
    state_of,
    why_not_sealed,
)
from tests.factories.each import each

BOTH = frozenset({"council", "police"})
ALL = DraftStanding(is_frozen=True, required=BOTH, approved=BOTH, needs_review=True, is_reviewed=True)

CASES: dict[str, tuple[DraftStanding, DraftState, set[WhyNotSealed]]] = {
    "just begun": (DraftStanding(), DraftState.WRITING, {WhyNotSealed.NOT_FROZEN, WhyNotSealed.NOT_APPROVED}),
    "asked": (replace(ALL, approved=frozenset()), DraftState.ASKED, {WhyNotSealed.NOT_APPROVED}),
    "one has approved": (
        replace(ALL, approved=frozenset({"police"})),
        DraftState.ASKED,
        {WhyNotSealed.NOT_APPROVED},
    ),
    "somebody who was not asked has approved": (
        replace(ALL, approved=frozenset({"police", "health"})),
        DraftState.ASKED,
        {WhyNotSealed.NOT_APPROVED},
    ),
    "approved by all": (ALL, DraftState.APPROVED, set()),
    "approved before any reviewer spoke": (
        replace(ALL, is_reviewed=False),
        DraftState.APPROVED,
        {WhyNotSealed.NOT_REVIEWED},
    ),
    "approved where nobody reviews": (
        replace(ALL, needs_review=False, is_reviewed=False),
        DraftState.APPROVED,
        set(),
    ),
    "a reviewer asks for a change": (
        replace(ALL, change_is_asked=True),
        DraftState.APPROVED,
        {WhyNotSealed.CHANGE_ASKED},
    ),
    "a comma after both had approved": (
        replace(ALL, is_overtaken=True),
        DraftState.WRITING,
        {WhyNotSealed.OVERTAKEN},
    ),
    "nobody is asked": (
        replace(ALL, required=frozenset(), approved=frozenset()),
        DraftState.ASKED,
        {WhyNotSealed.NOT_APPROVED},
    ),
    "sealed": (replace(ALL, is_sealed=True), DraftState.SEALED, {WhyNotSealed.SEALED}),
    "given up": (replace(ALL, is_ended=True), DraftState.ENDED, {WhyNotSealed.ENDED}),
}


@each("case", CASES)
def test_a_draft_is_where_its_approvals_say(case: str) -> None:
    standing, state, reasons = CASES[case]
    assert (state_of(standing), set(why_not_sealed(standing))) == (state, reasons)


def test_only_what_is_approved_by_all_and_not_overtaken_may_be_sealed() -> None:
    flags = (
        "is_frozen",
        "is_overtaken",
        "needs_review",
        "is_reviewed",
        "change_is_asked",
        "is_sealed",
        "is_ended",
    )
    for values in product([False, True], repeat=len(flags)):
        for approved in (frozenset[str](), frozenset({"police"}), BOTH):
            standing = replace(
                DraftStanding(required=BOTH, approved=approved), **dict(zip(flags, values, strict=True))
            )
            if not why_not_sealed(standing):
                assert state_of(standing) is DraftState.APPROVED
                assert not standing.missing
                assert standing.is_reviewed or not standing.needs_review
