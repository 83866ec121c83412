"""A person uploads a roll's file, answers what it asks, puts it in or gives it up (core/rolls/uploads.py).

The file is encrypted under the school's key from the first byte that is stored. Every change of state says which state
it expects, so whoever presses twice, or looked at something older, changes nothing. Jobs are queued in the same
transaction (`queue`), and know only the upload's id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.core.rolls.model.limits import FILE_BYTES
from everyfamily.core.rolls.uploads import MAY_BE_ANSWERED, MAY_BE_GIVEN_UP, OPEN, UploadState, kept_until
from everyfamily.people.actions.roll_tasks import close_held_task
from everyfamily.people.actions.rolls.upload_notes import PLACE, Note
from everyfamily.people.database.bulk import take_ids
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import RollImport, RollUpload, RollUploadPart
from everyfamily.people.school_days import working_due

PART_BYTES = 1024 * 1024
PART_PLACE = "roll upload part"
type Queue = Callable[[int], object]


class UploadOpen(EveryfamilyError):
    """The school has an uploaded file that is neither in nor given up."""

    code = "EF480"


class NoFile(EveryfamilyError):
    """No file was chosen, or it is empty."""

    code = "EF481"


class FileTooLarge(EveryfamilyError):
    """The file is larger than any roll."""

    code = "EF482"


class UploadMoved(EveryfamilyError):
    """What somebody pressed was about a state that the upload is in no longer."""

    code = "EF483"


def keep_upload(
    school_id: int,
    pieces: Iterable[bytes],
    name: str,
    queue: Queue,
    *,
    whole: bool = True,
    by: Actor,
    now: datetime,
) -> int:
    """Store a file, encrypted, and queue its reading, unless the same file went in before. Returns its id.

    `whole`: it has every child of the school.

    Raises UploadOpen, NoFile, FileTooLarge and what `open_vault` raises, and then nothing is stored.
    """
    try:
        with tenant(school_id):
            if RollUpload.objects.filter(school_id=school_id, state__in=OPEN).exists():
                raise _is_open()
            vault = open_vault(school_id, now=now)
            (upload_id,) = take_ids(RollUpload, 1)
            row = RollUpload(pk=upload_id, school_id=school_id, bytes=0, whole=whole)
            row.asked_by, row.asked_account, row.asked_at, row.queued_at = by.text, by.account, now, now
            row.keep_until = kept_until(working_due(now, 1))
            row.note = sealed(vault, upload_id, Note(name))
            row.save(force_insert=True)
            row.bytes, row.file_digest = _keep_parts(school_id, vault, upload_id, pieces)
            if _went_in_before(school_id, row.file_digest):
                row.state = UploadState.SAME.value
            else:
                queue(upload_id)
            row.save(update_fields=["bytes", "file_digest", "state"])
            _record("upload roll", school_id, upload_id, by, now, file=row.file_digest[:12], bytes=row.bytes)
            return upload_id
    except IntegrityError as problem:
        if "one_at_a_time" not in str(problem):
            raise
        raise _is_open() from problem


def _is_open() -> UploadOpen:
    return UploadOpen(
        "Another file of your school is open.", "Go on with that file, or delete it, before you upload another."
    )


def _keep_parts(school_id: int, vault: Vault, upload_id: int, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Encrypts and stores piece by piece, so that the whole file is in memory once. Returns size and digest."""
    digest, size, number = hashlib.sha256(), 0, 0
    for piece in pieces:
        for at in range(0, len(piece), PART_BYTES):
            part = piece[at : at + PART_BYTES]
            digest.update(part)
            size, number = size + len(part), number + 1
            if size > FILE_BYTES:
                raise too_large()
            (row_id,) = take_ids(RollUploadPart, 1)
            content = vault.encrypt_bytes(PART_PLACE, row_id, part)
            RollUploadPart.objects.bulk_create(
                [
                    RollUploadPart(
                        pk=row_id, school_id=school_id, upload_id=upload_id, number=number, content=content
                    )
                ]
            )
    if not size:
        raise no_file()
    return size, digest.hexdigest()


def no_file() -> NoFile:
    """Nobody chose one, or it is empty."""
    return NoFile("There is no file, or the file is empty.", "Choose the file that your records system exported.")


def too_large() -> FileTooLarge:
    """It is larger than any roll."""
    return FileTooLarge(
        f"The file is larger than {FILE_BYTES // 1024**2} MB, which no roll is.",
        "Export one school’s roll, without pictures and notes, and choose that file.",
    )


