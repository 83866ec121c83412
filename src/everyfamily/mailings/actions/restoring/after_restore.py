"""The database was restored to an earlier moment: nothing that may have been sent since is sent again until a person
has said so.

For each mailing that sends or is paused: it pauses; what was recorded and is not known to have been sent is *unknown,
to be decided*; so is each adult who was to be written to next, even at schools whose wave may have begun since; and its
schools are held until their leads attest again. Carriers that can be asked at once are asked. Purges are run again.
Last, the marker and the database agree again, so that workers can start. Until then each step can be repeated.

It says what no command can bring back: restrictions, objections, erasures, withdrawals and rolls since then.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.channels.base import Carrier
from everyfamily.core.accounting.return_reminders import DAYS_BEFORE
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import Channel, Policy
from everyfamily.core.sending.restored import PUT_BACK
from everyfamily.core.sending.staff_mail import UNSETTLED
from everyfamily.mailings.actions.ending.keeping import purge_due
from everyfamily.mailings.actions.guards import tripwire
from everyfamily.mailings.actions.guards.lost_time import WHY, open_task
from everyfamily.mailings.actions.guards.older_database import DatabaseIsOlder, MarkerIsMissing
from everyfamily.mailings.actions.planning.planning import hold_until_attested
from everyfamily.mailings.actions.restoring.uncertain import let_go_of_messages, write_down_uncertain
from everyfamily.mailings.actions.sending.asking import never_had_it_counts
from everyfamily.mailings.actions.sending.mirroring import Heard, hear, mirror_attempts
from everyfamily.mailings.actions.sending.receipts import mirror_everywhere
from everyfamily.mailings.models import LedgerEntry, Mailing, MailingSchool, MailingTask, SentMarker
from everyfamily.mailings.queries.uncertain import count_uncertain
from everyfamily.people.database.tenancy import tenant

LET_GO = 3.0
"""Seconds to wait for a worker that was just stopped."""


class WorkersStillRun(EveryfamilyError):
    """Workers on this database are alive, and would send what this is meant to hold back."""

    code = "EF575"


class RestoreTimeNotRight(EveryfamilyError):
    """The moment that the database was restored to is not known, or not possible."""

    code = "EF576"


@dataclass(frozen=True, slots=True)
class AfterRestore:
    """What was done. Counts are for all open mailings together."""

    restored_to: datetime
    mailings: int
    schools: int
    """Schools whose leads must attest again."""
    carriers_have: int
    """Messages that a carrier has: they count as accepted."""
    never_had: int
    """Messages that a carrier never had. They are sent when the mailing is resumed."""
    uncertain: int
    """Adults for whom a person says whether their letter was sent."""
    purged: int
    """Values that were purged again, or for the first time."""


def not_restored(*, by: Actor, why: str, now: datetime) -> str:
    """A person says that the database was not restored: the workers only stopped for a while, or the marker was lost.

    Returns the code of the reason that there was against it, or "". Raises DatabaseIsOlder if that is known to be
    wrong, and MarkerIsMissing if nobody can know it.
    """
    _refuse_while_workers_live()
    problem = tripwire.begin_again(not_ahead=True)
    if isinstance(problem, DatabaseIsOlder | MarkerIsMissing):
        raise problem
    code = problem.code if problem is not None else ""
    _record("not restored", by, now, {"why": why, "asked because of": code})
    return code


def after_restore(
    *,
    by: Actor,
    now: datetime,
    carriers: Mapping[Channel, Carrier],
    outbox: Path,
    taken_at: datetime | None = None,
) -> AfterRestore:
    """Hold back what may have been sent since the database's moment. Safe to repeat. Raises WorkersStillRun.

    `taken_at` is when the dump was taken, or the moment recovered to. None: the last moment that the database itself
    knew.
    """
    _refuse_while_workers_live()
    restored_to = _restored_to(taken_at, now)
    schools = carriers_have = never_had = 0
    mailings = list(
        Mailing.objects.filter(state__in=["open", "paused"]).order_by("pk").values_list("pk", flat=True)
    )
    for mailing_id in mailings:
        _pause(mailing_id, restored_to=restored_to, by=by, now=now)
        parts = list(MailingSchool.objects.filter(mailing_id=mailing_id).exclude(state="sends itself"))
        for part in parts:
            _hold_school(part, now)
        schools += len(parts)
        have, never = _ask(mailing_id, carriers, now)
        carriers_have, never_had = carriers_have + have, never_had + never
        for part in parts:
            write_down_uncertain(mailing_id, part.school_id, now)
        _hold_reminders(mailing_id, now)
    purged = purge_due(now, outbox=outbox, by=by)
    left = sum(row.uncertain for mailing_id in mailings for row in count_uncertain(mailing_id))
    done = AfterRestore(restored_to, len(mailings), schools, carriers_have, never_had, left, purged.total.total)
    figures = {name: value for name, value in asdict(done).items() if name != "restored_to"}
    _record("after restore", by, now, {"restored_to": restored_to.isoformat(), **figures})
    tripwire.begin_again(not_ahead=False)
    SentMarker.objects.update(restored_at=now, restored_to=restored_to)
    return done


def _refuse_while_workers_live() -> None:
    until = time.monotonic() + LET_GO
    while living := tripwire.living_workers():
        if time.monotonic() < until:
            # The server releases the lock of a worker that has just ended only a moment later.
            time.sleep(0.1)
            continue
        raise WorkersStillRun(
            f"{len(living)} worker{'s are' if len(living) > 1 else ' is'} running on this database.",
            "Stop every worker on every machine first, and what starts them again.",
        )


def _restored_to(taken_at: datetime | None, now: datetime) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(%s, greatest((SELECT max(moved_at) FROM mailings_sentmarker), "
            "(SELECT max(changed_at) FROM mailings_ledgerentry)))",
            [now],
        )
        (last_known,) = cursor.fetchone()
    if taken_at is not None and taken_at > now:
        raise RestoreTimeNotRight("The dump cannot have been taken in the future.", "Say when it was taken.")
    moment: datetime = taken_at or last_known
    return moment


def _pause(mailing_id: int, *, restored_to: datetime, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE mailings_ledgerentry IN SHARE ROW EXCLUSIVE MODE")
        mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
        # Restored twice: what may have been sent begins at the earlier moment, until a person has decided.
        waits = MailingTask.objects.filter(mailing_id=mailing_id, kind="restored", closed_at=None).exists()
        earlier = mailing.restored_to if waits else None
        mailing.state, mailing.paused_reason = "paused", WHY
        mailing.restored_at, mailing.restored_to = now, min(earlier or restored_to, restored_to)
        mailing.save(update_fields=["state", "paused_reason", "restored_at", "restored_to"])
        open_task(mailing_id, owner=by, now=now)
        LedgerEntry.objects.filter(mailing_id=mailing_id, status__in=["created", "sending"]).update(
            status="unknown", reason=PUT_BACK, changed_at=now
        )
        # What was refused and would be called again. After the last try nobody would have called it.
        LedgerEntry.objects.filter(mailing_id=mailing_id, status="refused", tries__lt=Policy().tries).update(
            status="unknown", reason=PUT_BACK, changed_at=now
        )


def may_have_begun(state: str, wave_at: datetime, now: datetime) -> bool:
    """Whether the wave of a school with this state in the restored database may have begun since: it was due."""
    return state in ("sending", "held") or wave_at <= now


def _hold_school(part: MailingSchool, now: datetime) -> None:
    """Everybody whom the school's wave may have reached is uncertain, and its lead must attest again."""
    with tenant(part.school_id):
        mirror_attempts(part.school_id, now)
        if may_have_begun(part.state, part.wave_at, now):
            MailingSchool.objects.filter(pk=part.pk).update(uncertain=True)
        with connection.cursor() as cursor:
            cursor.execute(
                # What a carrier accepted is waited for as before. The rest is looked at now, to be recorded.
                """
                UPDATE mailings_delivery d SET restored = 'uncertain',
                  next_look_at = CASE WHEN d.state IN ('planned', 'on its way') AND NOT EXISTS (
                    SELECT 1 FROM mailings_attempt t WHERE t.school_id = d.school_id AND t.delivery_id = d.id
                      AND t.status = 'accepted') THEN %(now)s ELSE d.next_look_at END
                WHERE d.mailing_id = %(mailing)s AND d.school_id = %(school)s AND d.restored = ''
                """,
                {"mailing": part.mailing_id, "school": part.school_id, "now": now},
            )
        if part.state == "sending":
            hold_until_attested(part, now)


