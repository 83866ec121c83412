"""What the pages about data requests show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.work import WorkState
from everyfamily.mailings.actions.ending.adult_page import BeforeForgetting
from everyfamily.people.actions.keeping.exports import Export, failed_exports
from everyfamily.people.actions.keeping.subject_access import MOST_FOUND, LookedFor, Search
from everyfamily.people.adult_words import CHANNELS, RESTRICTIONS, STATUSES, WAYS, language_words, yes_no
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.running.pages import at_in_words

WATCHED = timedelta(minutes=10)
"""The page asks for itself again for so long after somebody asked for a file."""
NEWEST = 10
"""Letters and children that are shown on the page; the file has all of them."""


class TickedNothing(EveryfamilyError):
    """What cannot be undone, without the tick that says that somebody has read what goes."""

    code = "EF664"


@dataclass(frozen=True, slots=True)
class Group:
    """Some of what is held, under one heading: pairs of a name and a value."""

    heading: str
    rows: Sequence[tuple[str, str]]
    note: str = ""


def find_values(
    school: SchoolFacts,
    wanted: str = "",
    search: Search | None = None,
    now: datetime | None = None,
    *,
    problem: EveryfamilyError | None = None,
) -> dict[str, Any]:
    """The form, and what was found if more or fewer than one were."""
    values: dict[str, Any] = {
        "here": "schools",
        "school": school,
        "wanted": wanted,
        "problem": problem,
        "problem_at": "wanted",
    }
    if search is None or now is None:
        return values
    return values | {
        "search": search,
        "looked_for": _looked_for(search.looked_for),
        "at": at_in_words(now),
        "found": [(one.adult, one.relationships, of(one.children, "child"), one.purged) for one in search.found],
        "many": "" if search.is_all else f"More than {MOST_FOUND} adults fit.",
    }


def failed_values(school: SchoolFacts, now: datetime) -> dict[str, Any]:
    """Files that could not be prepared: somebody else may have to see to it while whoever asked is away."""
    return {"failed": [(one, at_in_words(one.asked_at)) for one in failed_exports(school.id, now)]}


def found_sentence(search: Search, now: datetime) -> str:
    """What was looked for and when, without the words that were typed."""
    return f"One adult fits. We looked for {_looked_for(search.looked_for)} at {at_in_words(now)}."


def _looked_for(kinds: Sequence[LookedFor]) -> str:
    return " and for ".join(kind.value for kind in kinds)


def adult_values(
    school: SchoolFacts, found: Mapping[str, Any], exports: Sequence[Export], now: datetime
) -> dict[str, Any]:
    """One adult in groups, and the newest file that somebody asked for."""
    newest = exports[0] if exports else None
    return {
        "here": "schools",
        "school": school,
        "adult": found["adult"]["number"],
        "name": found["adult"]["name"],
        "is_forgotten": found["adult"]["objects_at"] is not None and not _has_values(found),
        "groups": [_who(found["adult"]), _ways(found), _children(found), _letters(found), _kept(found)],
        "before_handing_over": found["before_handing_over"],
        "export": newest,
        "export_state": newest.state.value if newest else "",
        "gone_at": at_in_words(newest.gone_at) if newest else "",
        "downloads": of(newest.downloads, "time") if newest and newest.downloads else "",
        "is_waiting": newest is not None and newest.state in (WorkState.WAITING, WorkState.WORKING),
        "is_late": newest is not None and now - newest.asked_at > timedelta(minutes=1),
        "is_watched": is_waited_for(exports, now),
        "page_at": at_in_words(now),
    }


def _has_values(found: Mapping[str, Any]) -> bool:
    return bool(found["adult"]["name"]) or any(one["value"] for one in found["contact_points"])


def is_waited_for(exports: Sequence[Export], now: datetime) -> bool:
    """Whether the page should be asked for again by itself."""
    return any(
        one.state in (WorkState.WAITING, WorkState.WORKING) and now - one.asked_at < WATCHED
        for one in exports[:1]
    )


def _who(adult: Mapping[str, Any]) -> Group:
    rows = [
        ("Name", adult["name"] or "Deleted"),
        ("Language", language_words(adult["language"])),
        ("How they read", adult["format"].capitalize()),
        ("How they prefer to be written to", WAYS.get(adult["prefers"], "Not said")),
        ("Wants no more letters", _objects(adult)),
    ]
    if adult["died_known_at"] is not None:
        said = f"{_day(adult['died_known_at'])}, recorded by {adult['died_known_by']}"
        rows.append(("Has died", f"As your school was told, {said}"))
    return Group("Who they are", rows)


def _objects(adult: Mapping[str, Any]) -> str:
    if adult["objects_at"] in (None, adult["died_known_at"]):
        return "No"
    return f"Yes, since {_day(adult['objects_at'])}, recorded by {adult['objects_by']}"


def _ways(found: Mapping[str, Any]) -> Group:
    rows = [
        (
            CHANNELS[one["channel"]],
            f"{one['value']} ({STATUSES.get(one['status'], one['status'])})" if one["value"] else "Deleted",
        )
        for one in found["contact_points"]
    ]
    return Group("How to reach them", rows, "" if rows else "We hold no email address, mobile number or address.")


def _children(found: Mapping[str, Any]) -> Group:
    children = found["children"]
    rows = [(f"Child {one['school_own_id'] or '(own id deleted)'}", _child(one)) for one in children[:NEWEST]]
    return Group("Their children at this school", rows, _rest(len(children), "child"))


def _child(one: Mapping[str, Any]) -> str:
    said = [
        f"class {one['class']}" if one["class"] else "",
        one["relationship"],
        f"parental responsibility: {yes_no(one['parental_responsibility'])}",
        f"care: {yes_no(one['has_care'])}",
        RESTRICTIONS.get(one["restriction"], one["restriction"]),
        f"decided by {one['restriction_reviewed_by']}" if one["restriction_reviewed_by"] else "",
        f"left on {day_in_words(one['on_roll_to'])}" if one["on_roll_to"] else "",
    ]
    return ", ".join(part for part in said if part)


def _letters(found: Mapping[str, Any]) -> Group:
    letters = found["letters"]
    rows = [
        (one["letter"], f"{one['term']}: {one['state']}, {_tries(one['attempts'])}")
        for one in reversed(letters[-NEWEST:])
    ]
    return Group("Letters", rows, "" if letters else "We have written no letter to them.")


def _tries(attempts: Sequence[Mapping[str, Any]]) -> str:
    told = [f"{CHANNELS[one['channel']].lower()} {one['status']}" for one in attempts[:NEWEST]]
    return "; ".join(told) or "nothing sent"


def _kept(found: Mapping[str, Any]) -> Group:
    rows = [
        ("Things that a person was asked to do", str(found["tasks"])),
        ("Rolls that they may have come from", str(found["rolls_they_may_have_come_from"])),
        ("Entries in the audit trail", str(len(found["events"]))),
    ]
    return Group("What else there is", rows, found["kept_besides"])


def _rest(count: int, noun: str) -> str:
    return f"The file has all {of(count, noun)}." if count > NEWEST else ""


def _day(at: datetime) -> str:
    return day_in_words(at.astimezone(LONDON).date())


def forget_values(
    school: SchoolFacts, adult: int, before: BeforeForgetting, problem: EveryfamilyError | None
) -> dict[str, Any]:
    """What goes, what stays, and the form, unless nothing is left."""
    would_go = before.would_go
    return {
        "here": "schools",
        "school": school,
        "adult": adult,
        "problem": problem,
        "problem_at": "sure" if isinstance(problem, TickedNothing) else "",
        "would_go": would_go,
        "children": of(would_go.children, "child"),
        "values_words": of(would_go.values, "value"),
        "files": of(would_go.files, "file"),
        "letters_open": of(before.letters_open, "letter") if before.letters_open else "",
        "is_done": would_go.objects and not would_go.values,
    }
