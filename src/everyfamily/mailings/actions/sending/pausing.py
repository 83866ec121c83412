"""A person stops a mailing, or one school's part of it, and resumes it: for example, a number in the letter has stopped
working.

Either takes effect within one message on every worker, because a worker reads it in the statement that claims the next
message (sending.py). What a carrier has accepted cannot be called back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import Channel
from everyfamily.letters.queries import sealed_letter_by_id
from everyfamily.mailings.actions.guards.another_person import settle_going_on
from everyfamily.mailings.actions.guards.claims_under_way import wait_for_claims
from everyfamily.mailings.actions.guards.failures import failures_are_seen
from everyfamily.mailings.actions.guards.sendable import bad_route, pause
from everyfamily.mailings.actions.sending.unknowns import Unknowns, settle_taken, settle_unknowns
from everyfamily.mailings.models import Mailing, MailingSchool, MailingTask, PersonTask
from everyfamily.mailings.queries.uncertain import count_uncertain
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.school_days import working_due

_NOTHING_SAID: Mapping[Channel, Unknowns] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settled:
    """What happened with the messages that may or may not have been sent."""

    taken: int
    """The provider's log had them."""
    others: Mapping[Channel, int]
    """The rest, by what was said about each channel."""


class NothingToPause(EveryfamilyError):
    """The mailing does not send, or we do not send for this school in it."""

    code = "EF525"


class RouteStillBad(EveryfamilyError):
    """A number or address of the letter may not be printed today, so its mailing may not be resumed."""

    code = "EF449"


def pause_mailing(mailing_id: int, *, why: str, by: Actor, now: datetime) -> None:
    """Stop a mailing on every worker until `resume_mailing`. When this returns, no call begins.

    Raises NothingToPause; and ClaimsUnderWay if it is paused but a call may still begin.
    """
    with transaction.atomic(durable=True):
        if not mark_paused(mailing_id, why=why, by=by, now=now):
            raise NothingToPause("This mailing sends nothing now.", "Look at its state.")
    wait_for_claims("The mailing is paused")


def mark_paused(mailing_id: int, *, why: str, by: Actor, now: datetime) -> bool:
    """The pause itself, for a caller that commits it and then waits for the claims. False if it sent nothing."""
    paused = pause(mailing_id, why, kind="paused", now=now, owner=by)
    if paused:
        record_event(
            action="pause mailing",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            detail={"why": why},
        )
    return paused


def resume_mailing(
    mailing_id: int,
    *,
    by: Actor,
    now: datetime,
    unknown: Mapping[Channel, Unknowns] = _NOTHING_SAID,
    taken: Collection[str] = (),
    asked: int | None = None,
    agreed_by: Actor | None = None,
) -> Settled:
    """A person has looked at what paused the mailing and resumes it: what was recorded is sent now.

    `unknown` says for each channel what happens with the messages that may or may not have been sent. Those with
    references in `taken`, from the provider's log, are accepted first. `asked` is what somebody else asked for and this
    person agrees to; on the machine itself `agreed_by` agrees. Raises UnknownsToDecide if that is not said,
    RouteStillBad while a number or address of the letter may not be printed, WithdrawalWaits, AskingOver, and
    AnotherPersonNeeded for what somebody else paused.
    """
    with transaction.atomic():
        settle_going_on(mailing_id, by, now, asked=asked, agreed_by=agreed_by)
        _require_good_routes(mailing_id, now)
        had = settle_taken(mailing_id, taken, now)
        others = settle_unknowns(mailing_id, unknown, now)
        Mailing.objects.filter(pk=mailing_id, state="paused").update(state="open", paused_reason="")
        done = MailingTask.objects.filter(mailing_id=mailing_id, closed_at=None)
        if count_uncertain(mailing_id):
            # What may have been sent before a restore still waits for a person, and is held back meanwhile.
            done = done.exclude(kind="restored")
        done.update(closed_at=now, closed_by=by.text)
        failures_are_seen(mailing_id)
        words = {channel.value: f"{number} {unknown[channel].value}" for channel, number in others.items()}
        record_event(
            action="resume mailing",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            detail=({"taken": had} if had else {}) | ({"unknown": words} if words else {}),
        )
    return Settled(had, others)


def _require_good_routes(mailing_id: int, now: datetime) -> None:
    """A mailing that is resumed with a dead number would send until a worker looks again."""
    mailing = Mailing.objects.select_for_update(no_key=True).get(pk=mailing_id)
    letter = sealed_letter_by_id(mailing.letter_id) if mailing.state == "paused" else None
    if letter is not None and (bad := bad_route(letter, now)):
        raise RouteStillBad(bad, "Ring the number or open the address, record what you found, and resume then.")


def pause_school(
    mailing_id: int, school_id: int, *, why: str, by: Actor, now: datetime, from_school: bool = False
) -> None:
    """Stop one school's part on every worker until `resume_school`. When this returns, no call begins.

    `from_school` says that somebody of the school stops it, who is then responsible for resuming it. Raises
    NothingToPause; and ClaimsUnderWay if it is paused but a call may still begin.
    """
    with tenant(school_id):
        part = MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id).exclude(
            state="sends itself"
        )
        paused = part.filter(paused_at=None).update(paused_at=now, paused_by=by.text, paused_reason=why[:120])
        if not paused:
            raise NothingToPause(
                "We do not send for this school in this mailing, or its part is paused already.",
                "Look at its state.",
            )
        # The person who stopped it is responsible for resuming it.
        fresh = {
            "owner": by.text,
            "owner_role": "lead" if from_school else "coordinator",
            "owner_account": by.account,
            "opened_at": now,
            "due_on": working_due(now, 1),
        }
        PersonTask.objects.update_or_create(
            mailing_id=mailing_id,
            school_id=school_id,
            kind="paused",
            parent=None,
            defaults={**fresh, "closed_at": None, "closed_by": None},
        )
        _record("pause school", mailing_id, school_id, by, now, why=why)
    wait_for_claims("The school is paused")


def resume_school(
    mailing_id: int, school_id: int, *, by: Actor, now: datetime, paused_at: datetime | None = None
) -> bool:
    """Resume one school's part. Returns whether it was paused: if `paused_at` is given, by just that pause."""
    with tenant(school_id):
        part = MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id, paused_at__isnull=False)
        if paused_at is not None:
            part = part.filter(paused_at=paused_at)
        if not part.update(paused_at=None, paused_by=None, paused_reason=""):
            return False
        PersonTask.objects.filter(
            mailing_id=mailing_id, school_id=school_id, kind="paused", closed_at=None
        ).update(closed_at=now, closed_by=by.text)
        _record("resume school", mailing_id, school_id, by, now)
        return True


def _record(action: str, mailing_id: int, school_id: int, by: Actor, now: datetime, **detail: str) -> None:
    record_event(
        action=action,
        by=by,
        subject_type="mailing",
        subject_id=mailing_id,
        now=now,
        school_id=school_id,
        detail=dict(detail),
    )
