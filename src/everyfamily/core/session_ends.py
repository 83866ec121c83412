"""When a session ends: eight hours after it began, and sooner if nobody uses it. Pure; seconds of one clock."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 8 * 3600
IDLE: Final = 30 * 60
"""Seconds without a page."""


def is_over(began: float, seen: float, now: float) -> bool:
    """Whether a session that began and was last used then has ended."""
    return not (began <= now < began + LONGEST and seen <= now < seen + IDLE)


def end_of(began: float, seen: float) -> tuple[float, float]:
    """When it ends without another page, and when it ends at the latest."""
    last = began + LONGEST
    return min(seen + IDLE, last), last
