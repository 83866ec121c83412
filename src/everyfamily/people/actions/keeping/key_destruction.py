"""A school's key is destroyed by two people: one asks, and somebody else agrees within a week.

Nothing can be read again afterwards, so neither a mistake nor one person with a grudge is enough. On the command line,
where nobody is signed in, two people are named. mailings/actions/keys/destroying.py asks whether a mailing is open.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.keeping.key_rotation import key_held, record_of_key
from everyfamily.people.actions.rolls.upload_clearing import drop_uploads_with_key
from everyfamily.people.database.access import require_across, require_school
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import SchoolKeyDestroyed
from everyfamily.people.models import DataExport, KeyDestruction, SchoolKey

MAY_BE_AGREED_TO = timedelta(days=7)


class DestructionAskedFor(EveryfamilyError):
    """Somebody has asked for it already."""

    code = "EF658"


class DestructionOver(EveryfamilyError):
    """What somebody asked for was taken back, has happened, or is more than a week ago."""

    code = "EF659"


class SecondPersonForKey(EveryfamilyError):
    """Whoever asks for a key to be destroyed does not also agree to it."""

    code = "EF660"


@dataclass(frozen=True, slots=True)
class Destruction:
    """What somebody asked for and nobody has agreed to yet."""

    id: int
    asked_by: str
    asked_account: int | None
    asked_at: datetime
    ends_at: datetime


def waiting_destruction(school_id: int, now: datetime) -> Destruction | None:
    """What waits for a second person. Inside `tenant(school_id)`."""
    row = _open(school_id)
    if row is None or row.asked_at + MAY_BE_AGREED_TO <= now:
        return None
    ends_at = row.asked_at + MAY_BE_AGREED_TO
    return Destruction(row.pk, row.asked_by, row.asked_account, row.asked_at, ends_at)


@dataclass(frozen=True, slots=True)
class WaitingAtSchool:
    """A request that waits at a school for a second person, as far as the planner knows it."""

    id: int
    school_id: int
    urn: int
    school: str
    asked_account: int | None
    asked_at: datetime

    @property
    def ends_at(self) -> datetime:
        """Until when somebody may agree."""
        return self.asked_at + MAY_BE_AGREED_TO


def destructions_at(schools: Collection[int] | None, now: datetime) -> list[WaitingAtSchool]:
    """What waits for a second person at these schools, or at every one. Raises SchoolNotYours."""
    if schools is None:
        require_across()
    for school_id in schools or ():
        require_school(school_id)
    rows = KeyDestruction.objects.using("planner").filter(ended_at=None, asked_at__gt=now - MAY_BE_AGREED_TO)
    if schools is not None:
        rows = rows.filter(school_id__in=schools)
    columns = ("id", "school_id", "school__urn", "school__name", "asked_account", "asked_at")
    return [WaitingAtSchool(*row) for row in rows.order_by("id").values_list(*columns)]


def ask_to_destroy(school_id: int, *, by: Actor, now: datetime) -> int:
    """Ask for the school's key to be destroyed; the request's id. Inside `tenant(school_id)`.

    Raises SchoolKeyMissing, SchoolKeyDestroyed and DestructionAskedFor.
    """
    key = _key_to_destroy(school_id)
    if waiting_destruction(school_id, now) is not None:
        raise DestructionAskedFor("Somebody has asked for this already.", "Look at what they asked for.")
    if (old := _open(school_id)) is not None:
        _end(old, "ran out", by, now)
    row = KeyDestruction.objects.create(
        school_id=school_id, asked_at=now, asked_by=by.text, asked_account=by.account
    )
    record_of_key("ask to destroy school key", school_id, by, now, version=key.version)
    return row.pk


def agree_to_destroy(school_id: int, request: int, *, by: Actor, now: datetime) -> None:
    """Destroy the key, as somebody else asked. Inside `tenant(school_id)`.

    Raises SchoolKeyDestroyed, DestructionOver, and SecondPersonForKey for whoever asked.
    """
    key = _key_to_destroy(school_id)
    row = _waiting(school_id, request, now)
    if by.account is None or by.account == row.asked_account:
        raise SecondPersonForKey(
            "You asked for this, so somebody else must agree to it.",
            "Ask a colleague at the school who may answer requests about data.",
        )
    _end(row, "destroyed", by, now)
    _destroy(key, by, now, asked_by=row.asked_by)


def take_back_destruction(school_id: int, request: int, *, by: Actor, now: datetime) -> None:
    """The key stays: whoever asked, or somebody else who is asked to agree, says so. Inside `tenant(school_id)`.

    Raises DestructionOver.
    """
    key = key_held(school_id)
    _end(_waiting(school_id, request, now), "taken back", by, now)
    record_of_key("take back destroying school key", school_id, by, now, version=key.version)


def destroy_school_key(school_id: int, *, by: Actor, agreed_by: Actor, now: datetime) -> None:
    """Destroy the school's key, as two named people say. None of its people's values can be decrypted again, and its
    mailings are held.

    Raises SchoolKeyMissing, SchoolKeyDestroyed if it is already gone, and SecondPersonForKey.
    """
    if by.text.casefold() == agreed_by.text.casefold():
        raise SecondPersonForKey(
            "One person is named for what two must agree to.", "Name somebody else who agreed to it."
        )
    with tenant(school_id):
        key = _key_to_destroy(school_id)
        if (asked := _open(school_id)) is not None:
            _end(asked, "ran out", agreed_by, now)
        record_of_key("ask to destroy school key", school_id, by, now, version=key.version)
        _destroy(key, agreed_by, now, asked_by=by.text)


def _destroy(key: SchoolKey, by: Actor, now: datetime, *, asked_by: str) -> None:
    drop_uploads_with_key(key.school_id, by=by, now=now)
    key.wrapped, key.destroyed_at, key.destroyed_by = None, now, by.text
    key.save(update_fields=["wrapped", "destroyed_at", "destroyed_by"])
    DataExport.objects.filter(school_id=key.school_id).delete()
    count_decision(key.school_id)
    record_of_key("destroy school key", key.school_id, by, now, version=key.version, asked_by=asked_by)


def _key_to_destroy(school_id: int) -> SchoolKey:
    key = key_held(school_id)
    if key.wrapped is None:
        raise SchoolKeyDestroyed(
            f"The key of school {school_id} was destroyed before.", "There is nothing left to do."
        )
    return key


def _open(school_id: int) -> KeyDestruction | None:
    return KeyDestruction.objects.filter(school_id=school_id, ended_at=None).first()


def _waiting(school_id: int, request: int, now: datetime) -> KeyDestruction:
    row = _open(school_id)
    if row is None or row.pk != request or row.asked_at + MAY_BE_AGREED_TO <= now:
        raise DestructionOver(
            "This was taken back, or it is more than a week ago that somebody asked for it.",
            "Look at what is kept. If the key should still go, ask again.",
        )
    return row


def _end(row: KeyDestruction, became: str, by: Actor, now: datetime) -> None:
    row.ended_at, row.ended_by, row.ended_account, row.became = now, by.text, by.account, became
    row.save(update_fields=["ended_at", "ended_by", "ended_account", "became"])
