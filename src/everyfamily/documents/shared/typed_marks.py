"""Characters that people type to make a list or a heading."""

from __future__ import annotations

import re

_MARK = re.compile(r"[ \t]{0,40}(?:[•·▪◦‣●○■□➢✓\uf0b7\uf0a7\u2043][ \t\xa0]{0,20}|[-–—*o][ \t\xa0]{1,20})(?=\S)")
"""Word's second bullet is often pasted as the letter "o"."""
_NUMBER = re.compile(r"[ \t]{0,40}\(?\d{1,2}[.)][ \t\xa0]{1,20}(?=\S)")
_LONGEST = 100
_FEWEST_LETTERS = 5


def typed_mark_length(text: str) -> int:
    """Length of a typed bullet with the space around it, or 0 if the text does not begin with one."""
    found = _MARK.match(text)
    return found.end() if found else 0


def number_length(text: str) -> int:
    """Length of a typed number ("1. ", "2) ") with the space around it, or 0 if there is none."""
    found = _NUMBER.match(text)
    return found.end() if found else 0


def is_in_capitals(text: str) -> bool:
    """Whether a short line is all capitals, as people type a heading."""
    text = text.strip()
    letters = sum(character.isalpha() for character in text)
    return (
        letters >= _FEWEST_LETTERS
        and len(text) <= _LONGEST
        and letters >= len(text) / 2
        and text.isupper()
        and "\n" not in text
    )
