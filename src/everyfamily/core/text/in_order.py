"""The order in which people look for something: 10B comes after 9B, and Reception before Year 1."""

from __future__ import annotations

import re
from functools import lru_cache

_NURSERY = re.compile(r"(?:nursery|pre-?school|n[12]?)\b.*")
_RECEPTION = re.compile(r"(?:reception|rec[a-z]?|foundation|eyfs|(?:year |yr? ?)?r(?:\d?[a-z]?)?)\b.*")
_BEFORE_A_NUMBER = re.compile(r"(?:year|yr|class|form|y) ?(?=\d)")


def in_order(text: str) -> list[tuple[int, int, str]]:
    """A key to sort names and ids by, with numbers as numbers."""
    return [
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part)
        for part in re.split(r"([0-9]+)", text)
        if part
    ]


@lru_cache(1024)
def in_class_order(name: str) -> tuple[int, list[tuple[int, int, str]], str]:
    """A key to sort classes and years by, as a school lists them: Nursery, Reception, Year 1, 2A, 10B, Oak. One without
    a name comes last."""
    plain = " ".join(name.casefold().split())
    if not plain:
        return 3, [], plain
    if _NURSERY.fullmatch(plain):
        return 0, in_order(plain), plain
    if _RECEPTION.fullmatch(plain):
        return 1, in_order(plain), plain
    return 2, in_order(_BEFORE_A_NUMBER.sub("", plain, count=1)), plain
