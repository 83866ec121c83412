"""What the pages of the audit trail show, and the lines of its table."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from everyfamily.audit.queries.events import Event, event_by_id, events
from everyfamily.core.audit_words import HOW, KIND_WORDS, Kind, detail_in_words, what_was_done
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.files.csv_safe import csv_lines
from everyfamily.core.text.dates import time_in_words
from everyfamily.core.text.row_numbers import row_number
from everyfamily.people.database.access import Access, opened
from everyfamily.people.database.tenancy import tenant
from everyfamily.reports.wording import long_day
from everyfamily.staff.audit.asked import Asked
from everyfamily.staff.audit.names import Names, child_in, names_in

PAGE = 50
_OF_A_TABLE = 1_000
"""Events that a download reads at once."""
COLUMNS = ("day", "time", "who", "how", "what", "action", "subject", "number", "details")
_NAMES = {"pupil": "our number for the child", "parent": "our number for the adult"}
"""Details whose names say less to a reader."""
type Read = Callable[[Event | None, int], list[Event]]
"""A page of events after one, at most so many."""


@dataclass(frozen=True, slots=True)
class Line:
    """An event as it is shown."""

    id: int
    at: str
    who: str
    how: str
    what: str
    details: tuple[tuple[str, str], ...]


def reading(school_id: int | None, asked: Asked) -> Read:
    """Reads what was asked for: of a school inside `tenant(school_id)`, or of the partnership."""

    def read(before: Event | None, limit: int) -> list[Event]:
        return events(
            school_id,
            since=asked.begins,
            until=asked.ends,
            actor=asked.who,
            actions=asked.actions,
            before=before,
            limit=limit,
        )

    return read


def of_school(school_id: int, read: Read) -> Read:
    """The same reads, each in a transaction of its own that is opened for the school."""

    def read_there(before: Event | None, limit: int) -> list[Event]:
        with opened(Access.school(school_id, with_people=False)), tenant(school_id):
            return read(before, limit)

    return read_there


def start_of(typed: str, school_id: int | None) -> Event | None:
    """The event after which a page begins, by its number in the address. None for the newest page, and for a number
    that is none of this trail."""
    return event_by_id(row_number(typed), school_id)


def audit_values(
    asked: Asked,
    read: Read,
    before: Event | None,
    kinds: Collection[Kind],
    children: Callable[[Sequence[Event]], Names] | None = None,
) -> dict[str, object]:
    """A page: events by day, the filters as they were typed, and whether there are older events. `children` names the
    children of the events, for whoever may see them."""
    found = [] if asked.problems else read(before, PAGE + 1)
    shown = found[:PAGE]
    names = {**names_in(shown), **(children(shown) if children else {})}
    days = groupby(shown, key=lambda event: event.at.astimezone(LONDON).date())
    return {
        "asked": asked,
        "kinds": [(kind, words) for kind, words in KIND_WORDS.items() if kind in kinds],
        "days": [(long_day(day), [line_of(event, names) for event in of_day]) for day, of_day in days],
        "is_first": before is None,
        "older": asked.query(before=shown[-1].id) if len(found) > PAGE else "",
    }


def line_of(event: Event, names: Names) -> Line:
    """An event in words. `names` are of what it was done to, by type and number."""
    subject = names.get((event.subject_type, event.subject_id), "")
    child = names.get(("pupil", str(child_in(event))), "")
    done = what_was_done(event.action, event.subject_type, event.subject_id, event.detail, subject, child)
    # Where the child is named, our own number for it says nothing more.
    said = {name: value for name, value in event.detail.items() if name != "pupil" or not child}
    details = tuple(
        (_NAMES.get(name, name.replace("_", " ")), _plain(event.action, name, value))
        for name, value in said.items()
    )
    at = time_in_words(event.at.astimezone(LONDON).time())
    return Line(event.id, at, event.actor, HOW.get(event.actor_kind, ""), done.words, details)


def table_lines(read: Read) -> Iterator[str]:
    """The whole trail that was asked for as CSV, newest first, a part of it at a time."""
    return csv_lines(COLUMNS, _table_rows(read))


def _table_rows(read: Read) -> Iterator[tuple[str, ...]]:
    last: Event | None = None
    while part := read(last, _OF_A_TABLE):
        names = names_in(part)
        yield from (_cells(event, names) for event in part)
        last = part[-1]


def _cells(event: Event, names: Names) -> tuple[str, ...]:
    at = event.at.astimezone(LONDON)
    line = line_of(event, names)
    details = "; ".join(f"{name}: {value}" for name, value in line.details)
    about = (event.action, event.subject_type, event.subject_id)
    return (at.date().isoformat(), f"{at:%H:%M:%S}", line.who, line.how, line.what, *about, details)


def _plain(action: str, name: str, value: Any) -> str:
    is_nested = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, list | dict) for one in value)
    )
    return json.dumps(value, ensure_ascii=False) if is_nested else detail_in_words(action, name, value)
