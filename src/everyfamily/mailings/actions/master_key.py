"""A new master key takes over: it wraps every key of a school and of a mailing, and then an old one is forgotten."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.master_keys import MasterKeyVersionMissing
from everyfamily.core.vault import ValueDoesNotOpen
from everyfamily.mailings.actions.ledger_keys import ledger_keys_by_master_version, rewrap_ledger_keys
from everyfamily.people.actions.key_rotation import rewrap_school_key
from everyfamily.people.keys import hold_master_keys, keys_of_schools, master_key
from everyfamily.people.master_key_file import key_file, remove_version


class MasterKeyStillWraps(EveryfamilyError):
    """Something would not open any more without this version."""

    code = "EF415"


class SchoolKeysLost(EveryfamilyError):
    """No master key that is here opens them."""

    code = "EF418"


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


def rewrap_every_key(*, by: str, now: datetime) -> Wrapped:
    """Wrap every key by the newest master key, one transaction each; returns how many there were to wrap.

    It can be stopped and run again: what was done is not done twice. Raises SchoolKeysLost, and then every other key is
    done.
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
            "Find the key file that wrapped them, and run this again. If there is none: `everyfamily keys destroy`, "
            "`keys renew`, and the school uploads again.",
        )
    return done


def forget_master_version(version: int, *, by: str, now: datetime) -> None:
    """Take a version out of the key file; raises MasterKeyStillWraps while anything is wrapped by it."""
    file = key_file(os.environ)
    with transaction.atomic():
        # Whoever wraps a new key from now on reads the file as it is; whoever did before is waited for.
        hold_master_keys(exclusive=True)
    left = wrapped_by_version().get(version, Wrapped(0, 0))
    if left.schools or left.mailings:
        raise MasterKeyStillWraps(
            f"Version {version} still wraps the keys of {left.schools} schools and {left.mailings} mailings.",
            "Wrap them by the newest first: `everyfamily keys rewrap`.",
        )
    with transaction.atomic():
        record_event(action="forget master key", by=by, subject_type="master key", subject_id=version, now=now)
        remove_version(file, version, os.environ)
