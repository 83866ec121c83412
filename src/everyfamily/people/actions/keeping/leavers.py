"""Children who have left, who stay although a file left them out, and who have died. Each counts at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.adults.change_set import FEWEST_CHILDREN
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.in_order import in_class_order
from everyfamily.people.actions.decided.restrictions import close_roll_tasks, require_a_person
from everyfamily.people.actions.decided.seen import mark_of, require_seen
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.keeping.purging import purge_without_children
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import hold_key, open_vault
from everyfamily.people.models import Pupil, RollTask, here


class PupilNotOnRoll(EveryfamilyError):
    """No child on this school's roll has this id."""

    code = "EF243"


class DeathNotRecorded(EveryfamilyError):
    """There is no death to take back."""

    code = "EF247"


class LeavingDayNotCome(EveryfamilyError):
    """A child is taken off the roll on the day, and not before."""

    code = "EF244"


class ManyWouldLeave(EveryfamilyError):
    """One command would make most of a school leave. More likely, the newest file was only a part of the roll."""

    code = "EF249"


@dataclass(frozen=True, slots=True)
class ProposedLeaver:
    """A child who was not in the newest file of the whole roll. For the lead's screen, never for a log."""

    pupil: int
    own_id: str
    """The school's own id, or blank once it is purged."""
    year_group: str
    class_name: str
    proposed_at: datetime

    @property
    def mark(self) -> str:
        """For whoever decides about the child as they see it here (decided/seen.py)."""
        return mark_of_child(None, self.proposed_at, None)


def mark_of_child(left_on: date | None, proposed_at: datetime | None, died_at: datetime | None) -> str:
    """Of when a child left, was proposed as a leaver, and was known to have died."""
    return mark_of(left_on, proposed_at, died_at)


def pupil_by_own_id(school_id: int, own_id: str, *, now: datetime) -> int:
    """The number of the child on roll with this id in the school's own records. Raises PupilNotOnRoll."""
    with tenant(school_id):
        id_hash = open_vault(school_id, now=now).blind_index("pupil", own_id.strip())
        found = _on_roll(school_id).filter(id_hash=id_hash).values_list("id", flat=True).first()
    if found is None:
        raise PupilNotOnRoll(
            "No child on this school's roll has this id.", "Give the id as the school's own records have it."
        )
    return int(found)


def proposed_leavers(
    school_id: int, *, now: datetime, after: int = 0, limit: int | None = None
) -> list[ProposedLeaver]:
    """Children who are proposed as leavers and stay on the roll until somebody decides, by class.

    At most `limit`, after the child `after` (`pupil` of the last one shown).
    """
    with tenant(school_id):
        hold_key(school_id, exclusive=False)
        rows = _after(school_id, after)[:limit]
        return _shown(school_id, rows, now)


@dataclass(frozen=True, slots=True)
class LeaversPage:
    """One page of proposed leavers, how many there are, and how many children are on the roll."""

    leavers: list[ProposedLeaver]
    proposed: int
    on_roll: int


def leavers_page(school_id: int, *, now: datetime, after: int, limit: int) -> LeaversPage:
    """The same children for a screen, in one transaction."""
    with tenant(school_id):
        hold_key(school_id, exclusive=False)
        rows = _after(school_id, after)[:limit]
        counts = _on_roll(school_id).aggregate(on_roll=Count("id"), proposed=Count("leaving_proposed_at"))
        return LeaversPage(_shown(school_id, rows, now), counts["proposed"], counts["on_roll"])


def _after(school_id: int, after: int) -> list[Pupil]:
    """Proposed leavers as a school lists its classes, after the child `after`, who may have been decided about."""
    found = sorted(_proposed(school_id), key=_place)
    last = Pupil.objects.filter(school_id=school_id, pk=after).first() if after else None
    return found if last is None else [one for one in found if _place(one) > _place(last)]


def _place(child: Pupil) -> tuple[object, ...]:
    return in_class_order(child.class_name), child.pk


def _shown(school_id: int, rows: Sequence[Pupil], now: datetime) -> list[ProposedLeaver]:
    if not rows:
        return []
    vault = open_vault(school_id, now=now)
    return [
        ProposedLeaver(
            row.pk,
            vault.decrypt("pupil", row.pk, bytes(row.id_encrypted)) if row.id_encrypted else "",
            row.year_group,
            row.class_name,
            row.leaving_proposed_at,
        )
        for row in rows
        if row.leaving_proposed_at is not None
    ]


def confirm_leavers(
    school_id: int,
    *,
    pupils: Collection[int] | None,
    by: Actor,
    on: date,
    now: datetime,
    although_many: bool = False,
    seen: Mapping[int, str] | None = None,
) -> int:
    """These children left on that day (None: all who are proposed). Returns how many.

    Adults with no other child on the roll lose their name and contact values in the same transaction. If somebody who
    may only close says it, they keep them until the next child leaves, or the school's values go. Raises
    PupilNotOnRoll, LeavingDayNotCome, and ManyWouldLeave if all proposed leavers are more than half of the school,
    unless `although_many` confirms it. Raises ChangedMeanwhile for a child with another mark than was `seen`. If it
    raises, nobody has left.
    """
    if on > now.date():
        raise LeavingDayNotCome(
            "The day of leaving has not come.",
            "Say so on the day: until then the child's family gets the letter.",
        )
    with tenant(school_id):
        wait_for_roll(school_id)
        _require_seen(school_id, seen)
        leaving = sorted(_chosen(school_id, pupils).values_list("id", flat=True))
        if (pupils is None or seen is not None) and not although_many:
            _require_a_part(len(leaving), _on_roll(school_id).count())
        left = _on_roll(school_id).filter(pk__in=leaving).update(on_roll_to=on, leaving_proposed_at=None)
        _settle(school_id, "confirm leavers", by, now, children=left, pupils=leaving, on=on.isoformat())
        if left and not by.only_closes:
            purge_without_children(school_id, now=now, by=by)
        return left


