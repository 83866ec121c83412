"""When so many messages fail that a person must look before any more are sent. No clock.

A provider that has begun to refuse us, a domain whose server blocks us and a list of dead numbers look the same from
one message: it fails, and the next way follows. From a thousand messages they do not, and the next way of a thousand
families is paper that nobody ordered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from everyfamily.core.sending.fallback import AttemptStatus, Channel

COUNTED = frozenset({Channel.EMAIL, Channel.TEXT, Channel.POST})
"""What the school itself hands out says nothing about a provider."""
FAILURES = frozenset(
    {AttemptStatus.TEMPORARY_FAILURE, AttemptStatus.PERMANENT_FAILURE, AttemptStatus.TECHNICAL_FAILURE}
)
AGAINST = FAILURES | {AttemptStatus.UNKNOWN}
"""What counts against a provider. A server that takes every letter and hangs up before it says so also counts as
failing: nobody can tell whether the letters went, and days later every family would be written to by the next way."""
REFUSED_CALLS = 3
"""A call that was refused this many times, an hour apart, counts as a failure: the carrier is not just busy."""

Called = tuple[Channel, AttemptStatus, int]
"""Channel, what the carrier answered, and how many calls of the message there were before this one."""


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """More than this share of an hour's messages, or of three days', and at least this many."""

    share: float = 0.2
    least: int = 25


@dataclass(frozen=True, slots=True)
class HourOfCalls:
    """Messages given to a carrier within one hour, and how many of them have failed since.

    `failed` also counts unknown messages. `seen` are those that a person had looked at when the mailing was resumed.
    """

    channel: Channel
    called: int
    failed: int
    seen: int


def too_many_failures(hours: Iterable[HourOfCalls], limit: FailureLimit) -> HourOfCalls | None:
    """The hour, or the sum of all hours of a channel, that is over the limit. None if there is none."""
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


def counted(answers: Iterable[Called]) -> tuple[Counter[str], Counter[str]]:
    """How many calls of each channel count, and how many of them against its provider. A call that was refused and will
    be repeated does not count yet."""
    called: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for channel, status, before in answers:
        refused_for_hours = status is AttemptStatus.REFUSED and before + 1 >= REFUSED_CALLS
        waits = status in (AttemptStatus.CREATED, AttemptStatus.REFUSED) and not refused_for_hours
        if channel not in COUNTED or waits:
            continue
        called[channel.value] += 1
        failed[channel.value] += status in AGAINST or refused_for_hours
    return called, failed
