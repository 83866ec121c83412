"""What the recording channel's carrier does with a message: a script with a seed, so that a rehearsal can be repeated.

The shares are invented, in the range that senders of public-service mail see. They prove nothing about any real
carrier. A fate depends only on seed, channel, reference and try, never on order, time or process, so two workers and a
second run agree without speaking to each other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

CarrierEvent = Literal["delivered", "permanent-failure", "temporary-failure", "returned"]
"""What a carrier reports later: statuses in GOV.UK Notify's words, and "returned" for post."""

LATE = timedelta(days=4)
"""A late receipt comes after this. It is longer than the 72 hours after which an email counts as accepted."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What the carrier reports about one message, and how long after it accepted the message.

    `event` is None, and `after` is zero, if no report ever comes.
    """

    event: CarrierEvent | None
    after: timedelta


@dataclass(frozen=True, slots=True)
class _Share:
    """One line of a script: how many of 10,000 messages, what comes, and between when and when."""

    of_ten_thousand: int
    event: CarrierEvent | None
    soonest: timedelta = timedelta(0)
    latest: timedelta = timedelta(0)


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Each script adds up to 10,000, and this module's test checks it.
SCRIPTS: dict[str, tuple[_Share, ...]] = {
    "email": (
        _Share(9_220, "delivered", _MINUTE, 6 * _HOUR),
        _Share(30, "delivered", LATE, LATE + 12 * _HOUR),
        _Share(100, "permanent-failure", _MINUTE, 3 * _HOUR),
        _Share(50, "temporary-failure", _MINUTE, _HOUR),
        _Share(600, None),
    ),
    "text": (
        _Share(9_320, "delivered", timedelta(seconds=5), _HOUR),
        _Share(30, "delivered", LATE, LATE + 12 * _HOUR),
        _Share(600, "permanent-failure", timedelta(seconds=10), 2 * _HOUR),
        _Share(50, None),
    ),
    "post": (
        _Share(150, "returned", 7 * _DAY, 9 * _DAY),
        _Share(9_850, None),
    ),
    # The school says, class by class, which copies were handed over.
    "pupil post": (
        _Share(9_830, "delivered", 6 * _HOUR, 2 * _DAY),
        _Share(170, "permanent-failure", 2 * _DAY, 3 * _DAY),
    ),
}


def fate(channel: str, reference: str, seed: int, attempt: int = 1) -> Fate:
    """Return what the carrier will report on one message.

    `channel` is "email", "text" or "post". `reference` stands for the contact value (a keyed hash, never the value).
    `attempt` counts from 1 and matters only after a temporary failure: the next one arrives. Raises KeyError for a
    channel without a script.
    """
    script = SCRIPTS[channel]
    digest = hashlib.blake2b(f"{seed}\x1f{channel}\x1f{reference}".encode(), digest_size=16).digest()
    place = int.from_bytes(digest[:8], "big") * 10_000 >> 64
    how_long = int.from_bytes(digest[8:], "big") / 2**64
    share = _share_at(script, place)
    if share.event == "temporary-failure" and attempt > 1:
        share = script[0]
    return Fate(share.event, _between(share.soonest, share.latest, how_long))


def _share_at(script: tuple[_Share, ...], place: int) -> _Share:
    for share in script[:-1]:
        if place < share.of_ten_thousand:
            return share
        place -= share.of_ten_thousand
    return script[-1]


def _between(soonest: timedelta, latest: timedelta, how_long: float) -> timedelta:
    """Most reports come early: the fourth power puts the median at a sixteenth of the span."""
    span = (latest - soonest).total_seconds()
    return soonest + timedelta(seconds=round(span * how_long**4))
