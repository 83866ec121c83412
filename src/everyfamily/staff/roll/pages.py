"""What the pages of a school's roll show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Right
from everyfamily.core.rolls.layout.our_columns import ASKED, headings_of, in_plain_words, name_of
from everyfamily.core.rolls.layout.questions import CLOSING
from everyfamily.core.rolls.model.question import CLOSES, ColumnShown
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.rolls.set_aside_file import what
from everyfamily.core.rolls.uploads import MAY_BE_ANSWERED, RUNNING, UploadState
from everyfamily.core.rolls.what_to_do import what_to_do
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.people.actions.rolls.roll_changes import Change, ChildChange
from everyfamily.people.actions.rolls.taking_back import ToTakeBack
from everyfamily.people.actions.rolls.upload_facts import UploadFacts
from everyfamily.people.actions.rolls.upload_notes import Note, Review
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.parts import PAGE_OF
from everyfamily.staff.roll.forms import asked_apart, chosen_in, guessed

WATCHED = timedelta(minutes=10)
"""A page is asked for again by itself for so long."""
SOON = timedelta(seconds=20)
BEGUN_WITHIN = timedelta(minutes=1)
ROWS_SHOWN, CHILDREN_SHOWN = 10, 50
_TWICE = re.compile(r"\b(\w+) (?=\1\b)", re.IGNORECASE)
_FIRST = ("row", "held until decided", "value")


def base_values(visit: Visit, school: SchoolFacts, found: UploadFacts | None) -> dict[str, Any]:
    """What every page of the roll needs."""
    values: dict[str, Any] = {
        "here": "schools",
        "school": school,
        "found": found,
        "is_lead": is_lead(visit, school),
        "may_say_whose": visit.held.may(Right.TAKE_HELD_ROLL, school_id=school.id),
    }
    if found is None:
        return values
    return values | {
        "seen": seen_of(found),
        "file_name": found.note.name,
        "asked_at": at_in_words(found.asked_at, visit.now),
        "kept_until": at_in_words(found.keep_until, visit.now),
    }


def is_lead(visit: Visit, school: SchoolFacts) -> bool:
    """Somebody who decides who may have the letter, and so what keeps nobody away."""
    return visit.held.may(Right.OPEN_ADULTS, school_id=school.id)


def seen_of(found: UploadFacts) -> str:
    """What a form says about the upload that its page showed."""
    return f"{found.id}.{found.reviews}"


def may_be_answered(found: UploadFacts) -> bool:
    """Whether somebody can say now what the columns mean. About our own headings there is nothing to say."""
    return found.state in MAY_BE_ANSWERED and bool(found.note.columns)


def progress_values(visit: Visit, found: UploadFacts) -> dict[str, Any]:
    """While a worker has it."""
    return {
        "going_in": found.state is UploadState.GOING_IN,
        "is_late": found.state is UploadState.WAITING and visit.now - found.queued_at > BEGUN_WITHIN,
        "page_at": time_in_words(visit.now.astimezone(LONDON).time()),
        "is_watched": refresh_of(visit, found) is not None,
    }


def refresh_of(visit: Visit, found: UploadFacts) -> int | None:
    """After how many seconds the page is asked for again by itself. None: not by itself."""
    since = visit.now - found.queued_at
    if found.state not in RUNNING or since > WATCHED:
        return None
    return 1 if since < SOON else 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """One column of ours on the page of columns."""

    column: str
    name: str
    hint: str
    chosen: int | None
    values: tuple[str, ...]


def columns_values(note: Note, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What we take the columns for, or what somebody chose."""
    columns = note.columns
    guess = guessed(columns)
    chosen = guess if typed is None else chosen_in(typed, columns)
    asked = [
        _Asked(one.column, one.name, one.hint, at, () if at is None else columns[at].values)
        for one in ASKED
        for at in [chosen.get(one.column)]
    ]
    taken = {one.chosen for one in asked}
    rest = [(at, one, name_of(one.guess)) for at, one in enumerate(columns) if at not in taken]
    wanted = {one.about for one in note.questions} & {"PUPIL_ID", "ADULT_NAME"}
    return {
        "asked": asked,
        "headings": [(at, _heading(one.heading, one.occurrence)) for at, one in enumerate(columns)],
        "questions": [
            (number, one, [(at, each, (typed or {}).get(f"q-{number}-{at}", "")) for at, each in _numbered(one)])
            for number, one in enumerate(asked_apart(note.questions))
        ],
        "wanted": wanted,
        "also_read": [
            (at, one, name, one.guess.partition("/")[0] in CLOSING, (typed or {}).get(f"n-{at}") == "nothing")
            for at, one, name in rest
            if name
        ],
        "not_read": [one for _, one, name in rest if not name],
    }