def _require_a_part(leaving: int, on_roll: int) -> None:
    if leaving >= FEWEST_CHILDREN and leaving * 2 > on_roll:
        raise ManyWouldLeave(
            f"{leaving:,} of {on_roll:,} children on the roll would leave at once.",
            "Was the newest file the whole roll? If not, import the whole roll."
            " If it was, confirm that so many have left.",
        )


def keep_pupils(
    school_id: int,
    *,
    pupils: Collection[int],
    by: Actor,
    now: datetime,
    seen: Mapping[int, str] | None = None,
) -> int:
    """These children have not left, although the file did not have them. Returns how many were proposed.

    Raises PupilNotOnRoll, MayOnlyClose, and ChangedMeanwhile for a child with another mark than was `seen`.
    """
    by.require_may_open()
    with tenant(school_id):
        wait_for_roll(school_id)
        _require_seen(school_id, seen)
        kept = (
            _chosen(school_id, pupils).filter(leaving_proposed_at__isnull=False).update(leaving_proposed_at=None)
        )
        _settle(school_id, "keep pupils", by, now, children=kept, pupils=sorted(pupils))
        return kept


def record_death(
    school_id: int, *, pupil: int, by: Actor, now: datetime, seen: Mapping[int, str] | None = None
) -> None:
    """Record that a child has died: from now on no mailing sends anything because of this child.

    Adults with no other child on the roll lose their name and contact values as when a child leaves. If a later file
    still has the child, nothing is sent. Raises PupilNotOnRoll, and ChangedMeanwhile if the child has another mark than
    was `seen`.
    """
    with tenant(school_id):
        wait_for_roll(school_id)
        _require_seen(school_id, seen)
        _chosen(school_id, [pupil]).update(died_known_at=now, died_known_by=by.text, leaving_proposed_at=None)
        _settle(school_id, "record death", by, now, pupil=pupil)
        if not by.only_closes:
            purge_without_children(school_id, now=now, by=by)


def take_back_death(
    school_id: int,
    *,
    own_id: str | None = None,
    pupil: int | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """A death was recorded for the wrong child, who is given by the school's own id or by number. What was cleared then
    comes back with the next upload.

    Raises DeathNotRecorded, MayOnlyClose, and ReviewerNotNamed if `by` is a role.
    """
    by.require_may_open()
    require_a_person(by)
    with tenant(school_id):
        wait_for_roll(school_id)
        died = Pupil.objects.filter(school_id=school_id, died_known_at__isnull=False)
        if own_id is not None:
            id_hash = open_vault(school_id, now=now).blind_index("pupil", own_id.strip())
            child = died.filter(id_hash=id_hash).first()
        else:
            child = died.filter(pk=pupil or 0).first()
        if child is None:
            raise DeathNotRecorded(
                "No death is recorded for a child with this id.", "Give the id that was given then."
            )
        child.died_known_at = child.died_known_by = None
        child.save(update_fields=["died_known_at", "died_known_by"])
        _settle(school_id, "take back death", by, now, pupil=child.pk)


def _require_seen(school_id: int, seen: Mapping[int, str] | None) -> None:
    for child in Pupil.objects.filter(school_id=school_id, pk__in=list(seen or ())):
        mark = mark_of_child(child.on_roll_to, child.leaving_proposed_at, child.died_known_at)
        require_seen((seen or {})[child.pk], mark)


def _on_roll(school_id: int) -> QuerySet[Pupil]:
    return Pupil.objects.filter(here(), school_id=school_id)


def _proposed(school_id: int) -> QuerySet[Pupil]:
    return _on_roll(school_id).filter(leaving_proposed_at__isnull=False)


def _chosen(school_id: int, pupils: Collection[int] | None) -> QuerySet[Pupil]:
    if pupils is None:
        return _proposed(school_id)
    chosen = _on_roll(school_id).filter(pk__in=pupils)
    missing = len(set(pupils)) - chosen.count()
    if missing:
        raise PupilNotOnRoll(
            f"{missing} of these children are not on the school's roll.", "See the children who may have left."
        )
    return chosen


def _settle(school_id: int, action: str, by: Actor, now: datetime, **detail: object) -> None:
    """Close the tasks that this settles, count the decision, and record it."""
    if not _proposed(school_id).exists():
        RollTask.objects.filter(school_id=school_id, kind="leavers", closed_at=None).update(
            closed_at=now, closed_by=by.text
        )
    close_roll_tasks(school_id, None, by, now)
    count_decision(school_id)
    record_event(
        action=action,
        by=by,
        subject_type="school",
        subject_id=school_id,
        now=now,
        school_id=school_id,
        detail=detail,
    )
