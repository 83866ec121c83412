"""A new master key takes over: it wraps every school's and mailing's key, and then an old one is forgotten."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.audit.queries.events import details_of
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.keys.master_keys import MasterKeys, MasterKeyVersionMissing
from everyfamily.core.keys.vault import ValueDoesNotOpen
from everyfamily.mailings.actions.keys.ledger_keys import ledger_keys_by_master_version, rewrap_ledger_keys
from everyfamily.people.actions.keeping.key_rotation import rewrap_school_key
from everyfamily.people.keys.master_key_file import add_version, key_file, read_key_file, remove_version
from everyfamily.people.keys.school_keys import hold_master_keys, keys_of_schools, master_key

_ADDED, _SUBJECT = "add master key", "master key"


class MasterKeyStillWraps(EveryfamilyError):
    """Without this version, something could no longer be opened."""

    code = "EF415"


class SchoolKeysLost(EveryfamilyError):
    """No master key here opens them."""

    code = "EF418"


class MasterKeyMadeElsewhere(EveryfamilyError):
    """Another key file holds a version that this one lacks, or a different key with the same version."""

    code = "EF419"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What one version of the master key wraps."""

    schools: int
    mailings: int


def wrapped_by_version() -> dict[int, Wrapped]:
    """What each version wraps, for every version that is here or that anything needs."""
    schools = Counter(
        key.state.master_version for key in keys_of_schools() if key.state and key.state.master_version
    )
    mailings = ledger_keys_by_master_version()
    versions = sorted({*master_key().versions, *schools, *mailings})
    return {version: Wrapped(schools[version], mailings.get(version, 0)) for version in versions}


def add_master_version(file: Path, *, by: Actor, now: datetime, although_lost: bool = False) -> int:
    """Add the next version of the master key to a key file. Returns the version.

    Two machines have a file each, and each could make a version with the same number. Then neither could open what the
    other wrapped, and the file that is copied last would lose it. So the database lets only one in at a time, and keeps
    a digest of each version that was made. Raises MasterKeyMadeElsewhere, unless `although_lost` (a person says that no
    file holds that version), and what reading and writing the file raises. Then the file is unchanged.
    """
    with transaction.atomic(durable=True):
        _alone()
        if not although_lost:
            _require_newest(read_key_file(file, os.environ), file.name)
        version = add_version(file, os.environ)
        detail: dict[str, object] = {
            "version": version,
            "digest": _digest(read_key_file(file, os.environ)),
        }
        if although_lost:
            detail["although lost"] = True
        record_event(action=_ADDED, by=by, subject_type=_SUBJECT, subject_id="", now=now, detail=detail)
    return version


def _alone() -> None:
    """Wait until no other machine is adding a version. Imports do not wait, because they wrap with what is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('everyfamily new master key', 0))")


def _require_newest(keys: MasterKeys, file: str) -> None:
    made = {int(event["version"]): str(event["digest"]) for event in details_of(_ADDED, _SUBJECT)}
    newest = max(made, default=0)
    if newest > keys.version:
        raise MasterKeyMadeElsewhere(
            f"Version {newest} of the master key was made with another key file, and this one ends with version "
            f"{keys.version}.",
            "Copy that file to this machine: nothing needs to be added. If no file has it any more, say that it "
            "is lost.",
            SourceLocation(file),
        )
    if made.get(keys.version, _digest(keys)) != _digest(keys):
        raise MasterKeyMadeElsewhere(
            f"Version {keys.version} in this file is not the key that was made under this number.",
            "Use the file that it was made in. If that is lost for good, say so.",
            SourceLocation(file),
        )


def _digest(keys: MasterKeys) -> str:
    """A digest of the newest key, to distinguish it from another. It says nothing about the key, which is 256 random
    bits."""
    return hashlib.sha256(b"everyfamily master key\n" + keys.keys[-1].key).hexdigest()[:16]


def rewrap_every_key(*, by: Actor, now: datetime) -> Wrapped:
    """Wrap every key with the newest master key, in one transaction each. Returns how many there were to wrap.

    It can be stopped and run again, and nothing is done twice. Raises SchoolKeysLost after every other key is done. A
    key that is wrapped by a different key with the newest number counts as lost here.
    """
    schools, lost = 0, []
    for key in keys_of_schools():
        try:
            schools += rewrap_school_key(key.school_id, by=by, now=now)
        except (MasterKeyVersionMissing, ValueDoesNotOpen):
            lost.append(key.urn)
    done = Wrapped(schools, rewrap_ledger_keys(by=by, now=now))
    if lost:
        raise SchoolKeysLost(
            f"The keys of {len(lost)} schools do not open with the master keys that are here: "
            f"{', '.join(map(str, lost[:20]))}{' and more' if len(lost) > 20 else ''}. All others are done.",
            "Find the key file that wrapped them, and run this again. If there is none, destroy the schools' "
            "keys and give them new ones, and the schools upload again.",
        )
    return done


def forget_master_version(version: int, *, by: Actor, now: datetime) -> None:
    """Remove a version from the key file. Raises MasterKeyStillWraps while it wraps anything."""
    file = key_file(os.environ)
    with transaction.atomic():
        # From now on, anyone who wraps a new key reads the file as it is. It waits for anyone who began before.
        hold_master_keys(exclusive=True)
    left = wrapped_by_version().get(version, Wrapped(0, 0))
    if left.schools or left.mailings:
        raise MasterKeyStillWraps(
            f"Version {version} still wraps keys: of schools {left.schools}, of mailings {left.mailings}.",
            "Wrap them by the newest first.",
        )
    with transaction.atomic():
        record_event(action="forget master key", by=by, subject_type="master key", subject_id=version, now=now)
        remove_version(file, version, os.environ)
