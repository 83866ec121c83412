"""What the rules are based on: guidance and studies by key, read from `sources.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from everyfamily.core.files.data_tables import load_table


@dataclass(frozen=True, slots=True)
class Source:
    """A published source: what it says, in our words, and where it is."""

    key: str
    says: str
    address: str


@cache
def sources() -> dict[str, Source]:
    """Every source by its key."""
    return {key: Source(key, **row) for key, row in load_table(__file__)["source"].items()}
