"""Whether mailings are looked after: is any worker alive, and has every wave begun that should have?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.mailings.installation import clock
from everyfamily.mailings.models import MailingSchool, MailingTask
from everyfamily.mailings.queries.hours import sends_from
from everyfamily.mailings.queries.mailings import open_mailings

GRACE = timedelta(minutes=10)
"""A wave begins within a minute of its time, or on a busy machine a few minutes later."""
SIGN_OF_SCREENS = "everyfamily: sign of life (screens)"
"""What the server calls the sign of life of a worker that does not send."""
_LEAST_SILENCE = 60.0
"""Seconds, so that somebody who looks in the minute in which a worker is restarted is not alarmed."""


@dataclass(frozen=True, slots=True)
class Workers:
    """The signs of life of all workers, on all machines."""

    alive: int
    silent_for: float | None
    """Seconds since the newest sign, or None if there is none on record."""


@dataclass(frozen=True, slots=True)
class NotBegun:
    """A school's wave that is due, but that no worker has begun."""

    reference: str
    urn: int
    due_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class Health:
    """What somebody must look after."""

    open_mailings: int
    workers: Workers
    not_begun: tuple[NotBegun, ...]
    paused: tuple[str, ...] = ()
    """References of letters with a mailing that stopped by itself and waits for a person."""
    failed_jobs: int = 0
    """Jobs of schools that failed in the last hour for a reason that trying again would not solve."""
    work_waits: bool = False
    """Somebody asked for work on a screen a while ago, and no worker has begun it."""

    @property
    def is_unattended(self) -> bool:
        """A mailing is open and no worker is alive: letters wait, and receipts are not recorded."""
        return bool(self.open_mailings) and not self.workers.alive

    @property
    def is_good(self) -> bool:
        """Nobody has to do anything."""
        return not (self.is_unattended or self.not_begun or self.paused or self.failed_jobs or self.work_waits)


def health() -> Health:
    """How mailings are looked after at this moment."""
    return Health(
        len(open_mailings()), workers(), tuple(waves_not_begun()), _paused(), _failed_jobs(), _work_waits()
    )


def _paused() -> tuple[str, ...]:
    """A person who paused a mailing knows about it. If one stopped by itself, somebody must look after it."""
    rows = MailingTask.objects.filter(closed_at=None, mailing__state="paused").exclude(kind="paused")
    return tuple(rows.order_by("mailing_id").values_list("mailing__letter__reference", flat=True).distinct())


def workers() -> Workers:
    """By the work engine's heartbeats, on the database server's clock. A worker sends three heartbeats in the time
    after which it counts as stalled. Each worker counts as alive for at least a minute. Workers that do not send
    are not counted."""
    limit = max(settings.EVERYFAMILY_STALLED_SECONDS, _LEAST_SILENCE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - %s * interval '1 second') "
            "- (SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND application_name = %s), "
            "extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers",
            [limit, SIGN_OF_SCREENS],
        )
        alive, silent_for = cursor.fetchone()
    return Workers(max(alive, 0), None if silent_for is None else max(silent_for, 0.0))


def waves_not_begun() -> list[NotBegun]:
    """Schools that should have begun a while ago, in open mailings. A school that is held has begun: it is a task."""
    planned = MailingSchool.objects.filter(mailing__state="open", state="planned", paused_at=None)
    if not planned.exists():
        # If there is nothing to time, no clock is asked.
        return []
    latest = clock.now() - GRACE
    found: list[NotBegun] = []
    late = planned.filter(wave_at__lte=latest).select_related("school", "mailing__letter")
    for part in late.order_by("mailing_id", "wave_at", "school__urn"):
        due_at = sends_from(part.mailing_id, part.school_id, part.wave_at)
        if due_at <= latest:
            mailing = part.mailing
            due_at = due_at.astimezone(LONDON)
            found.append(NotBegun(mailing.letter.reference, part.school.urn, due_at, mailing.started_by))
    return found


def _failed_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs j WHERE j.status = 'failed' AND j.queue_name = 'mailings' "
            "AND EXISTS (SELECT 1 FROM procrastinate_events e "
            "WHERE e.job_id = j.id AND e.type = 'failed' AND e.at > now() - interval '1 hour')"
        )
        return int(cursor.fetchone()[0])


def _work_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id "
            "WHERE j.status = 'todo' AND j.queue_name = 'screens' AND j.task_name <> 'rescue_screens' "
            "AND e.type = 'deferred' AND e.at < now() - %s * interval '1 second')",
            [GRACE.total_seconds()],
        )
        return bool(cursor.fetchone()[0])
