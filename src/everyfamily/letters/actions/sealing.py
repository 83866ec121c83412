"""A letter that everybody approved is sealed by a worker that has the sealing key. The web process never has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.agreement.draft_states import WhyNotSealed, why_not_sealed
from everyfamily.core.agreement.endorsements import Endorsement
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.work import WorkState
from everyfamily.letters.actions.approving import NotGoodToday, require_good_today
from everyfamily.letters.actions.freezing import VersionOvertaken, overtaken
from everyfamily.letters.actions.open_drafts import DraftOver, locked, note
from everyfamily.letters.actions.sealed_letters import record_sealed_letter
from everyfamily.letters.draft_queries.agreeing import approvals_of, how_far
from everyfamily.letters.draft_queries.drafts import draft
from everyfamily.letters.draft_queries.frozen import artefacts_of, current_version, frozen, record_of_frozen
from everyfamily.letters.files.agreeing import prove_ready, seal_record
from everyfamily.letters.files.key_lists import endorsements_beside, key_list_to_seal
from everyfamily.letters.models import Letter, Sealing
from everyfamily.work.actions.asking import ask_for, leave_to_asker
from everyfamily.work.actions.doing import Turn, work_on


class NotToBeSealed(EveryfamilyError):
    """Something keeps the letter from being sealed."""

    code = "EF513"


class NoSealingKey(EveryfamilyError):
    """The worker has no sealing key, or cannot read it."""

    code = "EF514"


_OF_THE_LETTER = (NotToBeSealed.code, NotGoodToday.code, VersionOvertaken.code, DraftOver.code)
"""Why it is not sealed although everything works: whoever asked looks, and nobody else."""
_STEPS = 3
"""Proven again, sealed, recorded."""


def ask_seal(
    frozen_id: int,
    queue: Callable[[int], object],
    *,
    needs_review: bool,
    endorsements: Sequence[Endorsement] = (),
    by: Actor,
    now: datetime,
) -> int | None:
    """Queue the sealing of a version that everybody approved; the id of the work, or None if it is queued already.

    `needs_review`: there is somebody whose role is reviewer. `endorsements` are of keys that are not in the signed list
    yet. Raises NotToBeSealed, NotGoodToday and DraftOver.
    """
    with transaction.atomic():
        version = frozen(frozen_id)
        if version is None:
            raise LookupError("no such version")
        facts = locked(version.draft_id)
        _require_sealable(frozen_id, needs_review=needs_review)
        require_good_today(frozen_id, now)
        row = Sealing(frozen_id=frozen_id, needs_review=needs_review)
        row.endorsements = [one.to_json() for one in endorsements]
        asked = ask_for(row, queue, by=by, now=now)
        if asked is not None:
            note("ask to seal", facts, by=by, now=now, version=version.number)
    return asked


def seal_asked(sealing_id: int, clock: Callable[[], datetime]) -> None:
    """A worker seals what somebody asked for. Done once, however often it is begun."""
    work_on(Sealing, sealing_id, _seal, clock)
    leave_to_asker(Sealing, sealing_id, _OF_THE_LETTER, clock())


def _seal(turn: Turn) -> None:
    row = Sealing.objects.get(pk=turn.id)
    version = frozen(row.frozen_id)
    if version is None:
        raise overtaken()
    if Letter.objects.filter(digest=version.digest, state="sealed").exists():
        # A worker was killed after the letter was sealed, and before it could say so.
        turn.reached(_STEPS, _STEPS)
        return
    key = sealing_key()
    record, artefacts, now = record_of_frozen(version.id), artefacts_of(version.id), turn.clock()
    prove_ready(record, artefacts, today=now.astimezone(LONDON).date())
    # From a file beside the sealing key: whatever the tables say, only these keys count.
    file = settings.EVERYFAMILY_SIGNATORY_KEYS_FILE
    keys = key_list_to_seal(record, file, sealing_key=key.public_key)
    endorsements = endorsements_beside(Path(file)) if file else ()
    turn.reached(1, _STEPS)
    asker = Actor(
        ActorKind.PERSON if row.asked_account is not None else ActorKind.COMMAND, row.asked_by, row.asked_account
    )
    with transaction.atomic():
        # Every save takes this lock. So nobody can change a word between the last look and the seal.
        locked(version.draft_id)
        _require_sealable(version.id, needs_review=row.needs_review)
        require_good_today(version.id, now)
        made = seal_record(
            record,
            [one.approval for one in approvals_of(version.id)],
            key=key,
            now=now,
            keys=keys,
            endorsements=(*_endorsements_of(row), *endorsements),
        )
        record_sealed_letter(made, artefacts, sealing_key=key.public_key, by=asker, now=now)
        turn.reached(_STEPS, _STEPS)
        turn.end(WorkState.DONE)


def _endorsements_of(row: Sealing) -> tuple[Endorsement, ...]:
    return tuple(Endorsement.from_json(one) for one in row.endorsements)


def sealing_key() -> SigningKey:
    """The key of this worker, from its own files. Raises NoSealingKey, and KeyNotReadable for a wrong passphrase."""
    key, passphrase = settings.EVERYFAMILY_SEALING_KEY_FILE, settings.EVERYFAMILY_SEALING_PASSPHRASE_FILE
    if not key or not passphrase:
        raise NoSealingKey(
            "The worker that took this up has no sealing key.",
            "Name the key and its passphrase in the settings of a worker for screens, and ask again.",
        )
    try:
        return SigningKey.from_pem(Path(key).read_bytes(), Path(passphrase).read_bytes().rstrip(b"\r\n"))
    except OSError as problem:
        raise NoSealingKey(
            "The worker cannot read its sealing key, or the passphrase.",
            "Give both files to the account that the worker runs as, and ask again.",
        ) from problem


def _require_sealable(frozen_id: int, *, needs_review: bool) -> None:
    version = frozen(frozen_id)
    facts = draft(version.draft_id) if version is not None else None
    if version is None or facts is None:
        raise LookupError("no such version")
    newest = current_version(facts.id)
    if newest is None or newest.id != version.id:
        raise overtaken()
    reasons = why_not_sealed(how_far(facts, needs_review=needs_review).standing)
    if WhyNotSealed.OVERTAKEN in reasons:
        raise overtaken()
    if reasons:
        raise NotToBeSealed(
            f"The letter cannot be sealed: {' and '.join(reasons)}.", "See on its page who is waited for."
        )
