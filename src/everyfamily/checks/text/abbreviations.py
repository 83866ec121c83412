"""Words in capitals: which need no explanation, and whether a text explains one where it first occurs."""

from __future__ import annotations

import re
from functools import cache

from everyfamily.core.files.data_tables import load_table

_ABBREVIATIONS = ("everyday", "online", "school", "services", "honours")
_EMPHASIS = ("emphasis",)
_ROMAN = re.compile(r"M{0,3}(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})")


def known() -> frozenset[str]:
    """Abbreviations that a letter may use without explanation."""
    return _words(_ABBREVIATIONS)


@cache
def _words(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in load_table(__file__)[name])


def needs_explaining(word: str) -> bool:
    """Whether a word in capitals is an abbreviation that a parent may not know."""
    return word not in _words(_ABBREVIATIONS + _EMPHASIS) and _ROMAN.fullmatch(word) is None


def is_explained(text: str, start: int, end: int) -> bool:
    """Whether the words around an abbreviation say what it is: "the National Crime Agency (NCA)", "NCA (the …)"."""
    before, after = text[max(0, start - 2) : start], text[end : end + 3]
    in_brackets = before.endswith("(") and after[:1] in ")," and start > 2
    explained_after = after[:2] == " (" and after[2:].isalpha()
    return in_brackets or explained_after or text.startswith(" stands for ", end)
