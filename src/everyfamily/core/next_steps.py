"""What a person is told after something was done, and what they can do next, as values. A screen makes links of them,
and the command line says what to type (cli/hints.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Next(StrEnum):
    """What somebody can do next. Each has a page, and what to type."""

    IMPORT_ROLL = "import roll"
    IMPORT_THIS = "import this"
    """The file that was only looked at."""
    IMPORT_ALTHOUGH = "import although few match"
    """The file that was held."""
    DECIDE_RESTRICTIONS = "decide restrictions"
    LOOK_AGAIN = "look again"
    TELL_HOMES_APART = "tell homes apart"
    SAY_WHO_IS_A_PARENT = "say who is a parent"
    SAY_WHO_LEFT = "say who left"
    SETTLE_CALLS = "settle calls"
    ATTEST = "attest"
    ATTEST_RESTRICTIONS = "attest restrictions"
    ATTEST_PARENTS = "attest parents"
    DESTROY_KEY = "destroy key"
    GIVE_KIT = "give kit"
    SAY_WHAT_WENT = "say what went"
    PUBLISH_WITHDRAWAL = "publish withdrawal"
    MAKE_SITE = "make site"
    CORRECT = "correct"
    REPLACE = "replace"
    STOPPED_IN_PRINT = "stopped in print"
    TAKE_OUT = "take out"
    TELL_ADULTS = "tell adults"
    OPEN_RETURNS = "open returns"
    CONFIRM_RETURN = "confirm return"
    RENEW_LINK = "renew link"
    HAND_LINK_OVER = "hand link over"
    START_WORKER = "start worker"
    SEE_TASKS = "see tasks"
    RING_ROUTE = "ring route"
    HAND_OUT = "hand out"
    LET_PART_GO_ON = "let part go on"
    FILE_RETURN = "file return"
    SEE_YEAR = "see year"
    MARK_YEAR = "mark year"
    GIVE_BRIEFING = "give briefing"
    REVIEW_LETTER = "review letter"
    RESEAL_FACTORS = "reseal factors"


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence, and what it leads to."""

    sentence: str
    """The fact, or what to do. It names no command."""
    next: Next | None = None
    """None if there is nothing to do about it here."""
    values: Mapping[str, str | int] = field(default_factory=dict)
    """What a link or a command needs: "urn", "reference"."""
    is_item: bool = False
    """It belongs to the sentence before it, as one of the things to do there."""
