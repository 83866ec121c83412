"""When so many messages fail that a person must look before any more are sent. Pure.

A provider that has begun to refuse us, a domain whose server blocks us or a list of dead numbers looks the same from
one message: a failure, and the next way follows. From a thousand it does not, and the next way of a thousand families
is paper that nobody has ordered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from everyfamily.core.sending.fallback import AttemptStatus, Channel

COUNTED = frozenset({Channel.EMAIL, Channel.TEXT, Channel.POST})
"""What the school hands out by itself tells nothing about a provider."""
FAILURES = frozenset(
    {AttemptStatus.TEMPORARY_FAILURE, AttemptStatus.PERMANENT_FAILURE, AttemptStatus.TECHNICAL_FAILURE}
)
AGAINST = FAILURES | {AttemptStatus.UNKNOWN}
"""What counts against a provider. A server that takes every letter and hangs up before it says so fails too, for us:
nobody can tell whether the letters went, and days later every family would be written to by the next way."""
REFUSED_CALLS = 3
"""A call that was refused so often, an hour apart, counts as a failure: the carrier is not just busy."""


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """More than this of the messages of an hour, or of three days, and at least so many."""

    share: float = 0.2
    least: int = 25


@dataclass(frozen=True, slots=True)
class HourOfCalls:
    """Messages given to a carrier within one hour, and how many of them have failed since.

    `failed` counts what is unknown as well. `seen` are those that a person has looked at when the mailing was let go
    on.
    """

    channel: Channel
    called: int
    failed: int
    seen: int


def too_many_failures(hours: Iterable[HourOfCalls], limit: FailureLimit) -> HourOfCalls | None:
    """The hour, or the sum of all hours of a channel, that is over the limit; None when none is."""
    sums: dict[Channel, list[HourOfCalls]] = defaultdict(list)
    for hour in hours:
        sums[hour.channel].append(hour)
    for channel, found in sums.items():
        whole = HourOfCalls(
            channel, sum(h.called for h in found), sum(h.failed for h in found), sum(h.seen for h in found)
        )
        for one in (*found, whole):
            if _is_over(one, limit):
                return one
    return None


def _is_over(hour: HourOfCalls, limit: FailureLimit) -> bool:
    new = hour.failed - hour.seen
    return new >= limit.least and new > limit.share * hour.called
