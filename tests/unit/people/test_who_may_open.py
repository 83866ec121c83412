"""Who may open a link that was closed."""

from __future__ import annotations

from itertools import product

from everyfamily.core.rolls.model.roll_rows import DOUBT, NOT_READABLE, NOT_SAID
from everyfamily.people.actions.decided.restrictions import needs_a_person


def test_only_a_named_person_opens_what_was_closed_or_doubted() -> None:
    closed = [("hold", ""), ("do not send", ""), ("unknown", DOUBT), ("unknown", NOT_READABLE)]
    assert all(needs_a_person(was, reason, "none") for was, reason in closed)
    assert not needs_a_person("unknown", NOT_SAID, "none")
    assert not needs_a_person("none", "", "none")
    assert not any(
        needs_a_person(was, reason, to) for (was, reason), to in product(closed, ("hold", "do not send"))
    )
