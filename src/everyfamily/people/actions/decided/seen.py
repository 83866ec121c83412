"""What somebody was shown when they decided, so that a decision about something else than they saw is refused.

A mark is a short digest of a row's state. A page carries it in its form, and an action compares it under the lock of
its transaction.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from everyfamily.core.errors import EveryfamilyError


class ChangedMeanwhile(EveryfamilyError):
    """Somebody decided, or a file came in, after the person who decides now was shown the list."""

    code = "EF542"


def mark_of(*facts: object) -> str:
    """The mark of a state, made of what somebody sees of it."""
    plain = "|".join(one.isoformat() if isinstance(one, datetime) else str(one or "") for one in facts)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def mark_of_link(restriction: str, reason: str, reviewed_by: str | None) -> str:
    """Of a link's restriction, why it waits, and who decided."""
    return mark_of(restriction, reason, reviewed_by)


def require_seen(seen: str | None, mark: str) -> None:
    """Raise ChangedMeanwhile unless the state is the one that was seen. None asks nothing."""
    if seen is not None and seen != mark:
        raise changed()


def changed() -> ChangedMeanwhile:
    """What is said then."""
    return ChangedMeanwhile(
        "This changed after you opened the page.", "Nothing was saved. Look at it as it is now, then decide."
    )
