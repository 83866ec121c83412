"""What a school says about the copies it handed out: yes counts as confirmed, after no the next way follows, returned
means it came back.

The school's word is treated like a carrier's (receipts.py): it can be repeated, and statuses only move forward. It is
written in the audit trail before it is applied, so that it can be given again after a crash in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from everyfamily.audit.actions import record_event
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.actors import WORKING, Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.sending.fallback import AttemptStatus, moves_forward
from everyfamily.mailings.actions.paper.bin_tasks import is_withdrawn, plan_correction_again, settle_bin_task
from everyfamily.mailings.actions.planning.take_outs import settle_take_outs
from everyfamily.mailings.actions.sending.receipts import record_receipts
from everyfamily.mailings.messages.hand_out_lists import CAME_BACK, HANDED_OVER, NOT_HANDED_OVER, Word
from everyfamily.mailings.models import PersonTask
from everyfamily.mailings.queries.hand_outs import (
    WAITS_AT_MOST,
    ClassWaits,
    Copy,
    classes_waiting,
    copies_of,
    copies_waiting,
    school_days_since,
    schools_with_copies_from_before,
)
from everyfamily.mailings.queries.hours import calendar_of
from everyfamily.mailings.queries.mailings import open_mailings
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.queries import school_by_id
from everyfamily.people.school_days import school_due

_REASONS = {NOT_HANDED_OVER: "not handed over", CAME_BACK: "came back"}
_SAID = {HANDED_OVER: "handed over", NOT_HANDED_OVER: "not handed over", CAME_BACK: "returned"}


class CopyNotKnown(EveryfamilyError):
    """A line names a copy that this school did not get."""

    code = "EF652"


class DayCannotBe(EveryfamilyError):
    """A copy was handed over before it was printed, or in the future."""

    code = "EF653"


class ChildNotOfClass(EveryfamilyError):
    """No copy in this class waits for one of the children who are named as without one."""

    code = "EF654"


class NothingWaits(EveryfamilyError):
    """No copy for this class waits for the school's word."""

    code = "EF655"


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many copies moved because of what was said. `before` were already recorded, or are further on because of
    other news."""

    handed_over: int = 0
    not_handed_over: int = 0
    came_back: int = 0
    before: int = 0


def hand_outs_waiting(school_id: int, *, now: datetime) -> list[ClassWaits]:
    """What waits for the school's word, by letter and class, oldest first."""
    with tenant(school_id):
        return classes_waiting(school_id, open_vault(school_id, now=now))


