"""A school's lead decides who may be written to: link by link, or for the whole roll if it said nothing.

Every change names who made it and when, and is counted for the mailings. If a link is held for any reason except a
silent file, it waits for a decision about that link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from everyfamily.audit.actions import NewEvent, record_event, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.adults.calls import HOLD, LOOK
from everyfamily.core.adults.eligibility import CLOSED
from everyfamily.core.adults.grounds import Ground, require_ground
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.roll_rows import (
    DOUBT,
    GONE,
    IN_CARE,
    NOT_ASKED,
    NOT_READABLE,
    NOT_SAID,
    READ_WITH_NOTES,
)
from everyfamily.people.actions.decided.call_tasks import settle_calls
from everyfamily.people.actions.decided.link_lists import LinksShown as LinksShown
from everyfamily.people.actions.decided.link_lists import LinkToReview as LinkToReview
from everyfamily.people.actions.decided.link_lists import links_to_review as links_to_review
from everyfamily.people.actions.decided.namesakes import hold_namesakes
from everyfamily.people.actions.decided.seen import mark_of_link, require_seen
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import settle_ended_orders, settle_notes, settle_shared_homes
from everyfamily.people.actions.word_covers import vouch_for
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import Care, RollTask, here
from everyfamily.people.models import Ground as GroundKept
from everyfamily.people.queries import school_by_id
from everyfamily.people.sql.entitlement import ALIVE, WAITS

DECISIONS = ("none", "hold", "do not send")
"""What a person may decide. "unknown" is what a file leaves, and never a decision. A link on hold goes on waiting."""
_DOUBTED = (DOUBT, GONE, IN_CARE, NOT_READABLE, NOT_ASKED, *READ_WITH_NOTES)
"""Reasons that may each stand for a restriction that somebody set."""


class LinkNotKnown(EveryfamilyError):
    """The school has no link with this number."""

    code = "EF240"


class DecisionNotKnown(EveryfamilyError):
    """Not one of the three decisions."""

    code = "EF241"


class OnlyClosedTogether(EveryfamilyError):
    """Links of one adult to several children are opened one by one."""

    code = "EF547"


class ReviewerNotNamed(EveryfamilyError):
    """Only a named person can open what a file closed."""

    code = "EF242"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a decision about a link changed."""

    was: str
    also_held: int
    """Links of adults who may be the same person at another address, held until somebody also decides about them."""


def review_restriction(
    school_id: int,
    *,
    link: int,
    decision: str,
    by: Actor,
    now: datetime,
    seen: str | None = None,
    also: Mapping[int, str] | None = None,
    ground: Ground | None = None,
) -> Reviewed:
    """Decide about one link. Open mailings follow.

    `seen` is the link's mark (seen.py) when somebody was shown it. If the decision closes the link, `also` may hold
    other links of the same adult, with their marks, which it closes in the same transaction. `ground` is what keeps the
    adult away, and is kept with "do not send". Raises LinkNotKnown, DecisionNotKnown, GroundNotRight,
    OnlyClosedTogether, ChangedMeanwhile if a link has another mark now, MayOnlyClose, and ReviewerNotNamed if somebody
    who gives a role and no name tries to open a link that a file closed, or that is held for more than a silent file.
    """
    if decision not in DECISIONS:
        raise DecisionNotKnown(
            "This is not a decision about a restriction.", f"Give one of: {', '.join(DECISIONS)}."
        )
    if also and decision not in CLOSED:
        raise OnlyClosedTogether(
            "Several children of one adult can only be closed together.", "Decide about each child by itself."
        )
    ground = ground if decision == "do not send" else None
    if ground is not None:
        require_ground(ground, now.astimezone(LONDON).date())
    with tenant(school_id):
        if decision in CLOSED:
            wait_for_roll(school_id)
        marks = {**(also or {}), link: seen}
        found = {
            one.pk: one
            for one in Care.objects.select_for_update().filter(school_id=school_id, pk__in=marks).order_by("pk")
        }
        care = found.get(link)
        if care is None or any(one not in found or found[one].parent_id != care.parent_id for one in marks):
            raise LinkNotKnown(f"This school has no link {link}.", "See its links and their numbers.")
        was = care.restriction
        for one in found.values():
            _review(one, decision, marks[one.pk], by, now, ground)
        if decision not in CLOSED:
            vouch_for(school_id, link)
        also_held = hold_namesakes(school_id, care.parent_id, by=by, now=now) if decision in CLOSED else 0
        close_roll_tasks(school_id, [care.parent_id], by, now)
        settle_calls(school_id, [care.parent_id], [HOLD, LOOK], by=by, now=now)
        settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
        count_decision(school_id)
        return Reviewed(was, also_held)


