"""The schools' data keys: made once per school, wrapped by the master key, opened for one job at a time."""

from __future__ import annotations

import base64
import binascii
import os
from datetime import datetime
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError, Place
from everyfamily.core.vault import MasterKey, Vault, new_key
from everyfamily.people.models import SchoolKey


class MasterKeyMissing(EveryfamilyError):
    """No master key in the environment and no key file."""

    code = "EF403"


class SchoolKeyDestroyed(EveryfamilyError):
    """The school's data key was destroyed; its people's values cannot be read again."""

    code = "EF404"


def master_key() -> MasterKey:
    """Read the master key: EVERYFAMILY_MASTER_KEY (base64), else the file EVERYFAMILY_MASTER_KEY_FILE."""
    text = os.environ.get("EVERYFAMILY_MASTER_KEY")
    file = os.environ.get("EVERYFAMILY_MASTER_KEY_FILE")
    if text is None and file is not None:
        try:
            text = Path(file).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as problem:
            raise MasterKeyMissing(
                "The file that EVERYFAMILY_MASTER_KEY_FILE names cannot be read.",
                "Correct its path or its rights.",
            ) from problem
    if text is None:
        raise MasterKeyMissing(
            "There is no master key.",
            "Make one with `everyfamily master-key FILE` and set EVERYFAMILY_MASTER_KEY_FILE to that file.",
        )
    try:
        return MasterKey(base64.b64decode(text.strip(), validate=True))
    except binascii.Error as problem:
        raise MasterKeyMissing(
            "The master key is not base64.", "Use the key exactly as it was made.", Place(file or "environment")
        ) from problem


def open_vault(school_id: int, *, now: datetime) -> Vault:
    """Open the school's vault inside `tenant(school_id)`, making its key the first time.

    Raises SchoolKeyDestroyed.
    """
    master = master_key()
    row = SchoolKey.objects.filter(school_id=school_id).first()
    if row is None:
        data_key = new_key()
        SchoolKey.objects.create(
            school_id=school_id,
            wrapped=master.wrap(school_id, data_key),
            master_version=master.version,
            created_at=now,
        )
        return Vault(school_id, data_key)
    if row.wrapped is None:
        raise SchoolKeyDestroyed(
            f"The data key of school {school_id} was destroyed.",
            "Its people must be imported again under a new key.",
        )
    return Vault(school_id, master.unwrap(school_id, bytes(row.wrapped)))
