"""The order in which people look for the name of a class."""

from __future__ import annotations

import re


def in_order(text: str) -> list[tuple[int, int, str]]:
    """A key to sort by: 10B comes after 9B."""
    return [
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part)
        for part in re.split(r"([0-9]+)", text)
        if part
    ]
