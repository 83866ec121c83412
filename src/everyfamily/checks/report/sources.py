"""What the rules are based on: guidance and studies by key, read from `sources.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Source:
    """A published source: what it says, in our words, and where it is."""

    key: str
    says: str
    address: str


@cache
def sources() -> dict[str, Source]:
    """Every source by its key."""
    text = files("everyfamily.checks.report").joinpath("sources.toml").read_text(encoding="utf-8")
    return {key: Source(key, row["says"], row["address"]) for key, row in tomllib.loads(text)["source"].items()}
