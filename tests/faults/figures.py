"""The figures of rounds, one line for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_COLUMNS = ("rounds", "broken", "kills", "adults", "messages", "unknown", "resent by rule", "seconds")


def table(rounds: Iterable[dict[str, Any]]) -> list[str]:
    """Lines of text: rounds, rounds in which something was broken, and sums."""
    sums: dict[str, dict[str, float]] = {}
    for one in rounds:
        row = sums.setdefault(one["kind"], dict.fromkeys(_COLUMNS, 0))
        row["rounds"] += 1
        row["broken"] += bool(one["broken"])
        faults = one.get("faults", {})
        row["kills"] += sum(
            times * (2 if what.endswith("twice") else 1) for what, times in faults.items() if "database" in what
        )
        for name in ("kills", "adults", "messages", "unknown", "resent by rule", "seconds"):
            row[name] += one.get(name, 0)
    if not sums:
        return []
    sums = dict(sorted(sums.items()))
    sums["all"] = {name: sum(row[name] for row in sums.values()) for name in _COLUMNS}
    wide = max(len(kind) for kind in sums)
    lines = [" " * wide + "".join(f"{name:>16}" for name in _COLUMNS)]
    lines += [
        f"{kind:<{wide}}" + "".join(f"{row[name]:>16,.0f}" for name in _COLUMNS) for kind, row in sums.items()
    ]
    return lines
