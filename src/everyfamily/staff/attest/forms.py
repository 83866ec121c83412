"""What somebody ticked and chose, from the forms about attesting and pausing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.row_numbers import row_number

REASONS: Mapping[str, str] = {
    "order": "A court order or an address may have changed",
    "roll": "Our roll is not right yet",
    "letter": "Something in the letter is not right",
    "other": "Something else. We will ring you",
}
"""Why a school pauses its part. There is no room for words, because everybody at the partnership reads them."""
NOT_SAID = "Paused by the school"


class RollNotTicked(EveryfamilyError):
    """Somebody pressed "Attest" without saying that the roll is right."""

    code = "EF561"


@dataclass(frozen=True, slots=True)
class Attesting:
    """The form: what was ticked, and what the page had shown."""

    roll: bool = False
    restrictions: bool = False
    parents: bool = False
    seen: int = -1
    """The count of decisions. Without one, the form is not the page's own."""
    word: int = 0
    """The number of the newest word."""
    trail: int = 0
    """The number of the newest event in the school's trail."""
    waited: int = 0
    """Decisions that waited."""


def attesting_of(posted: Mapping[str, str]) -> Attesting:
    """What was posted. Raises nothing: what is not a number counts as not seen."""
    return Attesting(
        roll=posted.get("roll") == "yes",
        restrictions=posted.get("restrictions") == "yes",
        parents=posted.get("parents") == "yes",
        seen=_number(posted, "seen", -1),
        word=_number(posted, "word", 0),
        trail=_number(posted, "trail", 0),
        waited=_number(posted, "waited", 0),
    )


def require_roll_ticked(said: Attesting) -> None:
    """Raise RollNotTicked: an attestation says at least this."""
    if not said.roll:
        raise RollNotTicked(
            "Tick “Your roll is right” if you have checked it.", "Nothing was written. Your other ticks are kept."
        )


def reason_of(posted: Mapping[str, str]) -> str:
    """The reason that was chosen, in words for the partnership."""
    return REASONS.get(posted.get("why", ""), NOT_SAID)


def _number(posted: Mapping[str, str], name: str, otherwise: int) -> int:
    return row_number(posted.get(name, ""), otherwise=otherwise)
