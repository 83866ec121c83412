"""A mailing opens: each school gets its wave, and the key under which contact values are met once is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.queries import sealed_letter
from everyfamily.mailings.actions.ledger_keys import new_ledger_key, open_ledger_key
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.people.queries import open_schools


class LetterNotSealed(EveryfamilyError):
    """Only a sealed letter may be sent."""

    code = "EF521"


class MailingIsOpen(EveryfamilyError):
    """A letter is mailed once."""

    code = "EF522"


@dataclass(frozen=True, slots=True)
class OpenMailing:
    """What was opened."""

    id: int
    schools_by_us: int
    schools_by_themselves: int


def open_mailing(
    *,
    reference: str,
    term: str,
    waves: Mapping[int, tuple[int, datetime]],
    closes_at: datetime,
    reply_mailbox: str,
    reply_owner: str,
    by: str,
    now: datetime,
    sending: Mapping[str, Any] | None = None,
    own_days: Mapping[int, Mapping[str, Any]] | None = None,
) -> OpenMailing:
    """Open the mailing of a sealed letter.

    `waves` gives each school id that we send for its wave's number and time. `sending` are the days and
    hours that every message keeps to, and `own_days`, by school id, what of them is a school's own
    (core/sending_window.py); without them it keeps none. Raises LetterNotSealed or MailingIsOpen.
    Nothing is sent here: waves begin when their time comes.
    """
    letter = sealed_letter(reference)
    if letter is None:
        raise LetterNotSealed(
            f"The letter {reference} is not sealed.", "Collect the approvals and seal it first."
        )
    if Mailing.objects.filter(letter_id=letter.id).exists():
        raise MailingIsOpen(
            f"The letter {reference} has a mailing already.",
            "See it with `everyfamily coverage`; nothing was started.",
        )
    schools = open_schools()
    with transaction.atomic():
        mailing = Mailing.objects.create(
            letter_id=letter.id,
            term=term,
            opens_at=min((at for _, at in waves.values()), default=now),
            closes_at=closes_at,
            reply_mailbox=reply_mailbox,
            reply_owner=reply_owner,
            ledger_key=new_ledger_key(),
            started_by=by,
            sending=dict(sending or {}),
        )
        rows = []
        for school in schools:
            ours = school.id in waves
            wave, at = waves.get(school.id, (0, mailing.opens_at))
            state = "planned" if ours else "sends itself"
            own = dict((own_days or {}).get(school.id, {}))
            rows.append(
                MailingSchool(
                    mailing=mailing, school_id=school.id, wave=wave, wave_at=at, state=state, sending=own
                )
            )
        MailingSchool.objects.bulk_create(rows)
        record_event(
            action="open mailing",
            by=by,
            subject_type="mailing",
            subject_id=mailing.pk,
            now=now,
            detail={"letter": reference, "schools": len(waves)},
        )
    return OpenMailing(mailing.pk, len(waves), len(schools) - len(waves))


def ledger_key(mailing: Mailing) -> bytes:
    """Open the mailing's own key; it is gone once the mailing is closed."""
    if mailing.ledger_key is None:
        raise LetterNotSealed(f"Mailing {mailing.pk} is closed.", "Nothing more can be sent under it.")
    return open_ledger_key(bytes(mailing.ledger_key))
