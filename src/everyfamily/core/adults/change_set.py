"""A school's file is a change set for its roll: when a person must look first, and what may change a restriction.

These are pure rules, each a table in its tests. A file can only close a restriction. What a person decided about one
link overrules silence and the doubt that the person saw, but never a file that says "hold" or "do not send".
"""

from __future__ import annotations

from collections.abc import Iterable

from everyfamily.core.adults.eligibility import CLOSED
from everyfamily.core.rolls.model.roll_rows import (
    DOUBT,
    GONE,
    IN_CARE,
    NOT_ASKED,
    NOT_READABLE,
    NOT_SAID,
    NOTE_NOT_READ,
    RESTRICTIONS,
    VALUE_NOT_READ,
    closes_shared_ways,
)

MATCH_AT_LEAST = 0.7
"""The share of a file's children who must be on the roll. Below it, the file is probably another school's or has other
pupil ids."""
FEWEST_CHILDREN = 5
"""In a smaller file the share means nothing."""

BIRTH_FAMILY = ("mother", "father", "step-parent", "grandparent", "other")
"""Held for a child in care until a person says what the care plan says. An unknown relationship may be one of them. A
grandparent who has the care is in the file as a kinship carer."""
CARES_FOR_THE_COUNCIL = ("foster carer", "registered manager", "social worker")
"""An adult who is listed with a child only because the council looks after the child."""

NEVER_SENT_LONGER = "post"
"""The channel whose old value is never used again once a newer file does not repeat it."""

_CAREFUL = (NOT_SAID, NOTE_NOT_READ, VALUE_NOT_READ, NOT_ASKED, GONE, DOUBT, IN_CARE, NOT_READABLE, "")
"""Of two reasons for the same restriction, the later one in this list counts, because fewer decisions lift it."""
_OCCASIONS = (GONE, NOT_READABLE, VALUE_NOT_READ)
"""What passes: a person who decided saw only that one occasion."""


def too_few_match(*, in_file: int, matching: int, on_roll: int) -> bool:
    """A file goes to a person first if the roll is not empty and fewer than 70 % of the file's children are on it."""
    return on_roll > 0 and in_file >= FEWEST_CHILDREN and matching < MATCH_AT_LEAST * in_file


def strictness(restriction: str) -> int:
    """How far a restriction closes: a link can only move up."""
    return RESTRICTIONS.index(restriction)


def strictest(restrictions: Iterable[str]) -> str:
    """The restriction that closes furthest."""
    return max(restrictions, key=strictness)


def more_careful_of(one: tuple[str, str], other: tuple[str, str]) -> tuple[str, str]:
    """Of two (restriction, reason), the one that closes further, or that fewer decisions lift."""
    if one == other:
        return one
    return max(one, other, key=_care)


def _care(held: tuple[str, str]) -> tuple[int, int]:
    return strictness(held[0]), _CAREFUL.index(held[1])


def doubt_about(held: tuple[str, str]) -> tuple[str, str]:
    """What the restriction of somebody who may be this adult means for the adult: (restriction, reason).

    If the file is silent about that person, there is nothing more to doubt than silence, which the lead's word lifts,
    or notes, which the lead reads.
    """
    silent = ("none", ""), ("unknown", NOT_SAID), ("unknown", NOTE_NOT_READ)
    return held if held in silent else ("unknown", DOUBT)


def is_closed(held: tuple[str, str], *, reviewed: bool) -> bool:
    """The file or a person closed this link because of the adult, or a word that cannot be read may have.

    So a person is asked about everybody who may be the same adult. Another rule says whose inbox, phone and home are
    closed (core/adults/eligibility.py). A doubt closes those too, but raises no further doubt about others.
    """
    if held[0] == "unknown":
        return held[1] in (NOT_READABLE, VALUE_NOT_READ)
    return held[0] in CLOSED and (reviewed or held[1] == "")


def settle(
    known: tuple[str, str], *, reviewed: bool, said: tuple[str, str], answered: bool = False
) -> tuple[str, str, bool]:
    """What applies to a known link after a file: (restriction, reason, whether the review still counts).

    `known` and `said` are (restriction, reason). `said` is what the file and the doubts about it mean. The reason of a
    reviewed link is the one that the person saw. If it was about something that passes, a cell that cannot be read or
    an adult who is gone, the person saw only that one occasion. `answered`: the file has something beside the child in
    a column that a person answered about, so a link that waits for that answer is what the file now says.
    """
    if answered and known == ("unknown", NOT_ASKED) and not reviewed:
        return *said, False
    if reviewed and known[1] in _OCCASIONS and said[1] != known[1]:
        known = (known[0], "")
    if reviewed and _stands(known, said):
        return *known, True
    if strictness(said[0]) > strictness(known[0]):
        return *said, False
    if not reviewed and said[0] == known[0]:
        return *more_careful_of(known, said), False
    return *known, reviewed


def _stands(known: tuple[str, str], said: tuple[str, str]) -> bool:
    restriction, reason = said
    if reason in (DOUBT, IN_CARE):
        # A person who decided about this very link. An attestation leaves NOT_SAID and covers only silence.
        return known[1] in (reason, "", *_OCCASIONS)
    if reason in (*_OCCASIONS, NOT_ASKED, NOTE_NOT_READ):
        return known[1] == reason
    return restriction == "unknown"


def once_taken_back(was: tuple[str, str], now: tuple[str, str]) -> tuple[str, str]:
    """What applies to a link once the file that changed it is taken back: (restriction, reason).

    Nobody whom the file names is freer than by the file. What it closed is a doubt until a person decides, and words
    that nobody has read still wait. An adult who is only missing from it is as before: a neighbour's file names nobody.
    """
    if now == ("unknown", GONE):
        return was
    if closes_shared_ways(*now) and now[1] != VALUE_NOT_READ:
        return was if strictness(was[0]) >= strictness("hold") else ("unknown", DOUBT)
    return more_careful_of(was, now)


def old_value_goes(channel: str, *, readable: bool, silent: bool) -> bool:
    """A contact value of an adult in the file that the file does not repeat is forgotten (its hash stays).

    `readable`: no value of this channel was set aside in the adult's rows. `silent`: the whole file has no value for
    the channel. An old address may be a home that somebody fled from, so it is always removed. An email address or a
    number stays if the file only mistyped the new one or has no such column.
    """
    return channel == NEVER_SENT_LONGER or (readable and not silent)
