"""What is held about one adult as somebody reads it to whom it is handed: in words, with London's time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from everyfamily.core.adults.grounds import Ground
from everyfamily.core.audit_words import what_was_done
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.files.handed_over import as_text
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.rolls.model.roll_rows import (
    DOUBT,
    GONE,
    IN_CARE,
    NOT_ASKED,
    NOT_READABLE,
    NOT_SAID,
    NOTE_NOT_READ,
    VALUE_NOT_READ,
)
from everyfamily.core.text.dates import day_in_words, time_in_words
from everyfamily.mailings.queries.tasks import task_in_words
from everyfamily.people.adult_words import CHANNELS, RESTRICTIONS, STATUSES, WAYS, language_words, yes_no


def record_text(found: Mapping[str, Any], *, title: str) -> str:
    """`held_about` as plain text. What is not held is left out, except where its absence says something."""
    adult = found["adult"]
    said: dict[str, object] = {
        "Written on": _when(found["as_of"]),
        "School": found["school"]["name"],
        "Who they are": {
            "Name": adult["name"] or "deleted",
            "Language": language_words(adult["language"]),
            "How they read": adult["format"],
            "How they prefer to be written to": WAYS.get(adult["prefers"], "not said"),
            "Wants no more letters": _by("yes", adult["objects_at"], adult["objects_by"], did="recorded")
            if adult["objects_at"] and adult["objects_at"] != adult["died_known_at"]
            else "no",
            "Has died": _by(
                "yes, as the school was told", adult["died_known_at"], adult["died_known_by"], did="recorded"
            )
            if adult["died_known_at"]
            else "",
        },
        "How to reach them": [_way(one) for one in found["contact_points"]],
        "Their children at this school": [_child(one) for one in found["children"]],
        "Letters": [_letter(one) for one in found["letters"]],
        "What a person was asked to do": [_task(one) for one in found["tasks"]],
        "Rolls that they may have come from": [
            _by("put in", one["imported_at"], one["imported_by"]) for one in found[ROLLS]
        ],
        "What people did": [f"{_when(one['at'])}: {one['actor']} {_done(one)}" for one in found["events"]],
        "What else is kept": found["kept_besides"],
    }
    return as_text(said, title=title)


ROLLS = "rolls_they_may_have_come_from"


def _way(one: Mapping[str, Any]) -> str:
    value = str(one["value"] or "deleted").replace("\n", ", ")
    status = _words(STATUSES.get(one["status"], one["status"]))
    return f"{CHANNELS[one['channel']]}: {value} ({'; '.join(part for part in (status, one['reason']) if part)})"


def _child(one: Mapping[str, Any]) -> dict[str, object]:
    restriction = RESTRICTIONS.get(one["restriction"], one["restriction"])
    return _held(
        {
            "Child": one["school_own_id"] or "own id deleted",
            "Year": one["year_group"],
            "Class": one["class"],
            "On the roll from": _when(one["on_roll_from"]),
            "On the roll until": _when(one["on_roll_to"]),
            "This adult is": one["relationship"],
            "Parental responsibility": yes_no(one["parental_responsibility"]),
            "Has care of the child": yes_no(one["has_care"]),
            "Is a parent or carer": _by(
                one.get("parent_or_carer", ""),
                one.get("parent_or_carer_at"),
                one.get("parent_or_carer_by"),
                did="said",
            ),
            "Written to": f"as number {one['priority']}" if one["priority"] else "",
            "Kept away by": Ground(one["kept_away_by"], one["until"], one["order_seen"]).words
            if "kept_away_by" in one
            else "",
            "The letter about this child": _by(
                f"{restriction}{_because(one['restriction_reason'])}",
                one["restriction_reviewed_at"],
                one["restriction_reviewed_by"],
                did="decided",
            ),
        }
    )


def _because(reason: str) -> str:
    return f" ({_REASONS.get(reason, reason)})" if reason else ""


_REASONS: Mapping[str, str] = {
    NOT_SAID: "the school’s file does not say",
    NOT_ASKED: "nobody has said yet what a column of the school’s file means",
    NOTE_NOT_READ: "the school has not read a note in its records yet",
    VALUE_NOT_READ: "the school has not read a word of its file yet",
    NOT_READABLE: "what the school’s file says cannot be read",
    DOUBT: "the name is in doubt",
    GONE: "was missing from a file of the school",
    IN_CARE: "the child is in care",
}
"""Why a person decides. A doubt is about another adult too, so it gets no more words than these."""


def _letter(one: Mapping[str, Any]) -> dict[str, object]:
    return _held(
        {
            "Letter": f"{one['letter']}, the {letter_of_term(one['term'])}",
            "State": _words(one["state"]),
            "Planned for": _when(one["planned_at"]),
            "What was tried": [line for attempt in one["attempts"] for line in _attempt(attempt)],
        }
    )


def _attempt(one: Mapping[str, Any]) -> Iterable[str]:
    version = f", {one['version']} version" if one["version"] else ""
    yield _told(
        f"{CHANNELS[one['channel']]}{version}, written {_when(one['written_at'])}", one, one["changed_at"]
    )
    for event in one["events"]:
        yield _told("  Told", event, event["occurred_at"])


def _told(what: str, one: Mapping[str, Any], at: datetime | None) -> str:
    return f"{what}: {_words(one['status'])}{_because(one['reason'] or '')}{f', {_when(at)}' if at else ''}"


def _task(one: Mapping[str, Any]) -> str:
    due = f", due {_when(one['due_on'])}" if one["due_on"] else ""
    closed = f", {_by('closed', one['closed_at'], one['closed_by'])}" if one["closed_at"] else ", open"
    return f"{task_in_words(one['kind'])}: {one['owner']}, since {_when(one['opened_at'])}{due}{closed}"


def _done(one: Mapping[str, Any]) -> str:
    return what_was_done(one["action"], one["subject_type"], one["subject_id"], one["detail"]).words


def _by(what: str, at: datetime | None, who: str | None, *, did: str = "") -> str:
    """ "yes, recorded by Una Marsh, 2 March 2027, 9am", or only "yes" if nobody is known to have said it."""
    said = " ".join(part for part in (did, f"by {who}") if part) if who else ""
    first = f"{what}{', ' if did and said else ' ' if said else ''}{said}"
    return ", ".join(part for part in (first, _when(at)) if part)


def _held(rows: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in rows.items() if value not in ("", None, [])}


def _words(code: str) -> str:
    return code.replace("-", " ")


def _when(at: date | None) -> str:
    """A time in London, or a day; blank for none."""
    if isinstance(at, datetime):
        here = at.astimezone(LONDON)
        return f"{day_in_words(here.date())}, {time_in_words(here.time())}"
    return day_in_words(at) if at else ""
