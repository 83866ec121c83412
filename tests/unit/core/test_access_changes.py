"""Which acts explain a change of who may come in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from everyfamily.accounts.sql.access_changes_sql import INVITATIONS_WATCHED, SQL
from everyfamily.core.access_changes import EXPLAINED_BY, AccessChange, unexplained
from everyfamily.core.audit_words import said

NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)


def test_each_act_is_one_of_the_audit_trail_and_each_thing_is_watched() -> None:
    assert frozenset().union(*EXPLAINED_BY.values()) <= set(said())
    for what in EXPLAINED_BY:
        assert f"'{what}');" in SQL + INVITATIONS_WATCHED


@pytest.mark.parametrize(
    ("what", "acts", "is_explained"),
    [
        ("password", ["password changed"], True),
        ("password", ["signed in", "let in again"], True),
        ("password", ["signed in"], False),
        ("password", [], False),
        ("role", ["password changed"], False),
        ("address", ["password changed"], False),
        ("something else", ["password changed"], False),
    ],
)
def test_a_change_needs_an_act_that_makes_such_a_change(
    what: str, acts: list[str], *, is_explained: bool
) -> None:
    change = AccessChange(1, NOW, "accounts_account", 1, 1, what, acts)
    assert list(unexplained([change])) == ([] if is_explained else [change])
