"""A child's outcome, and the figures that add up to the roll (docs/adr/0008).

Each child has exactly one of five outcomes. The database gives facts, grouped. Only this module turns facts into
outcomes, so that the rule is in one place and can be read as a table (tests/spec/outcomes.toml).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of one child. The five add up to the roll."""

    REACHED = "reached"
    """At least one entitled adult has the whole letter, confirmed."""
    ACCEPTED = "accepted"
    """The carrier took the whole letter and nothing came back. This is not proof."""
    TOLD_BY_TEXT = "told_by_text"
    """A text with the address of the page, not the letter."""
    ON_ITS_WAY = "on_its_way"
    """Sent and not settled yet, or with a date to be sent."""
    NOT_REACHED = "not_reached"
    """With exactly one reason."""


class Reason(StrEnum):
    """Why a child is not reached. They are listed in the order in which they are checked, and the first that fits
    counts."""

    RETURN_MISSING = "return_missing"
    NO_ROLL = "no_roll"
    """We send for the school, and its roll has not come in."""
    WITHDRAWN = "withdrawn"
    """The letter was withdrawn before a carrier had it."""
    SCHOOL_HELD = "school_held"
    PAUSED = "paused"
    """The mailing, or the school's part of it, is paused, and no carrier has the letter."""
    UNKNOWN = "unknown"
    UNDECIDED = "undecided"
    RETURNED = "returned"
    SHARED_WAY = "shared_way"
    """Every way is shared with somebody who may not have the letter."""
    NO_CONTACT = "no_contact"
    OBJECTED = "objected"
    NOBODY_ENTITLED = "nobody_entitled"
    SCHOOL_COULD_NOT = "school_could_not"


@dataclass(frozen=True, slots=True)
class NextAction:
    """What happens about a reason: in words, by whom, and in how many working days (None: by the end of term).

    For one child, the days count from when its reason arose. For a line about many children, they count from the day of
    the report.
    """

    why: str
    action: str
    owner: str
    days: int | None


NEXT: Mapping[Reason, NextAction] = {
    Reason.RETURN_MISSING: NextAction(
        "School's return has not come in", "ring the school office", "coordinator", 0
    ),
    Reason.NO_ROLL: NextAction("School's roll has not come in", "ask the school for it", "coordinator", 0),
    Reason.WITHDRAWN: NextAction(
        "Letter was withdrawn before it reached them", "send a corrected letter", "coordinator", 3
    ),
    Reason.SCHOOL_HELD: NextAction("Held: school has not attested", "ring the school's lead", "coordinator", 0),
    Reason.PAUSED: NextAction("Paused: nothing is sent for now", "decide to let it go on", "coordinator", 0),
    Reason.UNKNOWN: NextAction(
        "Not known whether it went", "ask the carrier; if silent, paper", "support desk", 1
    ),
    Reason.UNDECIDED: NextAction(
        "A person must decide who may have it", "a task is open for each", "named person", 3
    ),
    Reason.RETURNED: NextAction("Post came back", "ask the family for an address", "school leads", 3),
    Reason.SHARED_WAY: NextAction(
        "Shared with somebody who may not have it", "hand it to them in person", "named person", 3
    ),
    Reason.NO_CONTACT: NextAction("No contact details that work", "paper home with the child", "school leads", 3),
    Reason.OBJECTED: NextAction(
        "The adults asked for no more letters", "none: it is their right", "no one", None
    ),
    Reason.NOBODY_ENTITLED: NextAction(
        "No adult may be written to", "the named person looks again", "named person", None
    ),
    Reason.SCHOOL_COULD_NOT: NextAction(
        "The school could not reach them", "paper home with the child", "school leads", 3
    ),
}


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """What is known about a child's adults at a school that we send for. Each field means "at least one adult ..."."""

    withdrawn: bool = False
    """... would have been sent it if the letter had not been withdrawn."""
    school_held: bool = False
    """The wave is held because the school has not attested."""
    paused: bool = False
    """... would be sent it if the mailing or the school's part were not paused; no carrier has it."""
    reached: bool = False
    accepted: bool = False
    told_by_text: bool = False
    on_its_way: bool = False
    unknown: bool = False
    undecided: bool = False
    """... waits for a person to say whether they may have it (restriction hold or unknown)."""
    returned: bool = False
    shared_way: bool = False
    """... shares every way with somebody who may not have the letter."""
    no_contact: bool = False
    """... has no contact point, or none that works."""
    objected: bool = False


