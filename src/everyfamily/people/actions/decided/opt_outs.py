"""An adult does not want letters by a certain way. The letter goes by the next way, and the family is never left out.

It is about the channel, not one value: an adult who has opted out of texts and gets a new number in the next roll is
not texted. So next to the status of the known values there is a mark, a contact point without a value, which a roll
checks before it adds a new value (known_adults.py). Both outlive a purge, as an objection does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.people.actions.decided.call_tasks import settle_calls
from everyfamily.people.actions.decided.objections import AdultNotKnown
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.known_adults import OPTED_OUT, opt_out_mark
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import hold_key
from everyfamily.people.models import ContactPoint, Parent

CHANNELS = ("email", "text", "post")
"""Ways that an adult can opt out of. Paper by the child is the last way and not in the list: an adult who wants no
letter at all objects."""


@dataclass(frozen=True, slots=True)
class OptOuts:
    """The channels that an adult has opted out of."""

    adult: int
    channels: tuple[str, ...]


def opt_outs_of(school_id: int, *, adults: list[int]) -> list[OptOuts]:
    """For each of these adults, the channels that they opted out of."""
    with tenant(school_id):
        marks = ContactPoint.objects.filter(
            school_id=school_id, parent_id__in=adults, value_hash__in=[opt_out_mark(name) for name in CHANNELS]
        )
        found = list(marks.values_list("parent_id", "channel"))
    return [
        OptOuts(adult, tuple(name for name in CHANNELS if (adult, name) in found)) for adult in sorted(adults)
    ]


def opt_out(school_id: int, *, adult: int, channel: str, by: Actor, now: datetime) -> bool:
    """From now on nothing goes to this adult by this channel, even in a running mailing. Returns whether that is new.

    What a carrier has already accepted cannot be called back. Raises AdultNotKnown.
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
        # A dead value stays dead, even if the adult changes their mind.
        points = ContactPoint.objects.filter(
            school_id=school_id, parent_id=adult, channel=channel, status="usable"
        )
        points.exclude(pk=mark.pk).update(status=OPTED_OUT[0], status_reason=OPTED_OUT[1])
        if new:
            settle_calls(school_id, [adult], [f"{channel} again"], by=by, now=now)
            _record("opt out", school_id, adult, channel, by, now)
        return new


def undo_opt_out(school_id: int, *, adult: int, channel: str, by: Actor, now: datetime) -> bool:
    """The adult may be written to by this channel again. Returns whether they had opted out. Raises AdultNotKnown and
    MayOnlyClose."""
    by.require_may_open()
    with tenant(school_id):
        _hold(school_id, adult)
        points = ContactPoint.objects.filter(school_id=school_id, parent_id=adult, channel=channel)
        undone, _ = points.filter(value_hash=opt_out_mark(channel)).delete()
        if undone:
            points.filter(status=OPTED_OUT[0]).update(status="usable", status_reason="")
            settle_calls(school_id, [adult], [f"{channel} again"], by=by, now=now)
            _record("undo opt out", school_id, adult, channel, by, now)
        return bool(undone)


def _hold(school_id: int, adult: int) -> None:
    # An import that has already read what is known must not write a usable value after this.
    wait_for_roll(school_id)
    # In the same order as a change of the school's key. Otherwise each would wait for a row of the other.
    hold_key(school_id, exclusive=False)
    if not Parent.objects.filter(school_id=school_id, pk=adult).exists():
        raise AdultNotKnown(f"This school has no adult {adult}.", "See the numbers of the child's adults.")


def _record(action: str, school_id: int, adult: int, channel: str, by: Actor, now: datetime) -> None:
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
