"""Writes to letters: a sealed letter is imported with its approvals and its seal, or is withdrawn.

Words, approvals and seals are made as files (the letter folder), because the people who approve need no account with
us. Everything that is imported is proven again before a row is written, and the database refuses the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.approvals import LetterState, move
from everyfamily.core.agreement.seals import Seal as CoreSeal
from everyfamily.core.agreement.seals import canonical, problems
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter as CoreLetter
from everyfamily.core.partnership.routes import Route as CoreRoute
from everyfamily.letters.files.key_lists import read_key_list
from everyfamily.letters.files.record import letter_of
from everyfamily.letters.models import (
    Approval,
    Letter,
    LetterArtefact,
    LetterText,
    Route,
    RouteCheck,
    Seal,
    YearMark,
)


class SealNotGood(EveryfamilyError):
    """A seal is not proven, or its artefacts are not the sealed ones."""

    code = "EF306"


class LetterNotKnown(EveryfamilyError):
    """No sealed letter with this reference was imported here."""

    code = "EF526"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When a letter was withdrawn, and by whom."""

    letter_id: int
    at: datetime
    by: str
    before: bool
    """It had already been withdrawn, so nothing was written."""


def record_sealed_letter(
    seal: CoreSeal, artefacts: Mapping[str, bytes], *, sealing_key: str, by: Actor, now: datetime
) -> int:
    """Import a sealed letter; returns its id. Raises SealNotGood unless every signature and digest fits.

    `sealing_key` is the partnership's public sealing key. Importing the same letter twice changes nothing. If the
    settings name a signed list of signatories' keys, the letter must have been approved with keys in it: also raises
    KeyListNotReadable and KeyListNotProven.
    """
    _prove(seal, artefacts, sealing_key)
    known = Letter.objects.filter(reference=seal.record["reference"])
    if before := known.first():
        return _same(before, seal)
    try:
        return _take_in(seal, artefacts, by, now)
    except IntegrityError:
        # Two people sent at the same time, and the other was quicker.
        if (meanwhile := known.first()) is None:
            raise
    return _same(meanwhile, seal)


def _take_in(seal: CoreSeal, artefacts: Mapping[str, bytes], by: Actor, now: datetime) -> int:
    core = letter_of(seal.record)
    with transaction.atomic():
        letter = Letter.objects.create(
            reference=core.reference,
            topic=core.topic,
            term=core.term,
            state=LetterState.APPROVED.value,
            digest=seal.digest,
            record=dict(seal.record),
            composed_at=now,
        )
        _write_parts(letter, core, seal, artefacts)
        letter.state = move(LetterState.APPROVED, LetterState.SEALED).value
        letter.save(update_fields=["state"])
        record_event(
            action="seal letter",
            by=by,
            subject_type="letter",
            subject_id=core.reference,
            now=now,
            detail={"digest": seal.digest},
        )
    return letter.pk


def _prove(seal: CoreSeal, artefacts: Mapping[str, bytes], sealing_key: str) -> None:
    found = problems(seal, sealing_key=sealing_key)
    if not found and settings.EVERYFAMILY_SIGNATORY_KEYS_FILE:
        keys = read_key_list(Path(settings.EVERYFAMILY_SIGNATORY_KEYS_FILE), sealing_key=sealing_key)
        found += keys.faults_of(seal)
    sealed = seal.record.get("artefacts", {})
    for name, digest in sealed.items():
        if name not in artefacts:
            found.append(f"{name} is missing.")
        elif hashlib.sha256(artefacts[name]).hexdigest() != digest:
            found.append(f"{name} is not the file that was sealed.")
    if not found:
        return
    again = "Get the letter's folder again from the person who sealed it."
    if seal.sealing_key != sealing_key and not problems(seal):
        # The folder agrees with itself, so the key was more likely mistyped.
        again = (
            f"Compare the sealing key with what was printed when it was made: {len(seal.sealing_key)} characters (you "
            f"gave {len(sealing_key)}). If yours is right, another key sealed this letter: do not send it, and ask who "
            "sealed it."
        )
    raise SealNotGood(" ".join(found), again)


