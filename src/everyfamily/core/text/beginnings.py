"""How a text begins, for a page that shows many of them and links to the whole of each. Pure."""

from __future__ import annotations

from typing import Final

SHORT: Final = 280
"""Characters that are shown of a longer text."""


def beginning_of(words: str) -> str:
    """The words if they are short, otherwise how they begin, with three dots. What is longer is never equal to it."""
    return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"
