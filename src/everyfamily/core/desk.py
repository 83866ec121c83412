"""The desk: what waits for somebody, in which order, and what cannot wait. Pure.

ABOUT is the one table of it: for each kind of work, whose it is (a right), its words, and whether it is urgent. The
page and the mail read it, and tests/spec/desk.toml has what each role was promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Held, Right


class Kind(StrEnum):
    """What can wait for somebody. Of what is due on the same day, the first here comes first."""

    STOPPED = "a mailing stopped by itself"
    NO_WORKER = "no worker is alive"
    NOT_BEGUN = "a wave has not begun"
    ROUTE_ENDED = "a route may not be printed"
    HELD = "letters are held until the lead attests"
    BIN_COPIES = "copies of a withdrawn letter"
    PAUSED = "a person paused a mailing"
    TO_TELL = "adults who had the wrong letter"
    ATTEST = "attest before a wave"
    ROLL_MISSING = "no roll before a wave"
    FILE_HELD = "a roll was held"
    RESTRICTION = "who may have the letter"
    NOT_SAID = "restrictions not said"
    RELATIONSHIP = "who is a parent or carer"
    SHARED_HOME = "whether two homes are one"
    LEAVERS = "who has left"
    UNKNOWN = "not known whether it went"
    NOT_ATTESTED = "nobody attested before the last letter"
    HAND_OUT = "paper to hand out"
    RETURN_DUE = "the school's return"
    SCHOOLS_HELD = "schools are held"
    SCHOOL_PAUSED = "a school's part is paused"
    ROUTE_ENDS = "a route's check runs out"
    RETURNS_TO_LOOK_AT = "returns to look at"
    RETURNS_LATE = "returns that are late"
    RETURNS_UNREACHABLE = "schools that cannot file a return"
    WHO_SIGNS = "a change of who signs"
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


ABOUT: Mapping[Kind, About] = {
    Kind.STOPPED: About(
        Right.PAUSE_MAILING,
        "See why a mailing stopped, and let it go on",
        "It stopped by itself. No letter goes out until a person lets it go on.",
        "A mailing has stopped by itself.",
        next=Next.SEE_TASKS,
        is_urgent=True,
    ),
    Kind.NO_WORKER: About(
        Right.PAUSE_MAILING,
        "Start a worker: a mailing is open and nothing sends it",
        "Letters wait, and nothing that comes back is heard.",
        "No worker is alive.",
        next=Next.START_WORKER,
        is_urgent=True,
    ),
    Kind.NOT_BEGUN: About(
        Right.PAUSE_MAILING,
        "Find out why a wave has not begun: {n}",
        "See that a worker is alive, and what its log says.",
        "A wave has not begun.",
        "school",
        Next.SEE_TASKS,
        is_urgent=True,
    ),
    Kind.ROUTE_ENDED: About(
        Right.RING_ROUTES,
        "Ring {n} that may not be printed now",
        "Nobody has rung it in time, or it is dead. No letter that prints it is sent.",
        "A number in a letter may not be printed now.",
        "line",
        is_urgent=True,
    ),
    Kind.HELD: About(
        Right.ATTEST_ROLL,
        "Say that restrictions and leavers are right",
        "Your families’ letters are held until you do. One screen, about 2 minutes.",
        "Letters of your school are held until you attest.",
        next=Next.ATTEST,
        is_urgent=True,
    ),
    Kind.BIN_COPIES: About(
        Right.HAND_OUT_PAPER,
        "Bin the copies of a withdrawn letter",
        "Something in it is wrong. Do not hand them out.",
        "A letter was withdrawn, and your school has copies of it.",
        is_urgent=True,
    ),
    Kind.PAUSED: About(
        Right.PAUSE_MAILING,
        "Let a paused mailing go on, or withdraw its letter",
        "A person stopped it. No letter goes out until a person lets it go on.",
        "A mailing is paused.",
        next=Next.SEE_TASKS,
        is_urgent=True,
    ),
    Kind.TO_TELL: About(
        Right.TELL_ADULTS,
        "Tell {n} about the wrong letter",
        "They had it and may not be written to. Say afterwards what you did.",
        "Adults must be told of a wrong letter.",
        "adult",
        Next.TELL_ADULTS,
    ),
    Kind.ATTEST: About(
        Right.ATTEST_ROLL,
        "Say that restrictions and leavers are right",
        "We ask in the 24 hours before the letter goes, because court orders change and families suffer losses.",
        "Say that restrictions and leavers are right, before the letter goes.",
        next=Next.ATTEST,
    ),
    Kind.NOT_ATTESTED: About(
        Right.ATTEST_ROLL,
        "Say that restrictions and leavers are right",
        "Nobody at your school got the last letter, because nobody had said it.",
        "Say that restrictions and leavers are right.",
        next=Next.ATTEST,
    ),
    Kind.ROLL_MISSING: About(
        Right.UPLOAD_ROLL,
        "Bring in your school’s roll",
        "Nobody at your school gets the letter until it is in.",
        "Bring in your school’s roll.",
        next=Next.IMPORT_ROLL,
    ),
    Kind.FILE_HELD: About(
        Right.TAKE_HELD_ROLL,
        "Say whether a roll is your school’s",
        "It was held, because it names mostly other children than the last one.",
        "Say whether a roll is your school’s.",
        next=Next.IMPORT_ROLL,
    ),
    Kind.RESTRICTION: About(
        Right.DECIDE_RESTRICTIONS,
        "Decide who may have the letter: {n}",
        "Nothing goes to them until you decide.",
        "Decide who may have the letter.",
        "adult",
        Next.DECIDE_RESTRICTIONS,
    ),
    Kind.NOT_SAID: About(
        Right.DECIDE_RESTRICTIONS,
        "Say who has no restriction",
        "The roll says nothing about it for some adults. Nothing goes to them until you do.",
        "Say who has no restriction.",
        next=Next.DECIDE_RESTRICTIONS,
    ),
    Kind.RELATIONSHIP: About(
        Right.DECIDE_RESTRICTIONS,
        "Say who is a parent or carer",
        "The roll does not say it for some adults. Nothing goes to them until you do.",
        "Say who is a parent or carer.",
        next=Next.SAY_WHO_IS_A_PARENT,
    ),
    Kind.SHARED_HOME: About(
        Right.DECIDE_RESTRICTIONS,
        "Say whether two homes are one: {n}",
        "Somebody who may not have the letter may live there. No paper goes there until you decide.",
        "Say whether two homes are one.",
        "adult",
        Next.DECIDE_RESTRICTIONS,
    ),
    Kind.LEAVERS: About(
        Right.DECIDE_ABOUT_CHILDREN,
        "Say who has left",
        "Some children are in the last roll no longer. Until you say so, they count as yours.",
        "Say who has left.",
        next=Next.SAY_WHO_LEFT,
    ),
    Kind.UNKNOWN: About(
        Right.SEE_FAMILIES,
        "Find out whether letters arrived: {n}",
        "It is not known whether they went, and they are not sent twice.",
        "Find out whether letters arrived.",
        "letter",
    ),
    Kind.HAND_OUT: About(
        Right.HAND_OUT_PAPER,
        "Hand out the paper letters",
        "They have waited too long. Say afterwards which were handed out.",
        "Hand out the paper letters.",
    ),
    Kind.RETURN_DUE: About(
        Right.FILE_RETURN,
        "File your school’s return",
        "Five numbers and one question. Your school’s mailbox has the link. Until it is in, every child counts as not "
        "reached.",
        "File your school’s return.",
    ),
    Kind.SCHOOLS_HELD: About(
        Right.PAUSE_SCHOOL,
        "Ring {n} where nobody has attested",
        "Their letters are held until their lead does.",
        "Schools are held, because nobody has attested.",
        "school",
        Next.SEE_TASKS,
    ),
    Kind.SCHOOL_PAUSED: About(
        Right.PAUSE_SCHOOL,
        "Let {n} go on, or settle why not",
        "A person paused the school’s part.",
        "A school’s part is paused.",
        "school",
        Next.SEE_TASKS,
    ),
    Kind.ROUTE_ENDS: About(
        Right.RING_ROUTES,
        "Ring {n} and sign the date",
        "The check runs out soon. After that, no letter that prints the number is sent.",
        "Ring the numbers whose check runs out.",
        "line",
    ),
    Kind.RETURNS_TO_LOOK_AT: About(
        Right.RUN_RETURNS,
        "Look at {n}",
        "Something in it is unlikely. Ring the school, and confirm it or let the school correct it.",
        "Look at returns.",
        "return",
        Next.CONFIRM_RETURN,
    ),
    Kind.RETURNS_LATE: About(
        Right.RUN_RETURNS,
        "Ring {n} with a late return",
        "Until it is in, every child there counts as not reached.",
        "Returns of schools are late.",
        "school",
    ),
    Kind.RETURNS_UNREACHABLE: About(
        Right.RUN_RETURNS,
        "Give {n} a way to file the return",
        "There is no mailbox for the link, or the link has ended.",
        "Schools cannot file their return.",
        "school",
        Next.RENEW_LINK,
    ),
    Kind.WHO_SIGNS: About(
        Right.CHANGE_SETTINGS,
        "Put a change of who signs in force, or give it up",
        "A colleague asked for it, and it takes a second person.",
        "A change of who signs waits for a second person.",
    ),
    Kind.FEW_ADMINISTRATORS: About(
        Right.INVITE_TO_PARTNERSHIP,
        "There should be 2 people with the role of administrator",
        "If the only administrator loses their phone, nobody can let them in again.",
        "There should be 2 administrators.",
    ),
    Kind.FEW_COORDINATORS: About(
        Right.INVITE_TO_PARTNERSHIP,
        "There should be 2 people with the role of coordinator",
        "A mailing is started by two people: one asks, another one starts it.",
        "There should be 2 coordinators.",
    ),
    Kind.NO_SECOND_FACTOR: About(
        Right.RECOVER_ACCOUNT,
        "Remind {n} without a second factor",
        "They have a password, and can open no page before they have set up an app or a key.",
        "People have no second factor.",
        "account",
    ),
}


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits. `key` names it for good, so that nobody is written to twice about it."""

    kind: Kind
    key: str
    due_on: date | None = None
    due_at: datetime | None = None
    """Aware, where a moment is known and not only a day. `due_on` is its day."""
    count: int = 1
    school_id: int | None = None
    """The school whose work it is. None for the partnership."""
    urn: int | None = None
    place: str = ""
    """The school's name or the letter's reference, for people."""
    account: int | None = None
    """The person who should see to it first. Others with the right see it too."""
    not_for: int | None = None
    """An account that may not see to it, because it takes somebody else."""
    note: str = ""
    """What happened, or from when it can be done. Never about a person of a school."""