def outcome_of(facts: ChildFacts) -> tuple[Outcome, Reason | None]:
    """The one outcome of a child, and the one reason if not reached."""
    if facts.reached:
        return Outcome.REACHED, None
    if facts.accepted:
        return Outcome.ACCEPTED, None
    if facts.told_by_text:
        return Outcome.TOLD_BY_TEXT, None
    if facts.on_its_way:
        return Outcome.ON_ITS_WAY, None
    asked = (
        (facts.withdrawn, Reason.WITHDRAWN),
        (facts.school_held, Reason.SCHOOL_HELD),
        (facts.paused, Reason.PAUSED),
        (facts.unknown, Reason.UNKNOWN),
        (facts.undecided, Reason.UNDECIDED),
        (facts.returned, Reason.RETURNED),
        (facts.shared_way, Reason.SHARED_WAY),
        (facts.no_contact, Reason.NO_CONTACT),
        (facts.objected, Reason.OBJECTED),
    )
    return Outcome.NOT_REACHED, next((reason for fits, reason in asked if fits), Reason.NOBODY_ENTITLED)


@dataclass(frozen=True, slots=True)
class Return:
    """What a school that sends the letter itself filed: five numbers that add up, and one answer."""

    on_roll: int
    by_email: int
    by_text: int
    on_paper: int
    not_reached: int
    emails_confirmed: bool
    """Whether the school's own system shows which emails arrived. If not, they count as accepted."""

    def adds_up(self) -> bool:
        """Whether the four ways add up to the roll."""
        return self.by_email + self.by_text + self.on_paper + self.not_reached == self.on_roll


@dataclass(slots=True)
class Coverage:
    """Counts of children by outcome and reason."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[Reason] = field(default_factory=Counter)
    every_adult: int = 0
    """Children for whom every entitled adult has the whole letter. It is shown next to the outcomes, and never mixed
    in."""

    def add(self, outcome: Outcome, reason: Reason | None, children: int) -> None:
        """Count `children` more children with this outcome."""
        if (outcome is Outcome.NOT_REACHED) != (reason is not None):
            raise ValueError("a reason belongs to not reached, and only to it")
        self.outcomes[outcome] += children
        if reason is not None:
            self.reasons[reason] += children

    @property
    def children(self) -> int:
        """All children counted: the sum of the five."""
        return sum(self.outcomes.values())

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.outcomes + other.outcomes, self.reasons + other.reasons, self.every_adult + other.every_adult
        )


def from_facts(groups: Iterable[tuple[ChildFacts, int]]) -> Coverage:
    """Coverage of a school that we send for, from its children grouped by facts."""
    coverage = Coverage()
    for facts, children in groups:
        coverage.add(*outcome_of(facts), children)
    return coverage


def from_no_roll(roll_expected: int) -> Coverage:
    """Coverage of a school that we send for and that has no roll yet, so that its children are not forgotten."""
    coverage = Coverage()
    coverage.add(Outcome.NOT_REACHED, Reason.NO_ROLL, roll_expected)
    return coverage


def from_return(filed: Return | None, roll_expected: int) -> Coverage:
    """Coverage of a school that sends the letter itself. Without a return, all its children count as not reached."""
    coverage = Coverage()
    if filed is None:
        coverage.add(Outcome.NOT_REACHED, Reason.RETURN_MISSING, roll_expected)
        return coverage
    coverage.add(Outcome.REACHED, None, filed.on_paper)
    coverage.add(Outcome.REACHED if filed.emails_confirmed else Outcome.ACCEPTED, None, filed.by_email)
    coverage.add(Outcome.TOLD_BY_TEXT, None, filed.by_text)
    coverage.add(Outcome.NOT_REACHED, Reason.SCHOOL_COULD_NOT, filed.not_reached)
    return coverage


SMALL = 10
"""Reasons with fewer children are merged in what the partnership sees."""
SMALL_SCHOOL = 20
"""Schools with fewer children on roll are shown together."""
BANDS = ((0.95, "95% or more"), (0.90, "90 to 94%"), (0.80, "80 to 89%"), (0.0, "under 80%"))


def to_ten(number: int) -> int:
    """A roll as the partnership sees it: to the nearest 10."""
    return (number + 5) // 10 * 10
