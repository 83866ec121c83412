"""Agreeing follows its table."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from everyfamily.core.agreement.approvals import (
    MOVES,
    Approval,
    ApprovalNotGood,
    LetterState,
    MoveNotAllowed,
    approve,
    move,
    state_from_approvals,
)
from everyfamily.core.agreement.seals import NotEveryoneApproved, digest_of, required_signatories, seal
from everyfamily.core.keys.signing import SigningKey
from tests.factories.each import each
from tests.factories.records import KEYS, small_record
from tests.spec.tables import table

TABLE = table("approvals")
NOW = datetime(2027, 2, 23, 10, 30, tzinfo=UTC)
REQUIRED = required_signatories(small_record())


@cache
def _key(who: str) -> SigningKey:
    return KEYS.get(who) or SigningKey.new()


def _digest(words: str) -> str:
    return digest_of({**small_record(), "rule_set": words} if words == "other words" else small_record())


def _approval(names: str, signs: str, words: str) -> Approval:
    return approve(reference="ES-2703-K7R4", digest=_digest(words), signatory=names, key=_key(signs), now=NOW)


@each("here", list(LetterState))
@each("there", list(LetterState))
def test_a_letter_moves_only_as_the_table_says(here: LetterState, there: LetterState) -> None:
    allowed = {row["from"]: set(row["to"]) for row in TABLE["move"]}
    assert allowed.keys() == set(LetterState) == MOVES.keys()
    if there in allowed[here]:
        assert move(here, there) is there
    else:
        with pytest.raises(MoveNotAllowed, match=f'"{here}" cannot become "{there}"') as problem:
            move(here, there)
        ended = here in (LetterState.SEALED, LetterState.WITHDRAWN)
        assert ("Compose a new letter" in problem.value.fix) is ended


@each("row", TABLE["approved"])
def test_what_counts_as_agreed_is_the_tables(row: dict[str, Any]) -> None:
    approvals = [_approval(*one) for one in row["approvals"]]
    digest = _digest("these words")
    if "refused" in row:
        with pytest.raises(ApprovalNotGood) as problem:
            state_from_approvals(digest, approvals, REQUIRED)
        assert problem.value.code == row["refused"]
        return
    state = state_from_approvals(digest, approvals, REQUIRED)
    assert state == row["state"]
    if state is not LetterState.APPROVED:
        with pytest.raises(NotEveryoneApproved):
            seal(small_record(), approvals, key=_key("sealing"), now=NOW)


@each("row", TABLE["void"])
def test_a_change_makes_every_approval_void(row: dict[str, Any]) -> None:
    both = [_approval(who, who, "these words") for who in ("council", "police")]
    changed = copy.deepcopy(small_record())
    *path, last = row["at"]
    place: Any = changed
    for step in path:
        place = place[step]
    assert place[last] != row["to"]
    place[last] = row["to"]
    state = state_from_approvals(digest_of(changed), both, required_signatories(changed))
    assert state is LetterState.DRAFT
