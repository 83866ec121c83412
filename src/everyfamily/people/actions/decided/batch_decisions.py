"""A school's lead decides about all links of one kind in a class, a year or the school, and gives the reason once.

batches.py says what a batch may decide. It covers children on the roll. A decision about silent links counts like the
lead's attestation: a doubt that comes up later holds the link again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from everyfamily.audit.actions import NewEvent, record_event, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.adults.batches import KINDS, kind_of, may_decide
from everyfamily.core.adults.calls import HOLD, LOOK
from everyfamily.core.adults.eligibility import CLOSED
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.roll_rows import NOT_SAID
from everyfamily.people.actions.decided.call_tasks import settle_calls
from everyfamily.people.actions.decided.groups import IN_GROUP, NoSuchGroup
from everyfamily.people.actions.decided.groups import Group as Group
from everyfamily.people.actions.decided.namesakes import hold_namesakes
from everyfamily.people.actions.decided.restrictions import close_roll_tasks, require_a_person
from everyfamily.people.actions.decided.seen import changed, mark_of, require_seen
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import settle_shared_homes
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import Care
from everyfamily.people.queries import school_by_id
from everyfamily.people.sql.entitlement import ALIVE, WAITS

LONGEST_REASON = 200


class BatchWouldOpen(EveryfamilyError):
    """A batch may not open links of this kind. Each must be decided by itself."""

    code = "EF265"


class ReasonNotGiven(EveryfamilyError):
    """A batch needs one reason, in one line."""

    code = "EF267"


@dataclass(frozen=True, slots=True)
class BatchDecided:
    """What a batch decided, or would decide."""

    links: int
    children: int
    adults: int
    also_held: int
    """Links of adults who may be one of these adults under another address, held until somebody also decides about
    them."""
    others: tuple[tuple[str, int], ...]
    """Links of other kinds in the same group that still wait, by kind."""


_HAS_CHILDREN = f"SELECT EXISTS (SELECT FROM people_child p WHERE {IN_GROUP})"  # noqa: S608
_OTHERS = f"""
SELECT c.restriction, c.restriction_reason, count(*)
FROM people_care c JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
WHERE {IN_GROUP} AND {WAITS} AND {ALIVE} GROUP BY 1, 2
"""  # noqa: S608
# The kind is in the condition, so what was decided, closed or doubted since is not included.
_DECIDE = f"""
WITH was AS (
  SELECT c.id, c.restriction FROM people_care c
  JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
  WHERE {IN_GROUP} AND {WAITS} AND {ALIVE}
    AND coalesce(nullif(c.restriction_reason, ''), c.restriction) = %(kind)s::text
    AND (%(links)s::bigint[] IS NULL OR c.id = ANY(%(links)s::bigint[]))
  ORDER BY c.id FOR UPDATE OF c)
UPDATE people_care c
SET restriction = %(decision)s::text, restriction_reviewed_at = %(now)s, restriction_reviewed_by = %(by)s,
  restriction_reason = CASE WHEN c.restriction_reason = %(not_said)s AND %(decision)s::text <> 'none' THEN ''
    ELSE c.restriction_reason END
