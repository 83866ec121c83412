"""Reads of the changes that the database wrote down by itself, and of events whose time is not the database's."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from everyfamily.audit.sql.chain_sql import PARTNERSHIP
from everyfamily.core.access_changes import MOST_APART, AccessChange, unexplained

# A dump that was restored has numbers of transactions of another server: so the times must fit too.
_CHANGES = f"""
SELECT c.id, c.at, c.table_name, c.row_id, c.account, c.what, array(
  SELECT e.action FROM audit_auditlink l JOIN audit_auditevent e ON e.id = l.event_id
  WHERE l.txid = c.txid AND l.chain = {PARTNERSHIP} AND l.linked_at BETWEEN c.at AND c.at + interval '1 hour'
    AND (c.account IS NULL OR e.actor_account = c.account OR e.subject_id IN (c.account::text, c.row_id::text)))
FROM audit_accesschange c WHERE c.at >= %s ORDER BY c.id
"""  # noqa: S608 - a constant
_OFF_TIME = """
SELECT e.id, e.at, l.linked_at FROM audit_auditlink l JOIN audit_auditevent e ON e.id = l.event_id
WHERE l.chain = %s AND l.linked_at >= %s AND abs(extract(epoch FROM l.linked_at - e.at)) > %s ORDER BY l.position
"""


def changes_without_an_act(since: datetime) -> list[AccessChange]:
    """Changes of who may come in that no event of the same transaction explains, oldest first, inside a transaction
    of the partnership."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [since])
        return list(unexplained(AccessChange(*row) for row in cursor.fetchall()))


def events_off_time(school_id: int | None, since: datetime) -> list[tuple[int, datetime, datetime]]:
    """Events that say another time than the one at which the database linked them: id, what it says, when it was
    linked. Inside `tenant(school_id)`, or for the partnership (None) inside a transaction."""
    chain = PARTNERSHIP if school_id is None else school_id
    with connection.cursor() as cursor:
        cursor.execute(_OFF_TIME, [chain, since, MOST_APART.total_seconds()])
        return list(cursor.fetchall())
