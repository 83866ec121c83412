"""How much is held of one school's people, for the page that says until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.audit.queries.events import count_events
from everyfamily.people.actions.keeping.exports import KEPT
from everyfamily.people.keys.school_keys import KeyState, key_state


@dataclass(frozen=True, slots=True)
class PeopleKept:
    """Rows of each kind, and the state of the school's key. No value."""

    names: int
    contact_values: int
    own_ids: int
    adults: int
    children: int
    links: int
    rolls: int
    attestations: int
    tasks: int
    uploads: int
    """Files of a roll that are being looked at."""
    uploads_gone_at: datetime | None
    exports: int
    exports_gone_at: datetime | None
    """When the last of them goes, or None if there is none."""
    events: int
    key: KeyState | None
    """None if nothing was ever put in."""


def people_kept(school_id: int) -> PeopleKept:
    """Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"school": school_id})
        names = [column.name for column in cursor.description]
        counts = dict(zip(names, cursor.fetchone(), strict=True))
    exported_at = counts.pop("exported_at")
    gone_at = exported_at + KEPT if exported_at is not None else None
    return PeopleKept(**counts, exports_gone_at=gone_at, events=count_events(school_id), key=key_state(school_id))


_COUNTS = """
SELECT (SELECT count(*) FROM people_parent WHERE school_id = %(school)s AND name IS NOT NULL) AS names,
  (SELECT count(*) FROM people_contactpoint WHERE school_id = %(school)s AND value IS NOT NULL) AS contact_values,
  (SELECT count(*) FROM people_pupil WHERE school_id = %(school)s AND id_encrypted IS NOT NULL) AS own_ids,
  (SELECT count(*) FROM people_parent WHERE school_id = %(school)s) AS adults,
  (SELECT count(*) FROM people_pupil WHERE school_id = %(school)s) AS children,
  (SELECT count(*) FROM people_care WHERE school_id = %(school)s) AS links,
  (SELECT count(*) FROM people_rollimport WHERE school_id = %(school)s) AS rolls,
  (SELECT count(*) FROM people_attestation WHERE school_id = %(school)s) AS attestations,
  (SELECT count(*) FROM people_rolltask WHERE school_id = %(school)s) AS tasks,
  (SELECT count(*) FROM people_rollupload WHERE school_id = %(school)s AND cleared_at IS NULL) AS uploads,
  (SELECT max(keep_until) FROM people_rollupload WHERE school_id = %(school)s AND cleared_at IS NULL)
    AS uploads_gone_at,
  (SELECT count(*) FROM people_dataexport WHERE school_id = %(school)s) AS exports,
  (SELECT max(asked_at) FROM people_dataexport WHERE school_id = %(school)s) AS exported_at
"""