def _review(care: Care, decision: str, seen: str | None, by: Actor, now: datetime, ground: Ground | None) -> None:
    """Write the decision about one link that is locked."""
    was = care.restriction
    require_seen(seen, mark_of_link(was, care.restriction_reason, care.restriction_reviewed_by))
    if opens(was, decision):
        by.require_may_open()
    if needs_a_person(was, care.restriction_reason, decision):
        require_a_person(by)
    care.restriction = decision
    # What the person saw is kept, so that it is already answered if the next file brings the same doubt again.
    care.restriction_reason = care.restriction_reason if care.restriction_reason in _DOUBTED else ""
    care.restriction_reviewed_at, care.restriction_reviewed_by = now, by.text
    care.save(
        update_fields=[
            *("restriction", "restriction_reason", "restriction_reviewed_at", "restriction_reviewed_by")
        ]
    )
    GroundKept.objects.filter(school_id=care.school_id, care=care).delete()
    if ground is not None:
        kept = {"kind": ground.kind, "ends_on": ground.ends_on, "is_order_seen": ground.is_order_seen}
        GroundKept.objects.create(school_id=care.school_id, care=care, decided_at=now, **kept)
    detail: dict[str, object] = {"from": was, "to": decision}
    if ground is not None:
        detail["because"] = ground.words
    record_event(
        action="review restriction",
        by=by,
        subject_type="care",
        subject_id=care.pk,
        now=now,
        school_id=care.school_id,
        detail=detail,
    )


def opens(was: str, decision: str) -> bool:
    """Whether it closes less than before: a letter may go there, or the adult only waits."""
    return decision == "none" or (was == "do not send" and decision != was)


def needs_a_person(was: str, reason: str, decision: str) -> bool:
    """Whether only a named person may decide this about a link: it opens what was closed, or doubted."""
    return decision == "none" and (was in ("hold", "do not send") or reason in _DOUBTED)


OPENS_WHAT_WAS_CLOSED = "This opens what was closed, and only a named person may do that."


def require_a_person(by: Actor, *, fact: str = OPENS_WHAT_WAS_CLOSED) -> None:
    """Raise ReviewerNotNamed for a role, or for the product itself."""
    if not by.is_person:
        raise ReviewerNotNamed(fact, "Give the first and last name of the person who decides.")


def links_not_said(school_id: int) -> int:
    """How many links of children on the roll are held only because their file said nothing about restrictions. Run
    inside `tenant(school_id)`."""
    return _not_said(school_id).count()


def lift_not_said(school_id: int, *, by: Actor, now: datetime) -> int:
    """The lead has looked: links for which their file said nothing have no restriction. Returns how many. Raises
    MayOnlyClose.

    A link that is held for another reason does not change. Run inside `tenant(school_id)`, with the roll locked. The
    caller counts the decision.
    """
    by.require_may_open()
    lifted = _lift_not_said(school_id, by, now)
    close_roll_tasks(school_id, None, by, now)
    if lifted:
        settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
    record_event(
        action="attest restrictions",
        by=by,
        subject_type="school",
        subject_id=school_id,
        now=now,
        school_id=school_id,
        detail={"links": lifted},
    )
    return lifted


def _lift_not_said(school_id: int, by: Actor, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LIFT, {"school": school_id, "now": now, "by": by.text, "not_said": NOT_SAID})
        lifted = cursor.fetchall()
    record_events(
        (
            NewEvent(
                "restriction",
                "care",
                link,
                {"from": "unknown", "to": "none", "reason": "attested", "parent": parent, "pupil": pupil},
            )
            for link, parent, pupil in lifted
        ),
        by=by,
        now=now,
        school_id=school_id,
    )
    return len(lifted)


_LIFT = f"""
UPDATE people_care c
SET restriction = 'none', restriction_reason = '', restriction_reviewed_at = %(now)s, restriction_reviewed_by = %(by)s
FROM people_child_on_roll p
WHERE c.school_id = %(school)s AND c.restriction = 'unknown' AND c.restriction_reason = %(not_said)s AND {ALIVE}
  AND p.school_id = c.school_id AND p.id = c.pupil_id
RETURNING c.id, c.parent_id, c.pupil_id
"""  # noqa: S608 - a constant


def _not_said(school_id: int) -> QuerySet[Care]:
    return _silent(school_id, NOT_SAID)


def _silent(school_id: int, *reasons: str) -> QuerySet[Care]:
    """Links of children here and of adults who are not known to have died."""
    alive = here("pupil__") & Q(school_id=school_id, parent__died_known_at=None)
    return Care.objects.filter(alive, restriction="unknown", restriction_reason__in=reasons)


def close_roll_tasks(school_id: int, parents: Iterable[int] | None, by: Actor, now: datetime) -> None:
    """Close the tasks about adults who object, or for whom nothing waits for a decision. None: about every adult.

    The school's task about adults for whom its file says nothing closes with the last of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE people_rolltask t SET closed_at = %(now)s, closed_by = %(by)s
            WHERE t.school_id = %(school)s AND t.kind = 'restriction' AND t.closed_at IS NULL
              AND (%(parents)s::bigint[] IS NULL OR t.parent_id = ANY(%(parents)s::bigint[]))
              AND NOT EXISTS (SELECT 1 FROM people_care c
                JOIN people_child_on_roll p ON p.school_id = c.school_id AND p.id = c.pupil_id
                JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id AND a.objects_at IS NULL
                WHERE c.school_id = t.school_id AND c.parent_id = t.parent_id AND {WAITS})
            """,  # noqa: S608 - a constant of this module
            {
                "school": school_id,
                "now": now,
                "by": by.text,
                "parents": list(parents) if parents is not None else None,
            },
        )
    settle_notes(school_id)
    settle_ended_orders(school_id, now=now, by=by)
    if not _silent(school_id, NOT_SAID, *READ_WITH_NOTES).exists():
        RollTask.objects.filter(school_id=school_id, kind="restrictions not said", closed_at=None).update(
            closed_at=now, closed_by=by.text
        )
