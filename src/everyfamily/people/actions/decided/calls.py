"""Somebody rings the school, and the office notes what they ask for: one kind, and never words.

What closes counts at once, as a death that is recorded does. What would open waits for the lead, who is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.adults.calls import CLOSES, HOLD, NO_LETTERS, WAIT, WORDS
from everyfamily.core.adults.eligibility import CLOSED
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.actions.decided.call_tasks import open_call, settle_calls
from everyfamily.people.actions.decided.objections import parents_of, record_objection
from everyfamily.people.actions.decided.opt_outs import opt_out
from everyfamily.people.actions.decided.restrictions import review_restriction
from everyfamily.people.actions.decided.seen import mark_of_link
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import Call, Care


class CallNotKnown(EveryfamilyError):
    """Not something that can be noted, or nothing that waits."""

    code = "EF691"


@dataclass(frozen=True, slots=True)
class CallWaiting:
    """What somebody asked for, and the lead has not decided."""

    adult: int
    kind: str
    noted_at: datetime
    noted_by: str

    @property
    def words(self) -> str:
        """What they asked for."""
        return WORDS[self.kind]


def note_call(school_id: int, *, adult: int, kind: str, by: Actor, now: datetime) -> bool:
    """Note what somebody asked for about an adult. Returns whether it is new.

    It never opens anything. Raises CallNotKnown, AdultNotKnown, and ChangedMeanwhile if somebody decides about the
    adult at the same moment.
    """
    if kind not in WORDS:
        raise CallNotKnown("This cannot be noted.", "Choose what they asked for.")
    new = _close(school_id, adult, kind, by, now) if kind in CLOSES else True
    if kind not in WAIT or not new:
        return new
    with tenant(school_id):
        wait_for_roll(school_id)
        parents_of(school_id, adult)
        if new := open_call(school_id, adult, kind, by=by, now=now):
            _record("note call", school_id, adult, kind, by, now)
    return new


def _close(school_id: int, adult: int, kind: str, by: Actor, now: datetime) -> bool:
    if kind == NO_LETTERS:
        return record_objection(school_id, adult=adult, by=by, now=now)
    if kind != HOLD:
        return opt_out(school_id, adult=adult, channel=kind.removeprefix("no "), by=by, now=now)
    with tenant(school_id):
        parents_of(school_id, adult)
        rows = Care.objects.filter(school_id=school_id, parent_id=adult).exclude(restriction__in=CLOSED)
        marks = {
            row.pk: mark_of_link(row.restriction, row.restriction_reason, row.restriction_reviewed_by)
            for row in rows.order_by("pk")
        }
    if marks:
        link, *_ = marks
        also = {one: mark for one, mark in marks.items() if one != link}
        review_restriction(
            school_id, link=link, decision="hold", by=by, now=now, seen=marks[link], also=also or None
        )
    return bool(marks)


def calls_waiting(school_id: int, adult: int | None = None) -> list[CallWaiting]:
    """What waits for the lead, the oldest first: all of it, or about one adult."""
    which = {} if adult is None else {"parent_id": adult}
    with tenant(school_id):
        rows = Call.objects.filter(school_id=school_id, settled_at=None, **which).order_by("noted_at", "pk")
        return [CallWaiting(*row) for row in rows.values_list("parent_id", "kind", "noted_at", "noted_by")]


def leave_call(school_id: int, *, adult: int, kind: str, by: Actor, now: datetime) -> bool:
    """The lead leaves things as they are. Returns whether it had waited."""
    with tenant(school_id):
        left = bool(settle_calls(school_id, [adult], [kind], by=by, now=now))
        if left:
            _record("leave call", school_id, adult, kind, by, now)
    return left


def _record(action: str, school_id: int, adult: int, kind: str, by: Actor, now: datetime) -> None:
    record_event(
        action=action,
        by=by,
        subject_type="parent",
        subject_id=adult,
        now=now,
        school_id=school_id,
        detail={"asked": kind},
    )
