"""An adult says: not by this way. The letter follows by the next one, and the family is never dropped.

It is about the channel, not about one value: whoever has opted out of texts and gets a new number in the next roll
is not texted. So beside the status of the values that are known stands a mark, a contact point without a value, which a
roll asks before it takes a new value in (known_adults.py). Both outlive a purge, as an objection does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.people.actions.decided.objections import AdultNotKnown
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.known_adults import OPTED_OUT, opt_out_mark
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import hold_key
from everyfamily.people.models import ContactPoint, Parent

CHANNELS = ("email", "text", "post")
"""Ways that an adult may opt out of. Paper by the child is the last one, and is none: who wants no letter objects."""


@dataclass(frozen=True, slots=True)
class OptOuts:
    """The channels that an adult has opted out of."""

    adult: int
    channels: tuple[str, ...]


def opt_outs_of(school_id: int, *, adults: list[int]) -> list[OptOuts]:
    """Of each of these adults, the channels they opted out of."""
    with tenant(school_id):
        marks = ContactPoint.objects.filter(
            school_id=school_id, parent_id__in=adults, value_hash__in=[opt_out_mark(name) for name in CHANNELS]
        )
        found = list(marks.values_list("parent_id", "channel"))
    return [
        OptOuts(adult, tuple(name for name in CHANNELS if (adult, name) in found)) for adult in sorted(adults)
    ]


def opt_out(school_id: int, *, adult: int, channel: str, by: str, now: datetime) -> bool:
    """Nothing goes to this adult by this channel from now on, in a running mailing too; returns whether that is new.

    What a carrier has already taken in cannot be called back. Raises AdultNotKnown.
    """
    with tenant(school_id):
        _hold(school_id, adult)
        mark, new = ContactPoint.objects.get_or_create(
            school_id=school_id,
            parent_id=adult,
            channel=channel,
            value_hash=opt_out_mark(channel),
            defaults={"status": OPTED_OUT[0], "status_reason": "whatever the value"},
        )
        # A value that is dead stays dead, also when the adult thinks again.
        points = ContactPoint.objects.filter(
            school_id=school_id, parent_id=adult, channel=channel, status="usable"
        )
        points.exclude(pk=mark.pk).update(status=OPTED_OUT[0], status_reason=OPTED_OUT[1])
        if new:
            _record("opt out", school_id, adult, channel, by, now)
        return new


def undo_opt_out(school_id: int, *, adult: int, channel: str, by: str, now: datetime) -> bool:
    """The adult may be written to by this channel again; returns whether they had opted out. Raises AdultNotKnown."""
    with tenant(school_id):
        _hold(school_id, adult)
        points = ContactPoint.objects.filter(school_id=school_id, parent_id=adult, channel=channel)
        undone, _ = points.filter(value_hash=opt_out_mark(channel)).delete()
        if undone:
            points.filter(status=OPTED_OUT[0]).update(status="usable", status_reason="")
            _record("undo opt out", school_id, adult, channel, by, now)
        return bool(undone)


def _hold(school_id: int, adult: int) -> None:
    # An import that has read what is known must not write a usable value after this.
    wait_for_roll(school_id)
    # As a change of the school's key does: each would wait for a row of the other.
    hold_key(school_id, exclusive=False)
    if not Parent.objects.filter(school_id=school_id, pk=adult).exists():
        raise AdultNotKnown(
            f"This school has no adult {adult}.", "See the numbers with `everyfamily opt-out --pupil ID`."
        )


def _record(action: str, school_id: int, adult: int, channel: str, by: str, now: datetime) -> None:
    count_decision(school_id)
    record_event(
        action=action,
        by=by,
        subject_type="parent",
        subject_id=adult,
        now=now,
        school_id=school_id,
        detail={"channel": channel},
    )
