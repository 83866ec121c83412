"""The parts of a school's own half: what its page lists, and where a card of the desk leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Held, Right


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a school, for whoever has the right there."""

    name: str
    what: str
    page: str
    """The name of its address, which takes the school's URN."""
    right: Right
    for_senders: bool = False
    """Only at schools that send the letter themselves."""
    may_look: bool = True
    """Also for whoever only looks."""


PARTS: tuple[Part, ...] = (
    Part("Roll", "Upload the file of your children and their adults.", "roll", Right.UPLOAD_ROLL, may_look=False),
    Part("Who may have the letter", "Decide about those who wait.", "restrictions", Right.DECIDE_RESTRICTIONS),
    Part("Parents and carers", "Say who is one, where your file does not.", "parents", Right.DECIDE_RESTRICTIONS),
    Part("Children", "Say who left or died, or wants no letter.", "children", Right.DECIDE_ABOUT_CHILDREN),
    Part("Somebody rang", "Note what a parent or carer asked for.", "calls", Right.NOTE_CALL),
    Part("Attest", "Say that restrictions, leavers and deaths are right.", "attest", Right.ATTEST_ROLL),
    Part("Letter", "Read what your families get.", "school-letter-newest", Right.GET_KIT),
    Part("Families", "Each child, and what became of the letter.", "families", Right.SEE_FAMILIES),
    Part("Contacts that do not work", "Addresses and numbers to put right.", "contacts", Right.MEND_CONTACTS),
    Part("Paper", "Print what children take home, and say who got it.", "hand-outs", Right.HAND_OUT_PAPER),
    Part("Returns", "Say how many families have it.", "school-returns", Right.FILE_RETURN, for_senders=True),
    Part(
        "Adults to tell in person",
        "They had a wrong letter and may not be written to.",
        "tell",
        Right.TELL_ADULTS,
    ),
    Part(
        "Data requests",
        "Find an adult, give them what we hold, or forget them.",
        "data",
        Right.ANSWER_DATA_REQUESTS,
        may_look=False,
    ),
    Part("What is kept", "Each kind of data, until when, and your key.", "data-kept", Right.SEE_WHAT_IS_KEPT),
    Part(
        "Settings",
        "What your lead is called, the telephone number, and how we send.",
        "school-settings",
        Right.CHANGE_SCHOOL,
    ),
    Part("Pause", "Stop what we send for you, and let it go on.", "pause", Right.PAUSE_SCHOOL),
)
"""In the order in which a school does them."""

PAGE_OF: Mapping[Next, str] = {
    Next.IMPORT_ROLL: "roll",
    Next.IMPORT_ALTHOUGH: "roll-file",
    Next.ATTEST: "attest",
    Next.LET_PART_GO_ON: "pause",
    Next.HAND_OUT: "hand-outs",
    Next.DECIDE_RESTRICTIONS: "restrictions",
    Next.LOOK_AGAIN: "restrictions-again",
    Next.TELL_HOMES_APART: "shared-homes",
    Next.SAY_WHO_IS_A_PARENT: "parents",
    Next.SAY_WHO_LEFT: "leavers",
    Next.SETTLE_CALLS: "calls",
    Next.TELL_ADULTS: "tell",
    Next.DESTROY_KEY: "data-key",
    Next.FILE_RETURN: "school-returns",
}
"""The page on which a school does what a card asks for. What is not here is still done with a command."""

DOES: Mapping[Next, str] = {
    Next.IMPORT_ROLL: "Upload your roll",
    Next.IMPORT_ALTHOUGH: "Look at the file",
    Next.ATTEST: "Check and attest",
    Next.LET_PART_GO_ON: "See what is paused",
    Next.HAND_OUT: "Print and hand out",
    Next.DECIDE_RESTRICTIONS: "Decide about them",
    Next.LOOK_AGAIN: "Look at them again",
    Next.TELL_HOMES_APART: "Look at the homes",
    Next.SAY_WHO_IS_A_PARENT: "Say who is one",
    Next.SAY_WHO_LEFT: "Say who left",
    Next.SETTLE_CALLS: "See what they asked for",
    Next.TELL_ADULTS: "See whom to tell",
    Next.DESTROY_KEY: "See what would be lost",
    Next.FILE_RETURN: "File the return",
}
"""The words of the button that leads there."""


def parts_for(held: Held, school_id: int) -> list[Part]:
    """What somebody may open at a school."""
    sends_itself = any(one.sends_itself for one in held.standings if one.school_id == school_id)
    return [
        one
        for one in PARTS
        if (
            held.may(one.right, school_id=school_id)
            or (one.may_look and held.may_look(one.right, school_id=school_id))
        )
        and (sends_itself or not one.for_senders)
    ]
