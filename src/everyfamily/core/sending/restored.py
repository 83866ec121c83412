"""After the database was restored to an earlier moment: what may continue, and what waits for a person. No clock.

Nobody can tell from such a database what was sent since. So for each adult of an open mailing (`Restored.UNCERTAIN`):

1. What was sent by then is still waited for, and ends by itself when its carrier says that it arrived, or when nothing
   more can come back.
2. What would be sent next is not sent. It is recorded as *unknown*, to be decided, once.
3. If a person says that they had it, nothing more is sent to this adult, by any way. If a person says that they did
   not, it is sent.
4. If a carrier can be asked and says that it never had the message, that decides as a person does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.sending.fallback import AttemptStatus, DeliveryState, Option, Step, Tried

PUT_BACK = "the database was put back"
"""Reason of a message that was recorded before that: its carrier can be asked by our reference."""
NOT_WRITTEN = "the database was put back; our reference is new"
"""Reason of a message that was first recorded after it: no carrier can know the reference."""
SAID_HAD = "a person says that it went"
TO_DECIDE = frozenset({PUT_BACK, NOT_WRITTEN})
"""Reasons of an unknown message that a person decides about."""
NEVER_HAD = "the carrier never had it"
"""Reason of a refusal that came from asking a carrier."""


class Restored(StrEnum):
    """What is known about a delivery since the database was restored. Blank: it was not, or a person released it."""

    UNCERTAIN = "uncertain"
    HAD_IT = "had it"


@dataclass(frozen=True, slots=True)
class Held:
    """What to do for an adult after a restore: `step` as far as it may go, and what to record as unknown."""

    step: Step
    write_unknown: Option | None = None
    let_go: bool = False
    """Its carrier has decided, and from now on the adult is treated like any other."""


def held(restored: str, step: Step, tried: Sequence[Tried], reasons: Sequence[str]) -> Held:
    """Hold back what the fallback would do next (`step`), by the module's rules.

    `reasons` are those of the messages in `tried`, in the same order. They include what may not be sent again to the
    same value because a person said that it was sent, even at another school.
    """
    open_ = {reason for one, reason in zip(tried, reasons, strict=True) if one.status is AttemptStatus.UNKNOWN}
    if not restored and SAID_HAD not in open_:
        return Held(step)
    if restored == Restored.UNCERTAIN and _carrier_never_had_it(step, tried, reasons, open_):
        return Held(step, let_go=True)
    if step.state is not DeliveryState.ON_ITS_WAY:
        return Held(step)
    if step.send is None and any(one.status is AttemptStatus.ACCEPTED for one in tried):
        return Held(step)
    end = Step(DeliveryState.UNKNOWN)
    if restored == Restored.UNCERTAIN and step.send is not None and not open_ & TO_DECIDE:
        return Held(end, write_unknown=step.send)
    return Held(end)


def _carrier_never_had_it(
    step: Step, tried: Sequence[Tried], reasons: Sequence[str], open_: frozenset[str] | set[str]
) -> bool:
    """Whether the message that was open at the restore is known not to have been sent: it is what is sent next."""
    if not tried or open_ & TO_DECIDE:
        return False
    last = tried[-1]
    return (
        last.status is AttemptStatus.REFUSED
        and reasons[-1] == NEVER_HAD
        and step.state is DeliveryState.ON_ITS_WAY
    )