def words_for_class(
    school_id: int, *, group: str, on: date, without: Collection[str], now: datetime
) -> list[Word]:
    """A word for each copy that waits in a class: handed over on that day, except for the children named by the
    school's own ids. Raises NothingWaits or ChildNotOfClass."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        end = datetime.combine(on + timedelta(days=1), time(), LONDON)
        copies = [
            copy
            for copy in copies_waiting(school_id)
            if copy.group.casefold() == group.casefold() and copy.printed_at < end
        ]
        own_ids = {
            copy.reference: vault.decrypt("pupil", copy.pupil, copy.pupil_id) for copy in copies if copy.pupil_id
        }
    if not copies:
        raise NothingWaits(
            "No copy that was printed by that day waits in this class.",
            "See what waits at this school.",
        )
    for number, own_id in enumerate(without, start=1):
        if own_id not in own_ids.values():
            raise ChildNotOfClass(
                f"Of child number {number} of your exceptions, no copy waits in this class.",
                "See which copies wait in this class.",
            )
    return [
        Word(0, copy.reference, NOT_HANDED_OVER if own_ids.get(copy.reference) in without else HANDED_OVER, on)
        for copy in copies
    ]


def words_to_bin(school_id: int) -> list[Word]:
    """A word for each copy of a withdrawn letter at the school: not handed over. Raises NothingWaits."""
    with tenant(school_id):
        copies = [copy for copy in copies_waiting(school_id) if is_withdrawn(copy.mailing)]
    if not copies:
        raise NothingWaits(
            "This school has no copies of a withdrawn letter left to bin.",
            "See what waits at this school.",
        )
    return [Word(0, copy.reference, NOT_HANDED_OVER) for copy in copies]


def record_hand_outs(
    school_id: int, words: Sequence[Word], *, by: Actor, now: datetime, file: str = ""
) -> Recorded:
    """Record what the school says about its copies: all of it, or nothing if one line is not valid.

    Raises CopyNotKnown or DayCannotBe, with the line's number.
    """
    with tenant(school_id):
        copies = {copy.reference: copy for copy in copies_of(school_id, references=[w.reference for w in words])}
        for word in words:
            _check(word, copies, now, file)
        new = [word for word in words if moves_forward(AttemptStatus(copies[word.reference].status), word.status)]
        for mailing_id in sorted({copies[word.reference].mailing for word in new}):
            _write_down(
                mailing_id, school_id, [w for w in new if copies[w.reference].mailing == mailing_id], by, now
            )
    record_receipts([_event(word, copies[word.reference], now) for word in new], now, school_id=school_id)
    handed_over = {copies[word.reference].mailing for word in new if word.status is HANDED_OVER}
    for mailing_id in sorted({copy.mailing for copy in copies.values()}):
        if is_withdrawn(mailing_id):
            with tenant(school_id):
                settle_bin_task(mailing_id, school_id, by=by, now=now)
                if mailing_id in handed_over:
                    plan_correction_again(mailing_id, school_id)
        else:
            settle_task(mailing_id, school_id, by=by, now=now)
    counts = Counter(word.status for word in new)
    return Recorded(counts[HANDED_OVER], counts[NOT_HANDED_OVER], counts[CAME_BACK], len(words) - len(new))


def _check(word: Word, copies: dict[str, Copy], now: datetime, file: str) -> None:
    place = SourceLocation(file, word.line) if file else None
    copy = copies.get(word.reference)
    if copy is None:
        raise CopyNotKnown(
            "This school was given no copy with this line's reference, or its mailing is closed.",
            "Give each school's list with its own URN, as it is in the print folder.",
            place,
        )
    if word.on is None:
        return
    if not copy.printed_at.astimezone(LONDON).date() <= word.on <= now.astimezone(LONDON).date():
        raise DayCannotBe(
            "The day this copy was handed over is before it was printed, or in the future.",
            "Correct the day.",
            place,
        )


def _write_down(mailing_id: int, school_id: int, words: Sequence[Word], by: Actor, now: datetime) -> None:
    record_event(
        action="record hand-outs",
        by=by,
        subject_type="mailing",
        subject_id=mailing_id,
        now=now,
        school_id=school_id,
        detail=dict(Counter(_SAID[word.status] for word in words)),
    )


def _event(word: Word, copy: Copy, now: datetime) -> DeliveryEvent:
    at = now
    if word.on is not None:
        # A school says the day, not the hour. We use noon, but never before it was printed or after it was said.
        at = min(now, max(copy.printed_at, datetime.combine(word.on, time(12), LONDON)))
    return DeliveryEvent(word.reference, word.status, at, _REASONS.get(word.status, ""))


def ask_leads(now: datetime, *, mailings: Iterable[int] | None = None) -> None:
    """Open a task for the lead of each school where copies have waited too long, and close those that are settled."""
    for mailing_id in open_mailings() if mailings is None else mailings:
        for school_id in schools_with_copies_from_before(mailing_id, now - timedelta(days=WAITS_AT_MOST)):
            settle_task(mailing_id, school_id, by=WORKING, now=now)


def settle_task(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> None:
    """Open the lead's task if copies of a mailing have waited too long. Close it, in the name of `by`, if none has. The
    same for copies to keep back."""
    with tenant(school_id):
        settle_take_outs(mailing_id, school_id, by=by, now=now)
        waiting = [copy.printed_at for copy in copies_waiting(school_id) if copy.mailing == mailing_id]
        late = bool(waiting) and school_days_since(mailing_id, school_id, min(waiting), now) > WAITS_AT_MOST
        if not late:
            PersonTask.objects.filter(
                mailing_id=mailing_id, school_id=school_id, kind="hand-out", closed_at=None
            ).update(closed_at=now, closed_by=by.text)
            return
        fresh = {
            "owner": school_by_id(school_id).lead_role or "school lead",
            "opened_at": now,
            "due_on": school_due(now, 0, calendar_of(mailing_id, school_id)),
        }
        task, made = PersonTask.objects.get_or_create(
            mailing_id=mailing_id, school_id=school_id, kind="hand-out", parent=None, defaults=fresh
        )
        if not made and task.closed_at is not None:
            PersonTask.objects.filter(pk=task.pk).update(**fresh, closed_at=None, closed_by=None)
