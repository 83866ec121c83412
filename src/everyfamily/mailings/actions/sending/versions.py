"""Which version of a letter each adult of a school gets. It is read with each page of messages, as who may have it is.

What was sent is kept with the attempt. So a school's pages, what is handed over about an adult, and a correction know
the version that a family had, whatever has changed on the roll since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from everyfamily.core.calendar.letter_versions import Version, version_for
from everyfamily.core.sending.fallback import HAD_IT
from everyfamily.mailings.actions.planning.following import following_of
from everyfamily.mailings.queries.looks import SchoolLook


def versions_of(look: SchoolLook, parents: Collection[int]) -> dict[int, Version]:
    """Adult -> version, for these adults of the school. Empty for a letter in one version. Inside `tenant()`.

    A correction comes in the version in which they had the wrong letter.
    """
    if look.secondary_from is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, {"school": look.school_id, "parents": list(parents)})
        found = {
            parent: version
            for parent, year in cursor.fetchall()
            if (version := version_for([] if year is None else [year], look.secondary_from)) is not None
        }
    return found | _had_before(look, parents)


def keep_versions(look: SchoolLook, ledgers: Collection[int]) -> dict[int, Version]:
    """Message (its row in the ledger) -> version, written down with the attempts of this school. Inside `tenant()`.

    Adults of this school who share an inbox, or a child's bag, get one message. It is the secondary version if any of
    them gets that. What other schools write to the same inbox is not known here (ADR 57). Empty for a letter in one
    version.
    """
    if look.secondary_from is None or not ledgers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WHO_SHARES, {"school": look.school_id, "ledgers": list(ledgers)})
        rows = cursor.fetchall()
    of_adult = versions_of(look, {parent for _, parent in rows})
    found: dict[int, Version] = {}
    for ledger, parent in rows:
        if found.get(ledger) is not Version.SECONDARY:
            found[ledger] = of_adult.get(parent, Version.PRIMARY)
    _write(look.school_id, found)
    return found


def _write(school_id: int, versions: Mapping[int, Version]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE mailings_attempt t SET version = v.version
            FROM unnest(%s::bigint[], %s::text[]) AS v (ledger, version)
            WHERE t.school_id = %s AND t.ledger_id = v.ledger AND t.version <> v.version
            """,
            [list(versions), [one.value for one in versions.values()], school_id],
        )


def _had_before(look: SchoolLook, parents: Collection[int]) -> dict[int, Version]:
    following = following_of(look)
    if following is None or not following.is_correction:
        return {}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "school": look.school_id,
            "wrong": list(following.wrong),
            "parents": list(parents),
        }
        cursor.execute(_HAD, values | {"had": [str(one) for one in HAD_IT]})
        return {parent: Version(version) for parent, version in cursor.fetchall()}


_YEARS = """
SELECT id, at_least_year FROM people_adult_standing WHERE school_id = %(school)s AND id = ANY(%(parents)s)
"""
_WHO_SHARES = """
SELECT t.ledger_id, d.parent_id FROM mailings_attempt t
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
WHERE t.school_id = %(school)s AND t.ledger_id = ANY(%(ledgers)s) AND d.state <> 'stopped'
"""
_HAD = """
SELECT DISTINCT ON (d.parent_id) d.parent_id, t.version FROM mailings_attempt t
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
WHERE t.school_id = %(school)s AND d.mailing_id = ANY(%(wrong)s) AND d.parent_id = ANY(%(parents)s)
  AND t.version <> '' AND t.status = ANY(%(had)s)
ORDER BY d.parent_id, t.id DESC
"""
