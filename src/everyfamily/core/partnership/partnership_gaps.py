"""What a partnership's file still lacks: values that `everyfamily new-area` left for a person to fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation

GAP = "TO FILL IN"
"""A value that begins with it is missing."""
_GAP = re.compile(rf'"{GAP}:? ?([^"]*)"')


class PartnershipHasGaps(EveryfamilyError):
    """The partnership's file still has values that somebody must fill in, and nothing is made from it."""

    code: ClassVar[str] = "EF961"


@dataclass(frozen=True, slots=True)
class FileGap:
    """One missing value: its line, and what it is in words."""

    line: int
    what: str


def gaps_of(text: str) -> list[FileGap]:
    """The gaps of a partnership's file in order, without those in comments."""
    return [
        FileGap(number, found[1])
        for number, line in enumerate(text.split("\n"), start=1)
        if not line.lstrip().startswith("#") and (found := _GAP.search(line))
    ]


def refuse_gaps(text: str, file: str) -> None:
    """Raise PartnershipHasGaps if the file has any."""
    if gaps := gaps_of(text):
        more = f", and {len(gaps) - 1} more" if len(gaps) > 1 else ""
        raise PartnershipHasGaps(
            f"The partnership's file is not filled in: {gaps[0].what} is missing{more}.",
            f"Replace every value that begins with {GAP}.",
            SourceLocation(file, gaps[0].line),
        )
