"""What attempts prove follows its table; so does the view in the database (test_rules_in_views.py)."""

from __future__ import annotations

from typing import Any

from everyfamily.core.sending.fallback import AttemptStatus, Channel, at_close, at_withdrawal, proven
from tests.factories.each import each
from tests.spec.tables import table

ROWS = table("proof")["row"]


def tried_in(row: dict[str, Any]) -> list[tuple[Channel, AttemptStatus]]:
    return [(Channel(channel), AttemptStatus(status)) for channel, status in row["tried"]]


@each("row", ROWS)
def test_what_attempts_prove_is_the_tables(row: dict[str, Any]) -> None:
    tried = tried_in(row)
    state = row.get("proven")
    ends = (row.get("at_close", state), row.get("at_withdrawal", state))
    assert None not in ends
    for order in (tried, tried[::-1]):
        assert proven(order) == state
        assert (at_close(order), at_withdrawal(order)) == ends


def test_the_table_speaks_of_every_channel_and_status() -> None:
    tried = [one for row in ROWS for one in tried_in(row)]
    assert {channel for channel, _ in tried} == set(Channel)
    assert {status for _, status in tried} == set(AttemptStatus)
