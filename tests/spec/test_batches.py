"""A batch confirms and never opens what was closed: what may be decided about many links at once."""

from __future__ import annotations

import pytest

from everyfamily.core.adults.batches import KINDS, kind_of, may_decide
from everyfamily.core.rolls.model.roll_rows import RESTRICTION_REASONS

TABLE = [
    # why it waits      none   hold   do not send
    ("not said", True, True, True),
    ("child in care", False, True, True),
    ("note not read", False, True, True),
    ("value not read", False, True, True),
    ("not asked yet", False, True, True),
    ("not readable", False, True, True),
    ("doubt", False, True, True),
    ("gone from file", False, True, True),
    ("unknown", False, True, True),
    ("hold", False, True, True),
    # Closed as far as can be, or open: no batch is about these.
    ("do not send", False, False, False),
    ("none", False, False, False),
]


@pytest.mark.parametrize(("kind", "none", "hold", "do_not_send"), TABLE)
def test_what_a_batch_may_decide(kind: str, none: bool, hold: bool, do_not_send: bool) -> None:
    said = [may_decide(kind, decision) for decision in ("none", "hold", "do not send")]
    assert said == [none, hold, do_not_send]
    assert not may_decide(kind, "unknown")


def test_every_reason_a_link_may_wait_for_is_a_kind() -> None:
    assert {kind_of("unknown", reason) for reason in RESTRICTION_REASONS} | {kind_of("hold", "")} == set(KINDS)
    assert sorted(kind for kind, *_ in TABLE) == sorted((*KINDS, "do not send", "none"))
