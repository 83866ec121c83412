"""If a carrier says that a contact point does not exist, nothing is sent to it again."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection


def mark_dead(school_id: int, reasons: Mapping[int, str]) -> None:
    """Mark contact points of the school as dead: id -> the carrier's reason. Inside `tenant(school_id)`.

    It is not a decision about a person, so nothing is planned again because of it.
    """
    if not reasons:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [list(reasons), list(reasons.values()), school_id])


_MARK = """
UPDATE people_contactpoint c SET status = 'permanent-failure', status_reason = m.reason
FROM unnest(%s::bigint[], %s::text[]) AS m (id, reason) WHERE c.school_id = %s AND c.id = m.id
"""
