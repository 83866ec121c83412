"""Text as it is in a cell, without what spreadsheets add to it. A formula is never taken for text."""

from __future__ import annotations

import re
import unicodedata

_MARKS = "=+-@'#＝＋－＠"
"""How a cell begins that may not be what it seems. The last four are full-width."""
_KEPT_AS_TEXT = re.compile(r'=\s*"([^"]*)"')
"""="01234" is how a system stops a spreadsheet from removing zeros."""
_NUMBER = re.compile(r"[+-][0-9\s().\-]+")
_ONLY_DASHES = re.compile(r"[-–—\s]+")
_ERROR_OF_A_SHEET = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|#+)", re.IGNORECASE)
_JOINERS = "\u200c\u200d"
"""They shape letters in names of several scripts and hide nothing."""


def text_of(raw: str) -> str | None:
    """A cell's text, or None if it has a formula or a sheet's own error. `raw` is trimmed."""
    if raw[:1] and raw[0] in _MARKS:
        return _of_marked(raw)
    return raw if raw.isprintable() else _visible(raw)


def _of_marked(raw: str) -> str | None:
    if raw[0] == "'":
        # A spreadsheet's mark for "take this as text", if what follows needs it.
        rest = raw[1:]
        return text_of(rest) if rest[:1] and (rest[0] in _MARKS or rest[0].isdigit()) else raw
    if raw[0] == "#":
        return None if _ERROR_OF_A_SHEET.fullmatch(raw) else raw
    if kept := _KEPT_AS_TEXT.fullmatch(raw):
        return text_of(kept[1].strip())
    if _ONLY_DASHES.fullmatch(raw):
        return ""
    return raw if _NUMBER.fullmatch(raw) else None


def _visible(raw: str) -> str:
    """Without control characters and characters that reverse text. Line breaks and tabs become spaces."""
    shown = (
        " " if letter.isspace() else letter
        for letter in raw
        if letter.isspace() or letter in _JOINERS or unicodedata.category(letter)[0] != "C"
    )
    return "".join(shown).strip()
