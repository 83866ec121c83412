"""The checklist before the first real letter: what is done, what is not, and what nobody can see from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from everyfamily.core.invented import is_reserved
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import RouteState
from everyfamily.core.text.counts import of

ENOUGH = 2
"""Administrators, and coordinators: one of each can fall ill."""
OPERATOR = "the people who run the server"
ADMINISTRATOR = "an administrator"
COORDINATOR = "a coordinator"
LEADS = "each school’s lead, on their school’s page"


class Answer(StrEnum):
    """What is known of one point."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"
    """Nobody can see it from here, or it cannot be said yet."""


class Area(StrEnum):
    """What a point is about, in the order of the list."""

    PEOPLE = "People"
    PARTNERSHIP = "The partnership"
    SCHOOLS = "Schools"
    SENDING = "Sending"
    RUNNING = "Running it safely"


@dataclass(frozen=True, slots=True)
class Check:
    """One point: a short name, what is known, a sentence, who can do it, and the page where it is done ("people")."""

    id: str
    area: Area
    name: str
    answer: Answer
    sentence: str
    who: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the checks look at. No secret is here: only whether there is one."""

    administrators: int
    coordinators: int
    accounts: int
    without_second_factor: int
    partnership: Partnership | None
    """None if there are no settings, or if they cannot be read: `settings_fault` says why."""
    settings_fault: str
    ways: Mapping[str, str] | None
    """Channel -> what carries it; None if the choice contradicts itself."""
    sender: str
    """The address that email comes from."""
    reads_replies: bool
    workers: int
    schools: int
    sending_for: int
    """Schools that we send for: they need a roll and an attestation."""
    leads_named: int
    mailboxes_known: int
    rolls_in: int
    attested: int
    master_key: bool
    marker_elsewhere: bool
    is_simulated: bool
    sign_in_key: bool
    base_url: str
    is_rehearsal: bool
    has_stand_ins: bool


def checks(facts: Facts, today: date) -> list[Check]:
    """Every point, in the order of the list."""
    return [
        *_people(facts),
        *_partnership(facts, today),
        *_schools(facts),
        *_sending(facts),
        *_running(facts),
    ]


def left(found: Iterable[Check]) -> int:
    """How many points are to be done."""
    return sum(one.answer is Answer.NO for one in found)


def _people(facts: Facts) -> Iterable[Check]:
    for key, name, number in (
        ("administrators", "administrators", facts.administrators),
        ("coordinators", "coordinators", facts.coordinators),
    ):
        yield Check(
            key,
            Area.PEOPLE,
            f"Two {name}",
            _yes(number >= ENOUGH),
            f"There {'is' if number == 1 else 'are'} {of(number, name.removesuffix('s'))}.",
            ADMINISTRATOR,
            "people",
        )
    missing = facts.without_second_factor
    yield Check(
        "second-factors",
        Area.PEOPLE,
        "A second factor for everybody",
        _yes(missing == 0 and facts.accounts > 0),
        f"All {of(facts.accounts, 'account')} have one."
        if not missing
        else f"{of(missing, 'account')} of {facts.accounts} {'has' if missing == 1 else 'have'} none yet.",
        "each person, on their own account",
        "people",
    )


def _partnership(facts: Facts, today: date) -> Iterable[Check]:
    about, one = Area.PARTNERSHIP, facts.partnership
    yield Check(
        "settings",
        about,
        "The partnership’s settings",
        _yes(one is not None),
        "They are in force." if one else facts.settings_fault or "Nobody has given the partnership’s file yet.",
        COORDINATOR,
        "settings",
    )
    if one is None:
        return
    yield Check(
        "real",
        about,
        "A real area",
        _yes(not one.demonstration),
        "It is an invented area, for practice." if one.demonstration else "It is not the demonstration’s.",
        COORDINATOR,
        "settings",
    )
    keys = sum(bool(who.keys) for who in one.signatories)
    yield Check(
        "signatories",
        about,
        "A key for everybody who signs",
        _yes(keys == len(one.signatories)),
        f"{keys} of {of(len(one.signatories), 'signatory').replace('signatorys', 'signatories')} "
        f"{'has' if keys == 1 else 'have'} one.",
        "each signatory, and a coordinator",
        "settings",
    )
    unnamed = [body.name for body in one.bodies if not body.mail_domains]
    yield Check(
        "mail-domains",
        about,
        "Mail domains of everybody who writes",
        _yes(not unnamed),
        "Only people with an address there can be invited."
        if not unnamed
        else f"{' and '.join(unnamed)} {'names' if len(unnamed) == 1 else 'name'} none, so people with any address can "
        "be invited.",
        COORDINATOR,
        "settings",
    )
    invented = [box for box in (one.enquiries.mailbox, one.reply_mailbox) if is_reserved(box)]
    yield Check(
        "mailboxes",
        about,
        "Mailboxes for questions and replies",
        _yes(not invented),
        "Both are set." if not invented else "At least one leads nowhere: it is an example’s address.",
        COORDINATOR,
        "settings",
    )
    stale = sum(route.state_on(today) is not RouteState.GOOD for route in one.routes)
    yield Check(
        "routes",
        about,
        "Every number and address rung or opened",
        _yes(stale == 0),
        f"All {of(len(one.routes), 'route')} were checked, and the checks still count."
        if not stale
        else f"{of(stale, 'route')} of {len(one.routes)} must be checked.",
        "each route’s owner",
        "settings",
    )


def _schools(facts: Facts) -> Iterable[Check]:
    about, all_of = Area.SCHOOLS, facts.schools
    yield Check(
        "schools",
        about,
        "The list of schools",
        _yes(all_of > 0),
        f"{of(all_of, 'school')} {'is' if all_of == 1 else 'are'} in." if all_of else "No list is in yet.",
        COORDINATOR,
    )
    for key, name, number, whole, who in (
        ("leads", "A lead named on the list for every school", facts.leads_named, all_of, COORDINATOR),
        ("school-mailboxes", "A mailbox for every school", facts.mailboxes_known, all_of, COORDINATOR),
        ("rolls", "Rolls in", facts.rolls_in, facts.sending_for, "each school’s office, on their school’s page"),
        ("attested", "Rolls attested", facts.attested, facts.sending_for, LEADS),
    ):
        # Nobody can be short of a school that is not known yet.
        answer = _yes(number >= whole) if whole else Answer.NOT_KNOWN
        yield Check(key, about, name, answer, f"{number:,} of {of(whole, 'school')}.", who)


def _sending(facts: Facts) -> Iterable[Check]:
    about, ways = Area.SENDING, facts.ways
    real = ways is not None and "recording" not in ways.values()
    yield Check(
        "carriers",
        about,
        "Email, text and post that are really sent",
        _yes(real),
        "Two settings of the carriers contradict each other."
        if ways is None
        else ", ".join(f"{channel}: {way}" for channel, way in ways.items()) + "."
        if real
        else "Everything is only recorded: nothing leaves this machine.",
        OPERATOR,
    )
    invented = is_reserved(facts.sender)
    yield Check(
        "sender",
        about,
        "An address that email comes from",
        _yes(not invented),
        "It is set." if not invented else "It is an example’s, and leads nowhere.",
        OPERATOR,
    )
    yield Check(
        "replies",
        about,
        "Families’ replies are read",
        _yes(facts.reads_replies),
        "The mailbox of replies is set."
        if facts.reads_replies
        else "No mailbox of replies is set, so opt-outs by email are not seen here.",
        OPERATOR,
    )
    yield Check(
        "rehearsal",
        about,
        "The rehearsal list is off",
        _yes(not facts.is_rehearsal and not facts.has_stand_ins),
        "Letters go only to the addresses of the rehearsal’s list."
        if facts.is_rehearsal
        else "The carriers are stand-ins."
        if facts.has_stand_ins
        else "Letters go to families.",
        OPERATOR,
    )
    yield Check(
        "worker",
        about,
        "A worker is running",
        _yes(facts.workers > 0),
        f"{of(facts.workers, 'worker')} answered in the last minute." if facts.workers else "None answered.",
        OPERATOR,
    )


def _running(facts: Facts) -> Iterable[Check]:
    about = Area.RUNNING
    yield Check(
        "address",
        about,
        "The pages have an address with https",
        _yes(facts.base_url.startswith("https://")),
        "It is set." if facts.base_url.startswith("https://") else "It is not set, or not https.",
        OPERATOR,
    )
    yield Check(
        "sign-in-key",
        about,
        "A key for sign-in",
        _yes(facts.sign_in_key),
        "It is there. Keep a copy where the database’s copies are not."
        if facts.sign_in_key
        else "It is not there.",
        OPERATOR,
    )
    yield Check(
        "master-key",
        about,
        "The master key for the schools’ keys",
        Answer.YES if facts.master_key else Answer.NOT_KNOWN,
        "It can be read here, outside the database."
        if facts.master_key
        else "It cannot be read here. The machine that sends needs it, and a copy in a safe.",
        OPERATOR,
    )
    yield Check(
        "clock",
        about,
        "The real time",
        _yes(not facts.is_simulated),
        "The clock is the system’s."
        if not facts.is_simulated
        else "The clock is simulated, as in a demonstration.",
        OPERATOR,
    )
    yield Check(
        "marker",
        about,
        "A marker of what was sent, away from the database",
        _yes(facts.marker_elsewhere),
        "It has a place of its own."
        if facts.marker_elsewhere
        else "It is in the outbox. Give it a place on another disk with EVERYFAMILY_MARKER.",
        OPERATOR,
    )
    yield Check(
        "backup",
        about,
        "A backup was restored, for practice",
        Answer.NOT_KNOWN,
        "Nobody can see this from here. A backup counts only once somebody has restored it.",
        OPERATOR,
    )


def _yes(is_so: bool) -> Answer:
    return Answer.YES if is_so else Answer.NO
