"""How fast a provider is called, by all workers together: how many calls a minute, and how many workers at once.

A worker takes its turns from one row, a quarter of a second's worth at a time, by the database server's clock. Before
it calls, it takes one of the provider's slots. If a worker dies, its slot is taken over by the next one that needs it,
by the same sign of life that settles its messages (rescue.py). If nobody has set a pace, there is no row and no wait.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.mailings.actions.guards.life_signs import is_dead
from everyfamily.mailings.models import CarrierPace, CarrierSlot

PROVIDERS = ("recording", "smtp", "anymail", "notify", "print folder")
"""The providers whose pace can be set, by the names of the carriers."""
AHEAD = 0.25
"""Seconds of turns that are taken at once. A worker that stops leaves no more than this unused."""


@dataclass(frozen=True, slots=True)
class PaceSet:
    """What is set for a provider. None means no limit."""

    provider: str
    per_minute: int | None
    at_once: int | None


def set_pace(provider: str, *, per_minute: int | None, at_once: int | None, by: Actor, now: datetime) -> None:
    """Set how fast a provider is called. If both are None, every limit is removed. Workers follow from their next
    page."""
    with transaction.atomic():
        if per_minute is None and at_once is None:
            CarrierPace.objects.filter(provider=provider).delete()
        else:
            CarrierPace.objects.update_or_create(
                provider=provider, defaults={"per_minute": per_minute, "at_once": at_once, "next_free_at": None}
            )
        CarrierSlot.objects.filter(provider=provider, number__gt=at_once or 0).delete()
        CarrierSlot.objects.bulk_create(
            (CarrierSlot(provider=provider, number=number) for number in range(1, (at_once or 0) + 1)),
            ignore_conflicts=True,
        )
        record_event(
            action="set pace",
            by=by,
            subject_type="provider",
            subject_id=provider,
            now=now,
            detail={"per_minute": per_minute, "at_once": at_once},
        )


def paces() -> list[PaceSet]:
    """What is set, by provider."""
    return [
        PaceSet(pace.provider, pace.per_minute, pace.at_once) for pace in CarrierPace.objects.order_by("provider")
    ]


class Turns:
    """A worker's turns at one provider, for one page."""

    def __init__(self, provider: str) -> None:
        pace = CarrierPace.objects.filter(provider=provider).first()
        self._provider = provider
        self._per_second = pace.per_minute / 60 if pace is not None and pace.per_minute else 0.0
        self._left = 0
        self.needs_place = pace is not None and bool(pace.at_once)

    def must_wait(self, calls: int) -> float:
        """Seconds to wait before this many messages may be called. The turns are taken, and the caller waits."""
        if not self._per_second or self._left >= calls:
            self._left -= calls if self._per_second else 0
            return 0.0
        wanted = max(calls - self._left, int(self._per_second * AHEAD), 1)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE mailings_carrierpace
                SET next_free_at = greatest(next_free_at, clock_timestamp()) + %(taken)s * interval '1 second'
                WHERE provider = %(provider)s
                RETURNING extract(epoch FROM next_free_at - %(taken)s * interval '1 second' - clock_timestamp())
                """,
                {"provider": self._provider, "taken": wanted / self._per_second},
            )
            row = cursor.fetchone()
        self._left += wanted - calls
        return max(0.0, float(row[0])) if row is not None else 0.0


@contextmanager
def worker_slot(provider: str, worker: str) -> Iterator[bool]:
    """Hold one of the provider's slots for the block. False if all are taken, and then nothing may be called."""
    number = _take(provider, worker) or _take_over(provider, worker)
    try:
        yield number is not None
    finally:
        if number is not None:
            CarrierSlot.objects.filter(provider=provider, number=number, worker=worker).update(worker="")


def _take(provider: str, worker: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE mailings_carrierslot SET worker = %(worker)s WHERE id = (
              SELECT id FROM mailings_carrierslot WHERE provider = %(provider)s AND worker IN ('', %(worker)s)
              ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING number
            """,
            {"provider": provider, "worker": worker},
        )
        row = cursor.fetchone()
    return int(row[0]) if row is not None else None


def _take_over(provider: str, worker: str) -> int | None:
    for slot in CarrierSlot.objects.filter(provider=provider).exclude(worker__in=["", worker]):
        if is_dead(slot.worker):
            # By its old name, so that if two find the same slot free, only one gets it.
            taken = CarrierSlot.objects.filter(pk=slot.pk, worker=slot.worker).update(worker=worker)
            if taken:
                return slot.number
    return None


def wait(seconds: float) -> None:
    """Wait for a turn."""
    if seconds:
        time.sleep(seconds)