def _numbered(question: Any) -> list[tuple[int, Any]]:
    return list(enumerate(question.candidates))


def _heading(heading: str, occurrence: int) -> str:
    # "Contact" above "Contact name" is said once.
    shown = _TWICE.sub("", " ".join(heading.split()))[:40]
    return shown if occurrence == 1 else f"{shown} (number {occurrence})"


@dataclass(frozen=True, slots=True)
class _Reason:
    """Rows or values that were set aside for one reason."""

    what: str
    message: str
    to_do: str
    count: int
    rows: list[tuple[int, str]]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def review_values(review: Review, columns: Sequence[ColumnShown] = ()) -> dict[str, Any]:
    """What a file would do, or did: two lists of numbers that add up, and what is behind them."""
    counts = review.counts
    joined, changed = review.children(Change.JOINED), review.children(Change.CHANGED)
    missing, not_in_file = review.children(Change.NOT_IN_FILE), review.on_roll - review.matching
    unchanged = counts["children"] - len(joined) - len(changed)
    aside = counts["rows"] - counts["accepted"]
    return {
        "counts": counts,
        "unchanged": unchanged,
        "lists": [
            _Children("stay, with a class or an adult changed", "who change", changed, len(changed)),
            _Children("join", "who join", joined, len(joined)),
            _Children("are not in the file", "who are not in the file", missing, not_in_file),
        ],
        "on_roll": counts["children"] + not_in_file,
        "whole": bool(missing) or not not_in_file,
        "aside": aside,
        "but": list(_but(review.set_aside)),
        "all_aside": len(review.set_aside),
        "reasons": list(reasons_of(review.set_aside, review.child_of_row, headings_of(columns))),
        "waits": list(waits_of(counts, columns)),
        "staying": of(counts.get("adults_staying", 0), "adult") if counts.get("adults_staying") else "",
    }


def _but(set_aside: tuple[SetAside, ...]) -> Iterator[str]:
    """What is not as it was written, in rows that go in."""
    kinds = Counter(what(one) for one in set_aside)
    if kinds["value"]:
        yield f"Without {of(kinds['value'], 'value')} that we could not read or use."
    if kinds["held until decided"]:
        yield f"What is at {of(kinds['held until decided'], 'place')} may keep an adult away, so the adult waits."


@dataclass(frozen=True, slots=True)
class _Children:
    """Children to whom the same happens."""

    words: str
    hidden: str
    children: list[ChildChange]
    count: int

    @property
    def shown(self) -> list[ChildChange]:
        return self.children[:CHILDREN_SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.children) - CHILDREN_SHOWN)


def reasons_of(
    set_aside: tuple[SetAside, ...], child_of_row: Mapping[int, str], headings: Mapping[str, str] | None = None
) -> Iterator[_Reason]:
    """By what is wrong: first whole rows, then who is held, then values; the most frequent first."""
    kinds: dict[tuple[str, str, str], list[int]] = {}
    for one in set_aside:
        kinds.setdefault((what(one), what_to_do(one), one.message), []).append(one.row)
    for (kind, to_do, message), rows in sorted(
        kinds.items(), key=lambda item: (_FIRST.index(item[0][0]), -len(item[1]))
    ):
        first = [(row, child_of_row.get(row, "")) for row in rows[:ROWS_SHOWN]]
        yield _Reason(kind, in_plain_words(message, headings), to_do, len(rows), first)


