"""What may be decided about many links at once, with one reason: a batch confirms and never opens what was closed.

Why a link waits is its kind. Of a link *not said* the file is merely silent, and a batch may decide either way. Every
other kind has something behind it: a word of the file, a word that cannot be read, somebody who may be a restricted
adult, an adult who is gone, a child in care. A batch may close those and no more; each is opened by itself.

*Child in care* is held by a rule and not by a word of the file. It is not silence all the same: the rule is there
because a care plan may keep this adult away. Each child has its own, and whoever decides for a class has read none.
"""

from __future__ import annotations

from everyfamily.core.adults.eligibility import CLOSED
from everyfamily.core.rolls.model.roll_rows import DOUBT, GONE, IN_CARE, NOT_READABLE, NOT_SAID

KINDS = (NOT_SAID, IN_CARE, NOT_READABLE, DOUBT, GONE, "unknown", "hold")
"""Kinds of links that wait. "unknown" and "hold": the file, or a person, said exactly that."""
MAY_BE_OPENED = (NOT_SAID,)
"""Kinds of which a batch may decide *none*."""


def kind_of(restriction: str, reason: str) -> str:
    """Why a link that waits does so."""
    return reason or restriction


def may_decide(kind: str, decision: str) -> bool:
    """Whether a batch may decide this ("none", "hold", "do not send") about links of the kind."""
    return kind in KINDS and (decision in CLOSED or (decision == "none" and kind in MAY_BE_OPENED))
