"""Which report to run in each system that schools use (exports.toml): for pages beside the upload, and for the docs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Export:
    """One system's export. Words between two pairs of asterisks are bold."""

    name: str
    slug: str
    run: str
    holds: str
    lost: str
    sure: str
    fits: str = ""
    """Its name in systems.toml, if its files are known by their headings."""


@cache
def _tables() -> tuple[tuple[str, ...], tuple[Export, ...]]:
    text = files("everyfamily.core.rolls.layout").joinpath("exports.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    return tuple(one["step"] for one in found["in_every_system"]), tuple(Export(**one) for one in found["system"])


def in_every_system() -> tuple[str, ...]:
    """What counts for an export of any system, in the order in which it is done."""
    return _tables()[0]


def exports() -> tuple[Export, ...]:
    """Every system that we know something about."""
    return _tables()[1]
