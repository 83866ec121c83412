"""What can wait for somebody, and what is said of each kind. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Right


class Kind(StrEnum):
    """What can wait for somebody. Of what is due on the same day, the first here comes first."""

    TRAIL_BROKEN = "the audit trail does not hold"
    STOPPED = "a mailing stopped by itself"
    NO_WORKER = "no worker is alive"
    NOT_BEGUN = "a wave has not begun"
    ROUTE_ENDED = "a route may not be printed"
    CORRECT = "a withdrawn letter to put right"
    SITE_STUCK = "the parent site could not be published"
    LINE_DEAD = "a line in the settings is dead"
    WHO_SIGNS = "a change of who signs"
    APPROVAL = "a letter to approve"
    APPROVAL_KEY = "a colleague's key to confirm"
    KEY_FOR_SETTINGS = "a signatory's key to put into the settings"
    CHANGE_ASKED = "what colleagues said of a letter"
    LETTER_REVIEW = "a letter to read before it is sealed"
    READY_TO_SEAL = "a letter to seal"
    HELD = "letters are held until the lead attests"
    OWN_PART_PAUSED = "the school paused its own part"
    BIN_COPIES = "copies of a withdrawn letter"
    PAUSED = "a person paused a mailing"
    RESET = "a colleague is let in again"
    KEY_TO_DESTROY = "a key waits for a second person"
    TO_TELL = "adults who had the wrong letter"
    ATTEST = "attest before a wave"
    ROLL_MISSING = "no roll before a wave"
    ROLL_OLD = "an old roll before a wave"
    FILE_HELD = "a roll was held"
    RESTRICTION = "who may have the letter"
    RELATIONSHIP = "who is a parent or carer"
    SHARED_HOME = "whether two homes are one"
    LEAVERS = "who has left"
    UNKNOWN = "not known whether it went"
    NOT_ATTESTED = "nobody attested before the last letter"
    HAND_OUT = "paper to hand out"
    PAPER = "paper to print"
    RETURN_DUE = "the school's return"
    SCHOOLS_HELD = "schools are held"
    SCHOOL_PAUSED = "a school's part is paused"
    RING_AGAIN = "numbers to ring before a letter goes"
    NOT_BRIEFED = "schools without the staff briefing"
    YEAR_SEND = "a planned letter to start"
    YEAR_APPROVE = "a planned letter to have approved"
    YEAR_PREPARE = "a planned letter to prepare"
    ROUTE_ENDS = "a route's check runs out"
    SITE_DUE = "the parent site is to be published again"
    RETURNS_TO_LOOK_AT = "returns to look at"
    REVIEW = "a letter to review"
    RETURNS_LATE = "returns that are late"
    RETURNS_UNREACHABLE = "schools that cannot file a return"
    TRAIL_NOT_CHECKED = "the check of the audit trail failed"
    FEW_ADMINISTRATORS = "too few administrators"
    FEW_COORDINATORS = "too few coordinators"
    NO_SECOND_FACTOR = "accounts without a second factor"


@dataclass(frozen=True, slots=True)
class About:
    """One kind of work. `title` may have {n}, the count with its noun; `in_mail` says it without any number."""

    right: Right
    """Whoever has it sees the work: at that school if it is a school's, otherwise in the partnership."""
    title: str
    why: str
    in_mail: str
    noun: str = ""
    """What is counted, in the singular."""
    next: Next | None = None
    """How it is done today, where no page does it."""
    is_urgent: bool = False
    """Somebody is written to at once."""
