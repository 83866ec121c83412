"""What the pages about what is kept, and about the school's key, show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.sending.keeping import ROLL_KEPT, PurgeReason
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words
from everyfamily.mailings.actions.ending.kept import Kept
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.data.pages import TickedNothing
from everyfamily.staff.running.pages import at_in_words


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One kind of data: how much, until when, and by which rule."""

    what: str
    count: str
    until: str
    why: str


def kept_values(visit: Visit, school: SchoolFacts, kept: Kept) -> dict[str, Any]:
    """What is kept of the school, and the state of its key."""
    return {
        "here": "schools",
        "school": school,
        "sends_itself": school.sends == "school",
        "rows": list(_rows(school, kept)),
        "page_at": at_in_words(visit.now),
        "may_see_audit": visit.held.may(Right.SEE_SCHOOL_AUDIT, school_id=school.id),
        "may_answer": visit.held.may(Right.ANSWER_DATA_REQUESTS, school_id=school.id),
        **_key_values(kept),
    }


def key_values(visit: Visit, school: SchoolFacts, kept: Kept, problem: EveryfamilyError | None) -> dict[str, Any]:
    """What is lost with the key, and who asked for it."""
    waits = kept.destruction
    return {
        "here": "schools",
        "school": school,
        "problem": problem,
        "problem_at": "sure" if isinstance(problem, TickedNothing) else "",
        "is_in_use": kept.is_in_use,
        "lost": [
            of(kept.people.names, "name"),
            f"{kept.people.contact_values:,} email addresses, mobile numbers and home addresses",
            f"{kept.people.own_ids:,} of the children’s own ids",
        ],
        "links": of(kept.people.links, "link"),
        "is_mine": waits is not None and waits.asked_account == visit.account,
        **_key_values(kept),
    }


def _key_values(kept: Kept) -> dict[str, Any]:
    key, waits = kept.people.key, kept.destruction
    return {
        "has_key": key is not None and key.destroyed_at is None,
        "key_version": key.version if key else 0,
        "destroyed_at": at_in_words(key.destroyed_at) if key and key.destroyed_at else "",
        "waits": waits,
        "asked_at": at_in_words(waits.asked_at) if waits else "",
        "ends_at": at_in_words(waits.ends_at) if waits else "",
    }


def _rows(school: SchoolFacts, kept: Kept) -> Iterator[KeptRow]:
    people = kept.people
    if school.sends != "school":
        until, why = _values_until(school, kept)
        yield KeptRow("Names of adults", f"{people.names:,}", until, why)
        yield KeptRow(
            "Email addresses, mobile numbers and home addresses", f"{people.contact_values:,}", until, why
        )
        yield KeptRow("Children’s own ids, years and classes", f"{people.own_ids:,}", until, why)
        yield KeptRow(
            "Adults, children and the links between them, with restrictions and objections",
            f"{people.adults:,} adults, {of(people.children, 'child')}, {of(people.links, 'link')}",
            "As long as your school takes part",
            "They have no name or address, only codes made with a secret key. With these, the next roll finds the same "
            "person again, and nothing goes to somebody who must not have the letter.",
        )
        yield KeptRow(
            "Letters to adults and what became of them",
            f"{of(kept.outcomes, 'letter')}, {of(kept.messages, 'message')}",
            "As long as your school takes part",
            "Without a name or an address. The account of each letter is counted from them.",
        )
        yield KeptRow(
            "Messages that were printed, or given to an email or text service",
            "Not counted here",
            f"{of(school.keep_days, 'day')} after the mailing is closed",
            "The days agreed with your school. Each night, the worker deletes what is due.",
        )
        yield KeptRow(
            "Files of a roll, and what their review said",
            f"{people.uploads:,}",
            at_in_words(people.uploads_gone_at) if people.uploads_gone_at else "6pm on the next working day",
            "Sooner, as soon as one is put in or dropped. It is encrypted from the first byte, and never given back.",
        )
        yield KeptRow(
            "Files about one adult, prepared for a request",
            f"{people.exports:,}",
            f"The last goes at {at_in_words(people.exports_gone_at)}"
            if people.exports_gone_at
            else "24 hours each",
            "Only the person who asked for one can open it.",
        )
        yield KeptRow(
            "Which rolls came in, and who said that they are right",
            f"{of(people.rolls, 'roll')}, {of(people.attestations, 'attestation')}",
            "As long as your school takes part",
            "When, by whom, how many rows and which were set aside. The file itself is not among it.",
        )
        yield KeptRow(
            "What people were asked to do",
            of(people.tasks + kept.tasks, "task"),
            "As long as your school takes part",
            "Numbers of adults and days, no names.",
        )
    else:
        yield KeptRow(
            "Returns that your school filed",
            f"{kept.returns:,}",
            "As long as your school takes part",
            "Five numbers each. Nothing about a person.",
        )
    yield KeptRow(
        "Audit trail of your school",
        of(people.events, "event"),
        "As long as your school takes part",
        "Who did what and when. Adults and children are numbers in it. Nobody can change or remove an event.",
    )


def _values_until(school: SchoolFacts, kept: Kept) -> tuple[str, str]:
    """Until when names and values are kept, and by which rule."""
    after = f"{of(school.keep_days, 'day')} after a letter’s mailing is closed, as agreed with your school."
    if kept.is_in_use:
        return "A mailing is open", f"They go {after}"
    if kept.values_due is None:
        return "Nothing came in", f"They go {after}"
    until = _day(kept.values_due.at)
    if kept.values_due.reason is PurgeReason.MAILING_CLOSED:
        return until, f"They go {after}"
    return until, f"No mailing has used your newest roll. It goes {ROLL_KEPT.days} days after it came in."


def _day(at: datetime) -> str:
    return day_in_words(at.astimezone(LONDON).date())
