"""What a pack and a letter's record say of the words that are a partnership's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Overridden:
    """What a letter's record says of overrides."""

    made_for: str
    """The version of the pack that they were made for. The record has the version that it was composed from, too."""
    digest: str
    passages: tuple[str, ...]
    """Language and id of each passage that is not the pack's: "en now/4", and "en call/7+1" for one that is added."""
