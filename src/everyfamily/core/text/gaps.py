"""What is only in one family's copy of a letter: where it goes, and the school it came through."""

from __future__ import annotations

from dataclasses import dataclass

ADDRESS_GAP = "((address))"
SCHOOL_GAP = "((school))"
SCHOOL_NUMBER_GAP = "((school number))"

PERSONAL_GAPS = frozenset({"address", "school", "school number"})
"""Names of the gaps that stay open until a letter is made for one family."""


@dataclass(frozen=True, slots=True)
class PersonalGaps:
    """Values for one copy. No child's name, ever.

    `address` is up to seven lines as printed in the window, or empty for "The parent or carer". `school_number` is None
    until the school's lead has checked it, and then the letter says "on the number you already have".
    """

    address: tuple[str, ...] = ()
    school: str | None = None
    school_number: str | None = None

    @staticmethod
    def open() -> PersonalGaps:
        """The gaps themselves, for the copy that is sealed."""
        return PersonalGaps((ADDRESS_GAP,), SCHOOL_GAP, SCHOOL_NUMBER_GAP)
