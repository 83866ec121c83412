"""Hashes of names and contact values that were written before such hashes existed."""

from __future__ import annotations

from datetime import datetime

from everyfamily.people.database.bulk import fetch_rows
from everyfamily.people.keys.closing_keys import fill_closing_keys
from everyfamily.people.keys.name_hashes import hash_older_names
from everyfamily.people.keys.school_keys import open_vault


def hash_older_values(school_id: int, *, now: datetime) -> int:
    """Make the hashes that are missing. Run inside `tenant(school_id)`. Returns how many.

    An import makes those of a new roll. This is for what an older version of everyfamily imported.
    """
    if not fetch_rows(_MISSING, [school_id, school_id])[0][0]:
        return 0
    vault = open_vault(school_id, now=now)
    return hash_older_names(school_id, vault) + fill_closing_keys(school_id, vault)


_MISSING = """
SELECT EXISTS (SELECT 1 FROM people_parent WHERE school_id = %s AND alike_keys = '' AND name IS NOT NULL)
  OR EXISTS (SELECT 1 FROM people_contactpoint
    WHERE school_id = %s AND value IS NOT NULL AND channel <> 'text' AND near_key IS NULL)
"""
