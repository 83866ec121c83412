"""Which test files take longest, for the end of a run."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 10
WORTH_SAYING = 120
"""Seconds of all tests together: a shorter run needs no such list."""


def slowest_files(timed: Iterable[tuple[str, float]]) -> list[str]:
    """Lines of text, the slowest file first. `timed` has a test's name and the seconds of one of its phases."""
    seconds: dict[str, float] = {}
    for name, took in timed:
        file = name.partition("::")[0]
        seconds[file] = seconds.get(file, 0) + took
    if sum(seconds.values()) < WORTH_SAYING:
        return []
    slowest = sorted(seconds, key=lambda file: -seconds[file])[:MOST]
    return [f"{seconds[file]:6.1f} s  {file}" for file in slowest]