FROM was WHERE c.school_id = %(school)s AND c.id = was.id
RETURNING c.id, c.parent_id, c.pupil_id, was.restriction
"""  # noqa: S608


def decide_in_a_batch(
    school_id: int,
    *,
    kind: str,
    decision: str,
    group: Group,
    reason: str,
    by: Actor,
    now: datetime,
    links: Collection[int] | None = None,
    seen: str | None = None,
    dry_run: bool = False,
) -> BatchDecided:
    """Decide about every link of one kind that waits in a group, or only about these `links`. Open mailings follow.

    `reason` goes into the audit trail, with each link. Raises BatchWouldOpen, NoSuchGroup, ReasonNotGiven, and
    ReviewerNotNamed for a role instead of a name, and MayOnlyClose. Raises ChangedMeanwhile if one of `links` does not
    wait for this reason, or if all that do have another mark (`LinksPage.marks`) than was `seen`. What this person has
    already decided so is no change. With `dry_run` everything is done and rolled back.
    """
    _require_may_decide(kind, decision)
    require_a_person(by, fact="A batch is decided by a named person.")
    if decision not in CLOSED:
        by.require_may_open()
    why = _one_line(reason)
    with tenant(school_id):
        wait_for_roll(school_id)
        _require_children(school_id, group)
        others = _others(school_id, group, kind)
        done = _decide(school_id, _Words(kind, decision, by), group, links, now)
        _require_as_seen(school_id, _Words(kind, decision, by), {one[0] for one in done}, links, seen)
        parents = sorted({parent for _, parent, _, _ in done})
        also_held = 0
        if decision in CLOSED:
            also_held = sum(hold_namesakes(school_id, parent, by=by, now=now) for parent in parents)
        if done:
            close_roll_tasks(school_id, parents, by, now)
            settle_calls(school_id, parents, [HOLD, LOOK], by=by, now=now)
            settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
            count_decision(school_id)
            _record(school_id, kind, decision, group, why, done, by, now)
        decided = BatchDecided(
            links=len(done),
            children=len({pupil for _, _, pupil, _ in done}),
            adults=len(parents),
            also_held=also_held,
            others=others,
        )
        if dry_run:
            transaction.set_rollback(True)
        return decided


def _require_may_decide(kind: str, decision: str) -> None:
    if kind not in KINDS:
        raise BatchWouldOpen("This is not a kind of link that waits.", f"Give one of: {', '.join(KINDS)}.")
    if not may_decide(kind, decision):
        raise BatchWouldOpen(
            f"Links of the kind {kind!r} cannot be opened together: each has a reason.",
            "Decide about each by itself. Together they can only be closed.",
        )


def _one_line(reason: str) -> str:
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON or not why.isprintable():
        raise ReasonNotGiven(
            f"A batch needs its reason, in 1 to {LONGEST_REASON} characters.",
            "Say in one line what was looked at, without anybody's name.",
        )
    return why


def _require_children(school_id: int, group: Group) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HAS_CHILDREN, group.parameters(school_id))
        if not cursor.fetchone()[0]:
            raise NoSuchGroup(
                "No child on the school's roll is in this class and year.",
                "See the classes and years in the list of restrictions.",
            )


@dataclass(frozen=True, slots=True)
class _Words:
    kind: str
    decision: str
    by: Actor


def _decide(
    school_id: int, words: _Words, group: Group, links: Collection[int] | None, now: datetime
) -> Sequence[tuple[int, int, int, str]]:
    asked = group.parameters(school_id) | {
        "kind": words.kind,
        "decision": words.decision,
        "by": words.by.text,
        "not_said": NOT_SAID,
        "now": now,
        "links": sorted(links) if links is not None else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, asked)
        return list(cursor.fetchall())


def _require_as_seen(
    school_id: int, words: _Words, done: Collection[int], links: Collection[int] | None, seen: str | None
) -> None:
    if seen is not None and done:
        require_seen(seen, mark_of(*sorted(done)))
    missing = set(links or ()) - set(done)
    own = Care.objects.filter(
        school_id=school_id, pk__in=missing, restriction=words.decision, restriction_reviewed_by=words.by.text
    )
    if missing and own.count() < len(missing):
        raise changed()


def _record(
    school_id: int,
    kind: str,
    decision: str,
    group: Group,
    why: str,
    links: Sequence[tuple[int, int, int, str]],
    by: Actor,
    now: datetime,
) -> None:
    record_events(
        (
            NewEvent(
                "restriction",
                "care",
                link,
                {"from": was, "to": decision, "reason": "batch", "why": why, "parent": parent, "pupil": pupil},
            )
            for link, parent, pupil, was in links
        ),
        by=by,
        now=now,
        school_id=school_id,
    )
    record_event(
        action="decide restrictions in a batch",
        by=by,
        subject_type="school",
        subject_id=school_id,
        now=now,
        school_id=school_id,
        detail={
            "kind": kind,
            "to": decision,
            "links": len(links),
            "why": why,
            "class": group.class_name,
            "year": group.year_group,
        },
    )


def _others(school_id: int, group: Group, kind: str) -> tuple[tuple[str, int], ...]:
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, group.parameters(school_id))
        rows = cursor.fetchall()
    counts: Counter[str] = Counter()
    for restriction, reason, links in rows:
        counts[kind_of(restriction, reason)] += links
    return tuple((name, counts[name]) for name in KINDS if counts[name] and name != kind)
