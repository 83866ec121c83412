"""What the page of contacts that failed shows, and which of them somebody may have ticked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.csv_safe import csv_lines
from everyfamily.core.next_steps import Next
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words
from everyfamily.mailings.queries.failed_contacts import FailedContact, failed_contacts
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.families.lists import listed
from everyfamily.staff.parts import PAGE_OF

_WAYS = {"email": "Email", "text": "Mobile number", "post": "Address"}
_DEAD = {
    "email": "The address does not exist",
    "text": "The number is not in use",
    "post": "Nobody can be written to there",
}


_COLUMNS = ("child", "class", "adult", "contact", "problem", "since")


class NothingTicked(EveryfamilyError):
    """The form said of no contact that it works."""

    code = "EF615"


class ContactChanged(EveryfamilyError):
    """A contact failed again, or somebody has dealt with it, since the page was made."""

    code = "EF616"


@dataclass(frozen=True, slots=True)
class Row:
    """One contact that failed, without its value."""

    way: int
    seen: str
    """What a tick sends back: the row, and when it had failed last."""
    children: tuple[tuple[int, str], ...]
    classes: str
    adult: str
    problem: str
    since: str
    is_dead: bool
    is_ticked: bool


def contact_values(
    visit: Visit,
    school: SchoolFacts,
    after: int,
    ticked: Collection[str] = (),
    problem: EveryfamilyError | None = None,
) -> dict[str, Any]:
    """Contacts that do not work, by way, fifty a page."""
    values, rows, is_whole = listed(
        visit,
        school,
        lambda limit: failed_contacts(school.id, now=visit.now, after=after, limit=limit),
        lambda one: one.way,
        after=after,
        problem=problem,
    )
    return values | {
        "heading": _heading(len(rows), is_whole=is_whole),
        "groups": [
            (_WAYS.get(channel, channel), channel, [_row(one, ticked) for one in ways])
            for channel, ways in groupby(rows, key=lambda one: one.channel)
        ],
        "any_dead": any(one.is_dead for one in rows),
        "upload": PAGE_OF.get(Next.IMPORT_ROLL, ""),
    }


def contact_lines(school: SchoolFacts, now: datetime) -> Iterator[str]:
    """All of them as CSV, to put right in another system: without a value and without a name. Raises
    SchoolKeyDestroyed before the first line."""
    found = failed_contacts(school.id, now=now)
    return csv_lines(_COLUMNS, (_cells(one) for one in found))


def _cells(one: FailedContact) -> tuple[str, ...]:
    row = _row(one, ())
    since = one.since.astimezone(LONDON).date().isoformat() if one.since else ""
    children = "; ".join(own_id for _, own_id in row.children)
    return children, row.classes, row.adult, _WAYS.get(one.channel, one.channel), row.problem, since


def _heading(shown: int, *, is_whole: bool) -> str:
    if not is_whole:
        return "Contacts that do not work"
    if not shown:
        return "Every contact works, as far as we know"
    return f"{of(shown, 'contact')} {'does' if shown == 1 else 'do'} not work"


def _row(one: FailedContact, ticked: Collection[str]) -> Row:
    seen = _seen(one)
    return Row(
        one.way,
        seen,
        tuple((child.pupil, child.own_id or "id deleted") for child in one.children),
        ", ".join(dict.fromkeys(child.class_name for child in one.children if child.class_name)),
        one.relationship[:1].upper() + one.relationship[1:],
        _problem(one),
        day_in_words(one.since.astimezone(LONDON).date()) if one.since else "",
        one.is_dead,
        seen in ticked,
    )


def _problem(one: FailedContact) -> str:
    if not one.is_dead:
        return "A letter came back"
    said = _DEAD.get(one.channel, "It does not work")
    return f"{said}: “{one.reason}”" if one.reason else said


def _seen(one: FailedContact) -> str:
    return f"{one.way}-{int(one.since.timestamp()) if one.since else 0}"


def ways_ticked(visit: Visit, school: SchoolFacts, ticked: Collection[str]) -> list[int]:
    """The dead contacts that were ticked. Raises NothingTicked, and ContactChanged if one is not as it was seen."""
    if not ticked:
        raise NothingTicked(
            "You have ticked no contact.", "Tick each one that works again, then press the button."
        )
    now = {_seen(one): one.way for one in failed_contacts(school.id, now=visit.now) if one.is_dead}
    if not set(ticked) <= now.keys():
        raise ContactChanged(
            "What you ticked has changed since this page was made: it failed again, or somebody has dealt with it.",
            "Nothing was saved. Look at the list as it is now.",
        )
    return [now[one] for one in ticked]
