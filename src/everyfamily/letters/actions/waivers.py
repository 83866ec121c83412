"""An author proposes to accept a warning in this letter, and takes that back. Each signatory agrees by approving."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from everyfamily.checks.model.finding import Severity
from everyfamily.checks.run.codes import RULES
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.actions.open_drafts import locked, note, overtake
from everyfamily.letters.models import DraftWaiver

LONGEST_REASON = 400


class WaiverNotUsable(EveryfamilyError):
    """The waiver is of no warning, says no reason, has ended, or is there already."""

    code = "EF512"


def propose_waiver(
    draft_id: int,
    code: str,
    passage: str,
    *,
    reason: str,
    ends_on: date,
    language: str = "",
    by: Actor,
    now: datetime,
) -> int:
    """Propose to accept a warning in one passage, for a reason and until a day; the waiver's id. `language` "": every
    language. Raises WaiverNotUsable and DraftOver."""
    said = " ".join(reason.split())[:LONGEST_REASON]
    rule = RULES.get(code)
    if rule is None or rule.severity is not Severity.WARNING:
        raise WaiverNotUsable(
            "Only warnings can be accepted: an error must be put right, and advice needs nothing.",
            "Choose a warning in the list of findings.",
        )
    if not said or ends_on < now.astimezone(LONDON).date():
        raise WaiverNotUsable(
            "A waiver needs a reason, and a last day that is not over.",
            "Write a sentence that everybody who signs would repeat, and choose a later day.",
        )
    try:
        with transaction.atomic():
            facts = locked(draft_id)
            row = DraftWaiver.objects.create(
                draft_id=draft_id,
                code=code,
                passage=passage,
                language=language,
                reason=said,
                ends_on=ends_on,
                by=by.text,
                account=by.account,
                at=now,
            )
            overtake(facts, "waivers", by=by, now=now)
            note("propose waiver", facts, by=by, now=now, code=code, passage=passage)
    except IntegrityError as problem:
        raise WaiverNotUsable(
            "This warning is accepted in this passage already.", "Take that waiver back first, to change it."
        ) from problem
    return int(row.pk)


def end_waiver(waiver_id: int, *, by: Actor, now: datetime) -> bool:
    """Take a waiver back. False if it was taken back before, or there is none. Raises DraftOver."""
    with transaction.atomic():
        row = DraftWaiver.objects.filter(pk=waiver_id).first()
        if row is None:
            return False
        facts = locked(row.draft_id)
        ended = DraftWaiver.objects.filter(pk=waiver_id, ended_at=None).update(ended_at=now, ended_by=by.text)
        if ended:
            overtake(facts, "waivers", by=by, now=now)
            note("end waiver", facts, by=by, now=now, code=row.code, passage=row.passage)
    return bool(ended)
