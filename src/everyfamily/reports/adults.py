"""The adults of a school's children without their names: which way the letter went, and what happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from everyfamily.core.sending.fallback import DeliveryState

DIED = "has died, as your school was told"
"""A standing."""

type Read = Callable[[str, Mapping[str, Any]], list[tuple[Any, ...]]]
type TriesOf = Callable[[Collection[int]], Mapping[int, Sequence[Try]]]
"""From adults' rows to what was tried for each, the oldest first."""


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt: which channel, what happened to it, and since when."""

    channel: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenTask:
    """What a named person must decide about an adult."""

    kind: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class AdultLine:
    """One adult of one child, by number."""

    number: int
    parent: int
    """The adult's row."""
    link: int
    """The row of the adult and the child."""
    language: str
    format: str
    relationship: str
    standing: str
    """Why nothing goes to the adult, or how far the letter has come."""
    tries: tuple[Try, ...]
    tasks: tuple[OpenTask, ...]
    changed_at: datetime | None
    """When the last thing happened on the way to this adult; None if nothing has."""


def adults_of(
    read: Read,
    page: Mapping[str, Any],
    tasks: Mapping[int, Sequence[OpenTask]],
    tries_of: TriesOf | None = None,
) -> dict[int, tuple[AdultLine, ...]]:
    """The adults of the children `page["pupils"]`, in the school's order. Inside `tenant(school_id)`.

    `tries_of` gives the attempts of these adults where somebody reads more of them; otherwise they are read here.
    """
    if not page["pupils"]:
        return {}
    links = read(_LINKS, page)
    parents = sorted({row[1] for row in links})
    tries = tries_of(parents) if tries_of else _tries(read(_TRIES, {**page, "parents": parents}))
    found: dict[int, list[AdultLine]] = defaultdict(list)
    for (
        pupil,
        parent,
        link,
        language,
        format_,
        relationship,
        restriction,
        entitled,
        objects,
        has_died,
        state,
        planned,
    ) in links:
        theirs = tuple(tries.get(parent, ()))
        found[pupil].append(
            AdultLine(
                number=len(found[pupil]) + 1,
                parent=parent,
                link=link,
                language=language,
                format=format_,
                relationship=relationship,
                standing=DIED
                if has_died
                else _standing(restriction, entitled, objects, bool(tasks.get(parent)), state),
                tries=theirs,
                tasks=tuple(tasks.get(parent, ())),
                changed_at=max((one.at for one in theirs), default=planned),
            )
        )
    return {pupil: tuple(lines) for pupil, lines in found.items()}


def _tries(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Try]]:
    found: dict[int, list[Try]] = defaultdict(list)
    for parent, channel, status, at in rows:
        found[parent].append(Try(channel, status, at))
    return found


def _standing(restriction: str, entitled: bool, objects: bool, waits: bool, state: str | None) -> str:
    if restriction == "do not send":
        return "may not be written to"
    if objects:
        return "asked for no more letters"
    if waits or restriction != "none":
        return "a person must decide"
    if not entitled:
        return "is no parent or carer of this child"
    return _STATES.get(state or "", state or "has no date yet")


_STATES: Mapping[str, str] = {
    DeliveryState.PLANNED: "waits to be sent",
    DeliveryState.UNKNOWN: "not known whether it went",
    DeliveryState.RETURNED: "the post came back",
    DeliveryState.FAILED: "no way worked",
    DeliveryState.SHARED: "every way is shared with somebody who may not have the letter",
    DeliveryState.NO_CONTACT: "no contact details",
    DeliveryState.STOPPED: "stopped before it went",
}
_LINKS = """
SELECT c.pupil_id, c.parent_id, c.id, a.language, a.format, c.relationship, c.restriction, c.is_entitled, a.objects,
  a.has_died, d.state, d.planned_at
FROM people_link c
JOIN people_adult a ON a.school_id = c.school_id AND a.id = c.parent_id
LEFT JOIN LATERAL (SELECT state, planned_at FROM mailings_known_delivery d
  WHERE d.school_id = c.school_id AND d.parent_id = c.parent_id AND d.mailing_id = ANY(%(mailings)s)
  ORDER BY d.id DESC LIMIT 1) d ON true
WHERE c.school_id = %(school)s AND c.pupil_id = ANY(%(pupils)s)
ORDER BY c.pupil_id, c.priority NULLS LAST, c.id
"""
_TRIES = """
SELECT t.parent_id, t.channel, t.status, t.changed_at FROM mailings_try t
WHERE t.school_id = %(school)s AND t.mailing_id = ANY(%(mailings)s) AND t.parent_id = ANY(%(parents)s)
ORDER BY t.id
"""
