"""What can be worked out by subtracting published figures from one another: whole numbers in ranges, and their sum."""

from __future__ import annotations

from collections.abc import Collection, Sequence

type Range = tuple[int, int]
"""Lowest and highest value that a number can have, both included."""


def narrowed(ranges: Sequence[Range], total: Range) -> list[Range]:
    """Each range, narrowed for somebody who also knows the range of the sum."""
    lowest = sum(low for low, _ in ranges)
    highest = sum(high for _, high in ranges)
    return [(max(low, total[0] - (highest - high)), min(high, total[1] - (lowest - low))) for low, high in ranges]


def fewest_values(ranges: Sequence[Range], total: Range, asked: Collection[int]) -> int | None:
    """How many values are left for the best known of the numbers `asked` for (places in `ranges`). None asks
    nothing."""
    known = narrowed(ranges, total)
    return min((known[place][1] - known[place][0] + 1 for place in asked), default=None)
