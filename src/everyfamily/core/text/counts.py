"""A count and its noun, in words."""

from __future__ import annotations


def of(count: int, noun: str) -> str:
    """A count and its noun: "1 child", "1,204 links"."""
    plural = "children" if noun == "child" else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