def _ask(mailing_id: int, carriers: Mapping[Channel, Carrier], now: datetime) -> tuple[int, int]:
    """Ask the carriers that know at once. Returns how many messages they have, and how many they never had. If a
    carrier can be asked only later (GOV.UK Notify), the workers ask it, an hour from now."""
    channels = {
        channel.value: carrier
        for channel, carrier in carriers.items()
        if carrier.answers_for(channel) and carrier.knows_at_once
    }
    heard: list[Heard] = []
    never: list[int] = []
    open_ = LedgerEntry.objects.select_related("mailing").filter(
        mailing_id=mailing_id, status="unknown", reason=PUT_BACK, channel__in=channels
    )
    for entry in open_:
        carrier = channels[entry.channel]
        event = carrier.ask(str(entry.reference), now)
        if event is not None:
            heard.append((entry.pk, event.status, event.reason, now))
        elif never_had_it_counts(entry, carrier, now):
            never.append(entry.pk)
    mirror_everywhere(hear(heard, now), now)
    let_go_of_messages(mailing_id, never, now=now)
    return len(heard), len(never)


def _hold_reminders(mailing_id: int, now: datetime) -> None:
    """Letters to schools about their returns that may have been sent since count as sent. If a school needs its link, a
    person asks for a new one."""
    for part in MailingSchool.objects.filter(mailing_id=mailing_id, state="sends itself"):
        with tenant(part.school_id), connection.cursor() as cursor:
            cursor.execute(
                _REMINDERS,
                {
                    "mailing": mailing_id,
                    "school": part.school_id,
                    "now": now,
                    "today": now.astimezone(LONDON).date(),
                    "days": DAYS_BEFORE,
                    "unsettled": [*UNSETTLED],
                },
            )


_REMINDERS = """
INSERT INTO mailings_returnreminder (school_id, mailing_id, kind, reference, status, written_at, changed_at)
SELECT %(school)s, m.id, k.kind, gen_random_uuid(), 'unknown', %(now)s, %(now)s
FROM mailings_mailing m CROSS JOIN LATERAL (VALUES ('link', (m.opens_at AT TIME ZONE 'Europe/London')::date),
  ('before', m.returns_due_on - %(days)s), ('due', m.returns_due_on), ('late', m.returns_due_on + %(days)s))
  AS k (kind, day)
WHERE m.id = %(mailing)s AND m.returns_due_on IS NOT NULL AND k.day <= %(today)s
ON CONFLICT ON CONSTRAINT return_reminder_once DO UPDATE SET status = 'unknown', changed_at = excluded.changed_at
WHERE mailings_returnreminder.status = ANY(%(unsettled)s)
"""


def _record(action: str, by: Actor, now: datetime, detail: dict[str, object]) -> None:
    with transaction.atomic():
        record_event(action=action, by=by, subject_type="database", subject_id=1, now=now, detail=detail)