@dataclass(frozen=True, slots=True)
class Item:
    """All work of one kind that waits for one person, with what is due first at the top."""

    kind: Kind
    waits: tuple[Wait, ...]

    @property
    def about(self) -> About:
        """Its words and rules."""
        return ABOUT[self.kind]

    @property
    def count(self) -> int:
        """How many, over all places."""
        return sum(wait.count for wait in self.waits)

    @property
    def due_on(self) -> date | None:
        """The first day on which some of it is due."""
        return min((wait.due_on for wait in self.waits if wait.due_on is not None), default=None)


def waits_for(waits: Iterable[Wait], held: Held, account: int | None = None) -> list[Item]:
    """What waits for somebody with these rights: urgent first, then by day, then what is their own, then by kind."""
    mine: dict[Kind, list[Wait]] = {}
    for wait in waits:
        theirs = wait.not_for is not None and wait.not_for == account
        if not theirs and held.may(ABOUT[wait.kind].right, school_id=wait.school_id):
            mine.setdefault(wait.kind, []).append(wait)
    items = [Item(kind, tuple(sorted(found, key=_by_day))) for kind, found in mine.items()]
    order = list(Kind)

    def weight(item: Item) -> tuple[bool, date, bool, int]:
        own = account is not None and any(wait.account == account for wait in item.waits)
        return not item.about.is_urgent, item.due_on or date.max, not own, order.index(item.kind)

    return sorted(items, key=weight)


def _by_day(wait: Wait) -> tuple[date, str]:
    return wait.due_on or date.max, wait.place