def _same(known: Letter, seal: CoreSeal) -> int:
    if known.digest != seal.digest:
        raise SealNotGood(
            f"Another letter is sealed under the reference {known.reference}.",
            "Compose it under a new reference.",
        )
    return known.pk


def _write_parts(letter: Letter, core: CoreLetter, seal: CoreSeal, artefacts: Mapping[str, bytes]) -> None:
    english = hashlib.sha256(canonical(seal.record["letter"]["texts"]["en"])).hexdigest()
    LetterText.objects.bulk_create(
        LetterText(letter=letter, language=language, source_digest=english, passages=passages)
        for language, passages in seal.record["letter"]["texts"].items()
    )
    LetterArtefact.objects.bulk_create(
        LetterArtefact(letter=letter, name=name, digest=digest, content=artefacts[name])
        for name, digest in seal.record["artefacts"].items()
    )
    organisations = {row["id"]: row["organisation"] for row in seal.record["required_signatories"]}
    Approval.objects.bulk_create(
        Approval(
            letter=letter,
            signatory=approval.signatory,
            organisation=organisations[approval.signatory],
            digest=approval.digest,
            signature=approval.signature,
            approved_at=datetime.fromisoformat(approval.approved_at),
        )
        for approval in seal.approvals
    )
    Route.objects.bulk_create(
        Route(
            letter=letter,
            register_id=route.id,
            label=route.label,
            number=route.number or "",
            url=route.url or "",
            hours=route.hours,
            owner=route.owner,
            checked_at=route.checked_on,
            checked_by=route.checked_by,
            expires_on=route.expires_on,
        )
        for route in core.routes
    )
    Seal.objects.create(
        letter=letter,
        digest=seal.digest,
        published=seal.to_json(),
        sealed_at=datetime.fromisoformat(seal.sealed_at),
    )


def withdraw_letter(reference: str, *, by: Actor, now: datetime, why: str = "") -> Withdrawal:
    """Stop a sealed letter. Anything not sent yet will not be sent. Doing it twice changes nothing.

    Raises LetterNotKnown, and MoveNotAllowed for a letter that is not sealed.
    """
    with transaction.atomic():
        letter = Letter.objects.select_for_update().filter(reference=reference).first()
        if letter is None:
            raise LetterNotKnown(
                f"No letter {reference} was sent from here.",
                "See which letters were sent.",
            )
        if letter.withdrawn_at is not None and letter.withdrawn_by is not None:
            return Withdrawal(letter.pk, letter.withdrawn_at, letter.withdrawn_by, before=True)
        letter.state = move(LetterState(letter.state), LetterState.WITHDRAWN).value
        letter.withdrawn_at, letter.withdrawn_by = now, by.text
        letter.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
        record_event(
            action="withdraw letter",
            by=by,
            subject_type="letter",
            subject_id=reference,
            now=now,
            detail={"why": why} if why else {},
        )
    return Withdrawal(letter.pk, now, by.text, before=False)


def record_route_check(route: CoreRoute, *, is_good: bool, note: str, by: Actor, now: datetime) -> None:
    """Somebody rang the route's number, or opened its address: it is good, or dead. `note` holds nothing personal, and
    does not go to the audit trail."""
    with transaction.atomic():
        RouteCheck.objects.create(
            register_id=route.id,
            place=route.place,
            is_good=is_good,
            note=note,
            by=by.text,
            by_account=by.account,
            at=now,
        )
        record_event(
            action="ring route" if is_good else "report dead route",
            by=by,
            subject_type="route",
            subject_id=route.id,
            now=now,
            detail={"place": route.place},
        )


def mark_done(address: str, step: str, *, by: Actor, now: datetime) -> bool:
    """Write down that a step of the planned letter at `address` is done. False if somebody had said so before."""
    with transaction.atomic():
        mark = {"by": by.text, "by_account": by.account, "at": now}
        _, made = YearMark.objects.get_or_create(address=address, step=step, defaults=mark)
        if made:
            record_event(
                action="mark year step",
                by=by,
                subject_type="planned letter",
                subject_id=address,
                now=now,
                detail={"step": step},
            )
    return made
