"""The sheet for a school that has copies of a withdrawn letter: which piles to bin. Tagged PDF/UA-1, A4.

It is passed from hand to hand in a school. It names no child, no child's number, and not the letter's topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.dates import day_in_words
from everyfamily.rendering.cover_sheets import printable
from everyfamily.rendering.labels import LABELS
from everyfamily.rendering.typesetting import typeset


@dataclass(frozen=True, slots=True)
class Pile:
    """Copies for one class that nobody has said were handed over. `group` is blank if the file has no class."""

    group: str
    copies: int


def render_bin_sheet(letter: Letter, school: str, piles: Sequence[Pile], *, made_on: date) -> bytes:
    """Return the sheet as PDF, with classes in the order given. Raises LetterNotSet."""
    total = sum(pile.copies for pile in piles)
    return typeset(
        "bin_sheet.typ",
        {
            "t": {
                "lang": "en",
                "region": "GB",
                "title": f"Bin these copies: {printable(school)}",
                "author": letter.partnership,
                "ref": letter.reference,
                "demonstration": LABELS["en"].demonstration if letter.demonstration else None,
            },
            "school": printable(school),
            "heading": "Bin this copy" if total == 1 else f"Bin these {total:,} copies",
            "reference": letter.reference,
            "dated": day_in_words(letter.dated),
            "made": day_in_words(made_on),
            "total": f"{total:,}",
            "piles": [
                {"class": printable(pile.group) or "No class in the school’s file", "copies": f"{pile.copies:,}"}
                for pile in piles
            ],
        },
    )
