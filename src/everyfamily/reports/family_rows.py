"""A school's list of its families in words: lines for a terminal, cells for a table, plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from everyfamily.core.files.csv_safe import cell
from everyfamily.reports import wording
from everyfamily.reports.adults import AdultLine, Try
from everyfamily.reports.families import FamilyLine

COLUMNS = (
    "pupil id",
    "year group",
    "class",
    "outcome",
    "reason",
    "what happens next",
    "who",
    "by when",
    "adults",
)


def as_cells(line: FamilyLine) -> dict[str, str]:
    """One row of the table. No cell begins a formula."""
    row = {
        "pupil id": line.own_id,
        "year group": line.year_group,
        "class": line.class_name,
        "outcome": wording.OUTCOMES[line.outcome],
        "reason": line.why,
        "what happens next": line.action,
        "who": line.owner,
        "by when": line.due_on.isoformat() if line.due_on else "end of term" if line.by_end_of_term else "",
        "adults": "; ".join(adult_in_words(adult) for adult in line.adults),
    }
    return {column: cell(value) for column, value in row.items()}


def as_values(line: FamilyLine) -> dict[str, Any]:
    """Plain values for JSON: times in London time, or only the day once the mailing is closed."""
    return {
        "pupil_id": line.own_id,
        "year_group": line.year_group,
        "class": line.class_name,
        "outcome": line.outcome.value,
        "reason": line.reason.value if line.reason else None,
        "next": line.action,
        "owner": line.owner,
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "by_end_of_term": line.by_end_of_term,
        "adults": [
            {
                "adult": adult.number,
                "relationship": adult.relationship,
                "standing": adult.standing,
                "tries": [
                    {"channel": one.channel, "status": one.status, "at": _day_or_moment(_local(one.at))}
                    for one in adult.tries
                ],
            }
            for adult in line.adults
        ],
    }


def child_in_words(line: FamilyLine, own_id: str, class_name: str) -> str:
    """ "child P12, class 7B: not reached. No contact details that work. Next: ... (who), by Fri 5 March." """
    in_class = f", class {class_name}" if class_name else ""
    said = f"child {own_id}{in_class}: {wording.OUTCOMES[line.outcome].lower()}."
    if line.why:
        said += f" {line.why}."
    if line.action:
        said += f" Next: {line.action}"
        said += f" ({line.owner})" if line.owner != "no one" else ""
        if line.due_on:
            said += f", by {wording.short_day(line.due_on)}"
        said += ", by the end of term." if line.by_end_of_term else "."
    return said


def adult_in_words(adult: AdultLine) -> str:
    """ "adult 1, mother: email permanent-failure, Tue 2 March 10:00, text delivered, Tue 2 March 10:05"."""
    tries = ", ".join(_try_in_words(one) for one in adult.tries)
    said = f"{adult.standing}: {tries}" if tries else adult.standing
    return f"adult {adult.number}, {adult.relationship or 'relationship not said'}: {said}"


def _try_in_words(one: Try) -> str:
    at = _local(one.at)
    hour = "" if is_day_only(at) else f" {at:%H:%M}"
    return f"{one.channel} {STATUSES.get(one.status, one.status)} {wording.short_day(at.date())}{hour}"


def is_day_only(at: datetime) -> bool:
    """Whether the hour is no longer known: closing a mailing keeps only the day, as its first moment."""
    return (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)


def _day_or_moment(at: datetime) -> str:
    return at.date().isoformat() if is_day_only(at) else at.isoformat()


STATUSES: Mapping[str, str] = {
    "created": "written down",
    "sending": "being sent",
    "accepted": "taken in",
    "refused": "not taken in for now",
    "temporary-failure": "not delivered",
    "permanent-failure": "no such address or number",
    "technical-failure": "failed through a fault",
    "returned": "came back",
    "unknown": "not known whether it went",
}
"""What became of one try. A status that is not here is a word already."""


def _local(at: datetime) -> datetime:
    return at.astimezone(wording.LONDON)
