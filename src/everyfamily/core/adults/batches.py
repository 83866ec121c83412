"""What may be decided about many links at once, with one reason. A batch confirms, and never opens what was closed.

The kind of a link is why it waits. For a link *not said* the file is only silent, and a batch can decide either way.
Every other kind has something behind it: a word in the file, a word that cannot be read, somebody who may be a
restricted adult, an adult who is gone, a child in care. A batch may only close those. Each must be opened by itself.

*Child in care* is held by a rule and not by a word in the file. Even so, it is not silence: the rule is there because a
care plan may keep this adult away. Each child has their own care plan, and a person who decides for a class has read
none of them.
"""

from __future__ import annotations

from everyfamily.core.adults.eligibility import CLOSED
from everyfamily.core.rolls.model.roll_rows import (
    DOUBT,
    GONE,
    IN_CARE,
    NOT_ASKED,
    NOT_READABLE,
    NOT_SAID,
    NOTE_NOT_READ,
    VALUE_NOT_READ,
)

KINDS = (
    NOT_SAID,
    NOTE_NOT_READ,
    VALUE_NOT_READ,
    NOT_ASKED,
    IN_CARE,
    NOT_READABLE,
    DOUBT,
    GONE,
    "unknown",
    "hold",
)
"""Kinds of links that wait. "unknown" and "hold" mean that the file, or a person, said exactly that."""
MAY_BE_OPENED = (NOT_SAID,)
"""Kinds for which a batch may decide *none*."""


def kind_of(restriction: str, reason: str) -> str:
    """Why a waiting link waits."""
    return reason or restriction


def may_decide(kind: str, decision: str) -> bool:
    """Whether a batch may decide this ("none", "hold", "do not send") about links of this kind."""
    return kind in KINDS and (decision in CLOSED or (decision == "none" and kind in MAY_BE_OPENED))
