"""A worker's turn at an uploaded file: it begins, and says what became of it, in statements that expect its own begin.

A worker that was taken for dead, while another began again, can write nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.uploads import OPEN, UploadState
from everyfamily.core.work import MOST_TRIES
from everyfamily.people.actions.rolls.upload_notes import PLACE, Note
from everyfamily.people.actions.rolls.uploads import PART_PLACE, UploadMoved, drop_parts, move, sealed
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import RollUpload, RollUploadPart

_WORKER = Actor.worker("worker")


class UploadInterrupted(EveryfamilyError):
    """No worker could finish what an upload asks for."""

    code = "EF484"


class UploadFault(EveryfamilyError):
    """A fault of everyfamily stopped it."""

    code = "EF485"


class UploadDamaged(EveryfamilyError):
    """The stored file is not the one that was uploaded."""

    code = "EF486"


class KeyChanged(EveryfamilyError):
    """The school's key was changed or destroyed, and the file was deleted with it."""

    code = "EF487"


@dataclass(frozen=True, slots=True)
class UploadTurn:
    """One begin of one upload's reading, or of its going in."""

    school_id: int
    id: int
    state: UploadState
    tries: int
    digest: str
    keep_until: datetime
    asked_by: Actor
    put_by: Actor
    whole: bool
    is_ours: bool
    seen_decisions: int | None
    reviews: int
    clock: Callable[[], datetime]

    def to(self, state: UploadState, note: Note, **values: object) -> None:
        """Where it is now, with what was found. Raises UploadMoved if this begin may say nothing more."""
        with tenant(self.school_id):
            self.to_within(state, note, **values)

    def to_within(self, state: UploadState, note: Note, **values: object) -> None:
        """The same inside `tenant(school_id)`, together with what was written there."""
        now = self.clock()
        if state not in OPEN:
            drop_parts(self.school_id, self.id)
            values["ended_at"] = now
        if state is UploadState.REVIEW:
            values["reviews"] = self.reviews + 1
        try:
            values["note"] = sealed(open_vault(self.school_id, now=now), self.id, note)
        except EveryfamilyError:
            # Without a key nothing can be said of it. What fails then fails, and does not wait for ever.
            if state is not UploadState.FAILED:
                raise
            values |= {"note": None, "cleared_at": now}
        move(self.school_id, self.id, {self.state}, state, expected={"tries": self.tries}, **values)

    def fail(self, problem: EveryfamilyError, note: Note) -> None:
        """It cannot be read, or could not go in. The file is deleted."""
        try:
            with tenant(self.school_id):
                self.to_within(UploadState.FAILED, note.failed_by(problem), failed_code=problem.code)
                record_event(
                    action="fail roll",
                    by=_WORKER,
                    subject_type="rollupload",
                    subject_id=self.id,
                    now=self.clock(),
                    school_id=self.school_id,
                    detail={"code": problem.code},
                )
        except UploadMoved:
            return


def school_of_upload(upload_id: int) -> int | None:
    """Whose it is. The planner sees every school's ids and states, and nothing else of them."""
    rows = RollUpload.objects.using("planner").filter(pk=upload_id)
    return rows.values_list("school_id", flat=True).first()


def begin(upload_id: int, state: UploadState, clock: Callable[[], datetime]) -> UploadTurn | None:
    """Begin, or begin again what a dead worker left: READING, of what waits, or GOING_IN. None if there is nothing to
    do."""
    school_id = school_of_upload(upload_id)
    if school_id is None:
        return None
    expected = {UploadState.WAITING, UploadState.READING} if state is UploadState.READING else {state}
    with tenant(school_id):
        row = RollUpload.objects.select_for_update(no_key=True).filter(school_id=school_id, pk=upload_id).first()
        if row is None or row.state not in expected:
            return None
        row.tries, row.state = row.tries + 1, state.value
        row.save(update_fields=["tries", "state"])
    turn = UploadTurn(
        school_id,
        upload_id,
        state,
        row.tries,
        row.file_digest,
        row.keep_until,
        _actor(row.asked_by, row.asked_account),
        _actor(row.put_by, row.put_account),
        row.whole,
        row.is_ours,
        row.seen_decisions,
        row.reviews,
        clock,
    )
    if row.tries > MOST_TRIES:
        turn.fail(interrupted(), Note(""))
        return None
    return turn


def _actor(name: str, account: int | None) -> Actor:
    return Actor(ActorKind.PERSON, name or "school", account)


def interrupted() -> UploadInterrupted:
    """It was begun too often."""
    return UploadInterrupted(
        f"We began {MOST_TRIES} times, and could not finish.",
        "Nothing went in. Upload the file again. If it happens again, tell whoever looks after everyfamily.",
    )


def note_of(school_id: int, upload_id: int, now: datetime) -> Note:
    """What is known of it, opened."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        blob = RollUpload.objects.values_list("note", flat=True).get(school_id=school_id, pk=upload_id)
        return Note("") if blob is None else Note.from_text(vault.decrypt(PLACE, upload_id, bytes(blob)))


def content_of(turn: UploadTurn) -> bytes:
    """The file's bytes, part by part into one buffer."""
    data = bytearray()
    with tenant(turn.school_id):
        vault = open_vault(turn.school_id, now=turn.clock())
        parts = RollUploadPart.objects.filter(school_id=turn.school_id, upload_id=turn.id).order_by("number")
        for row_id, blob in parts.values_list("id", "content").iterator(chunk_size=4):
            data += vault.decrypt_bytes(PART_PLACE, row_id, bytes(blob))
    return bytes(data)
