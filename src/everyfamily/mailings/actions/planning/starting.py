"""Start the mailing of a sealed letter: take the letter in, plan its waves, and open it, or write nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from everyfamily.core.actors import Actor
from everyfamily.core.agreement.seals import Seal
from everyfamily.core.calendar.sending_window import urgent_as_data
from everyfamily.core.calendar.wave_plan import WavePlan
from everyfamily.core.letter.letters import Letter
from everyfamily.core.letter.nothing_invented import require_letter_of_real_people
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.sending.opening_times import require_not_past, require_routes_good
from everyfamily.letters.actions.sealed_letters import record_sealed_letter
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.queries import routes_now
from everyfamily.mailings.actions.planning.opening import Follows, OpenMailing, open_mailing
from everyfamily.mailings.installation.stand_ins import require_carried
from everyfamily.mailings.queries.mailings import mailing_of_letter
from everyfamily.mailings.queries.wave_plan import plan_by_partnership
from everyfamily.people.queries import open_schools

OPEN = timedelta(days=42)
"""How long after its last wave a mailing stays open, for those whom no way has reached yet."""


@dataclass(frozen=True, slots=True)
class ToSend:
    """A sealed letter as it comes: its seal, its artefacts by name, and the sealing key that its sender knows."""

    seal: Seal
    artefacts: Mapping[str, bytes]
    sealing_key: str


def take_in(sent: ToSend, *, by: Actor, now: datetime) -> Letter:
    """Record a sealed letter. Raises what `record_sealed_letter` raises, and what keeps real and invented
    people apart."""
    record_sealed_letter(sent.seal, sent.artefacts, sealing_key=sent.sealing_key, by=by, now=now)
    letter = letter_of(sent.seal.record)
    require_letter_of_real_people(letter)
    require_carried(demonstration=letter.demonstration)
    return letter


def follows_as(kind: Literal["correction", "replacement"], reference: str) -> Follows:
    """The mailing of the wrong letter; raises MailingNotKnown."""
    return Follows(mailing_of_letter(reference).id, kind)


def start_in_waves(
    sent: ToSend,
    *,
    partnership: Partnership,
    opens_at: datetime,
    schools_a_day: int,
    replaces: str | None = None,
    by: Actor,
    now: datetime,
) -> tuple[OpenMailing, WavePlan]:
    """Open the mailing of a letter, in waves from `opens_at` (aware) on; `replaces` is the reference of a wrong letter.

    Raises anything that stops a letter from being taken in, planned or opened, and then nothing is written. Within a
    transaction that is taken back it is a plan.
    """
    require_not_past(opens_at, now)
    with transaction.atomic():
        letter = take_in(sent, by=by, now=now)
        plan = plan_by_partnership(
            partnership,
            opens_at=opens_at,
            schools_a_day=schools_a_day,
            term=letter.term,
            from_year=letter.from_year,
        )
        waves = plan.at()
        moments = [at for _, at in waves.values()]
        require_routes_good(replace(letter, routes=routes_now(letter.routes, now)), moments)
        opened = open_mailing(
            reference=letter.reference,
            term=letter.term,
            waves=waves,
            closes_at=max(moments, default=opens_at) + OPEN,
            reply_mailbox=letter.reply_mailbox,
            reply_owner=letter.reply_owner,
            by=by,
            now=now,
            sending=plan.times(),
            own_days=plan.own_days(),
            follows=follows_as("replacement", replaces) if replaces is not None else None,
        )
    return opened, plan


def start_correction(sent: ToSend, *, corrects: str, by: Actor, now: datetime) -> OpenMailing:
    """Open the mailing of a correction: every school at once, by day and on any day, to exactly those who had the wrong
    letter. Raises MailingNotKnown and what `start_in_waves` raises, and then nothing is written."""
    follows = follows_as("correction", corrects)
    with transaction.atomic():
        letter = take_in(sent, by=by, now=now)
        return open_mailing(
            reference=letter.reference,
            term=letter.term,
            waves={school.id: (1, now) for school in open_schools() if school.sends == "us"},
            closes_at=now + OPEN,
            reply_mailbox=letter.reply_mailbox,
            reply_owner=letter.reply_owner,
            by=by,
            now=now,
            sending=urgent_as_data(),
            follows=follows,
        )
