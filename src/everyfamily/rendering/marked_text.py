"""Marks in what a print template is given, so that each piece of Arabic, Bengali or Gurmukhi is known in the PDF.

Typst has no way to say what a screen reader should say for a text. But it keeps the region of a text ("GB") to the last
instruction of a PDF. So each piece gets a region that is a code of its own, and `said_text.py` puts the words there
instead of the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_DRAWN_OTHERWISE = re.compile("[\u0590-\u0eff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Letters that are not drawn one after the other as they are read: Hebrew to Lao."""
_LEAD_IN = re.compile(r"[^.?:“]+[?:؟]")
_START, _END = "\ue000", "\ue001"
_FIRST, _LETTERS = "QRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST = len(_FIRST) * len(_LETTERS)
"""Codes: twice as many as any letter has pieces, and none is a region that a letter has ("GB")."""
MARKS = re.compile(f"{_START}[A-Z]{{2}}|{_END}")
"""What the marks leave in titles and bookmarks."""


class Pieces:
    """The pieces of one letter. `said` is what each code stands for."""

    def __init__(self, whole: str) -> None:
        """`whole` is a pattern of what is never parted, such as addresses. They are links, and not in a piece."""
        self._whole = re.compile(f"({whole})") if whole else None
        self._codes: dict[str, str] = {}

    @property
    def said(self) -> dict[str, str]:
        """Code ("AB") to the words that it stands for."""
        return {code: words for words, code in self._codes.items()}

    def marked(self, value: Any) -> Any:
        """The same value with marks around each piece in its texts: a text, or lists and tables of them."""
        if isinstance(value, str):
            return "".join(self._parts(value))
        if isinstance(value, dict):
            return {name: one if name == "id" else self.marked(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.marked(one) for one in value]
        return value

    def _parts(self, text: str) -> Iterator[str]:
        lead = _LEAD_IN.match(text)
        for part in (text[: lead.end()], text[lead.end() :]) if lead else (text,):
            for at, piece in enumerate(self._whole.split(part) if self._whole else [part]):
                yield self._piece(piece) if at % 2 == 0 and _DRAWN_OTHERWISE.search(piece) else piece

    def _piece(self, piece: str) -> str:
        number = len(self._codes)
        if piece not in self._codes and number >= _MOST:
            return piece
        code = self._codes.setdefault(piece, _FIRST[number // 26 % 10] + _LETTERS[number % 26])
        return f"{_START}{code}{piece}{_END}"