def waits_of(counts: Mapping[str, Any], columns: Sequence[ColumnShown] = ()) -> Iterator[str]:
    """What waits for the school's lead once the file is in."""
    if counts["restrictions_unknown"]:
        # The file is silent, or cannot be read, or an earlier one left it open: the lead's page says which.
        yield (
            f"{of(counts['restrictions_unknown'], 'adult')} beside a child: we do not know whether they may have "
            f"the letter. {_why_unknown(str(counts['format']), columns)}"
        )
    if counts["adults_missing"]:
        may_be_aside = (
            " Look first whether their rows were set aside." if counts["rows"] > counts["accepted"] else ""
        )
        yield f"{of(counts['adults_missing'], 'adult')} no longer beside a child in the file.{may_be_aside}"
    if counts["left_proposed"]:
        yield f"{of(counts['left_proposed'], 'child')} not in the file: have they left?"
    restricted = counts["tasks"].get("restriction", 0)
    if restricted:
        yield f"{of(restricted, 'adult')} with a restriction to look at."


def _why_unknown(format: str, columns: Sequence[ColumnShown]) -> str:
    """Which column could have said it: only two of ours can say that there is no court order."""
    if format.startswith("everyfamily template"):
        return "“RESTRICTION” does not say it of them, or we cannot read what it says."
    orders = _headings(columns, "COURT_ORDER", "RESTRICTION")
    if orders:
        return f"{orders} does not say it of them, or we cannot read what it says."
    others = _headings(columns, CLOSES)
    if others:
        return (
            f"No column says that there is no court order. We took {others} for “{name_of(CLOSES)}”: if it asks "
            "about court orders too, change what the columns mean."
        )
    return "No column of this file says that there is no court order."


def _headings(columns: Sequence[ColumnShown], *ours: str) -> str:
    found = dict.fromkeys(
        f"“{_heading(one.heading, one.occurrence)}”" for one in columns if one.guess.partition("/")[0] in ours
    )
    return " or ".join(found)


_COMPARED = {
    "children": "children in the file",
    "joined": "children who join",
    "left_proposed": "children not in the file",
    "changed": "changes of children, adults and links",
    "restrictions_unknown": "adults beside a child who wait for the lead",
    "adults_missing": "adults no longer beside a child",
}


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is different from the review that somebody looked at."""
    return [
        f"{words.capitalize()}: {now[name]:,}. Before: {before[name]:,}."
        for name, words in _COMPARED.items()
        if before[name] != now[name]
    ]


def held_values(review: Review) -> dict[str, Any]:
    """The roll and the file beside each other."""
    counts = review.counts
    return {
        "counts": counts,
        "on_roll": review.on_roll,
        "matching": review.matching,
        "others": counts["children"] - review.matching,
        "not_in_file": review.on_roll - review.matching,
    }


def take_back_values(visit: Visit, back: ToTakeBack | None) -> dict[str, Any]:
    """What taking the newest file back would do, or that it cannot be taken back."""
    if back is None:
        return {"back": None}
    return {
        "back": back,
        "back_until": at_in_words(back.until, visit.now),
        "added": f"{of(back.children, 'child')} and {of(back.adults, 'adult')}",
        "changed": of(back.back, "child"),
        "closed": of(back.closed, "decision"),
    }


def next_pages(visit: Visit, school: SchoolFacts) -> list[tuple[str, str]]:
    """Where the lead goes on, of the pages that there are: words and the name of the address."""
    rights = {
        Next.DECIDE_RESTRICTIONS: (Right.DECIDE_RESTRICTIONS, "Decide who may have the letter"),
        Next.SAY_WHO_LEFT: (Right.DECIDE_ABOUT_CHILDREN, "Say who has left"),
        Next.ATTEST: (Right.ATTEST_ROLL, "Check and attest"),
    }
    return [
        (words, PAGE_OF[step])
        for step, (right, words) in rights.items()
        if step in PAGE_OF and visit.held.may(right, school_id=school.id)
    ]


def at_in_words(at: datetime, now: datetime) -> str:
    """ "2:12pm today", "6pm on Monday 8 March"."""
    here, today = at.astimezone(LONDON), now.astimezone(LONDON).date()
    if here.date() == today:
        return f"{time_in_words(here.time())} today"
    return f"{time_in_words(here.time())} on {day_with_weekday(here.date())}"