def _went_in_before(school_id: int, digest: str) -> bool:
    earlier = RollImport.objects.filter(school_id=school_id, state="committed").order_by("-imported_at", "-pk")
    return earlier.filter(file_digest=digest).exists()


def read_although_same(school_id: int, upload_id: int, queue: Queue, *, by: Actor, now: datetime) -> None:
    """The same file went in before, and somebody wants it read again. Raises UploadMoved."""
    with tenant(school_id):
        move(school_id, upload_id, {UploadState.SAME}, UploadState.WAITING, queued_at=now)
        queue(upload_id)
        _record("read roll again", school_id, upload_id, by, now)


def read_with_answers(school_id: int, upload_id: int, queue: Queue, *, by: Actor, now: datetime) -> None:
    """What the columns mean was said and kept (`keep_answers`): read the file with it. Raises UploadMoved."""
    with tenant(school_id):
        move(school_id, upload_id, MAY_BE_ANSWERED, UploadState.WAITING, tries=0, queued_at=now)
        queue(upload_id)


def put_in(school_id: int, upload_id: int, queue: Queue, *, seen: int, by: Actor, now: datetime) -> None:
    """Queue what puts the file in, as it was at review number `seen`. Raises UploadMoved."""
    with tenant(school_id):
        values: dict[str, Any] = {"put_by": by.text, "put_account": by.account, "tries": 0, "queued_at": now}
        move(
            school_id, upload_id, {UploadState.REVIEW}, UploadState.GOING_IN, expected={"reviews": seen}, **values
        )
        queue(upload_id)
        _record("ask to put roll in", school_id, upload_id, by, now)


def say_whose(school_id: int, upload_id: int, queue: Queue, *, ours: bool, by: Actor, now: datetime) -> None:
    """The lead says whether a held file is the right one. If it is not, it is deleted. Raises UploadMoved."""
    with tenant(school_id):
        if ours:
            move(
                school_id,
                upload_id,
                {UploadState.HELD},
                UploadState.WAITING,
                tries=0,
                is_ours=True,
                queued_at=now,
            )
            queue(upload_id)
        else:
            _end(school_id, upload_id, {UploadState.HELD}, UploadState.GIVEN_UP, now)
        close_held_task(school_id, by=by, now=now)
        _record("say whose roll", school_id, upload_id, by, now, ours=ours)


def give_up(school_id: int, upload_id: int, *, by: Actor, now: datetime) -> None:
    """Stop reading and delete the file. Raises UploadMoved if it is going in, or is over."""
    with tenant(school_id):
        if RollUpload.objects.filter(school_id=school_id, pk=upload_id, state=UploadState.HELD.value).exists():
            close_held_task(school_id, by=by, now=now)
        _end(school_id, upload_id, MAY_BE_GIVEN_UP, UploadState.GIVEN_UP, now)
        _record("delete uploaded roll", school_id, upload_id, by, now)


def _end(
    school_id: int, upload_id: int, expected: Collection[UploadState], to: UploadState, now: datetime
) -> None:
    move(school_id, upload_id, expected, to, ended_at=now, cleared_at=now, note=None)
    drop_parts(school_id, upload_id)


def drop_parts(school_id: int, upload_id: int) -> None:
    """The file itself is gone. Inside `tenant(school_id)`."""
    RollUploadPart.objects.filter(school_id=school_id, upload_id=upload_id).delete()


def move(
    school_id: int,
    upload_id: int,
    states: Collection[UploadState],
    to: UploadState,
    *,
    expected: dict[str, object] | None = None,
    **values: object,
) -> None:
    """One statement, inside `tenant(school_id)`: from one of these states, if the row is as expected. Raises
    UploadMoved."""
    rows = RollUpload.objects.filter(school_id=school_id, pk=upload_id, state__in=states, **(expected or {}))
    if not rows.update(state=to.value, **values):
        raise UploadMoved(
            "This file is no longer as this page showed it: it was read again, went in or was deleted.",
            "Nothing was changed. Look at where it is now.",
        )


def sealed(vault: Vault, upload_id: int, note: Note) -> bytes:
    """The note as it is stored."""
    text = json.dumps(note.as_values(), ensure_ascii=False, separators=(",", ":"))
    return vault.encrypt(PLACE, upload_id, text)


def _record(action: str, school_id: int, upload_id: int, by: Actor, now: datetime, **detail: object) -> None:
    record_event(
        action=action,
        by=by,
        subject_type="rollupload",
        subject_id=upload_id,
        now=now,
        school_id=school_id,
        detail=detail,
    )
