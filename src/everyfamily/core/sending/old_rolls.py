"""When a roll is too old for the wave that it is needed for."""

from __future__ import annotations

from datetime import datetime, timedelta

COUNTS_FOR = timedelta(days=90)
"""About a term. Since then children have joined and left, and families have moved, and the roll does not know of it."""


def is_old(roll_at: datetime, wave_at: datetime) -> bool:
    """Whether the newest roll will be too old on the day of the wave. Nothing is stopped because of it."""
    return wave_at - roll_at > COUNTS_FOR
