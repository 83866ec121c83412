"""Reads of the chains that link the audit events."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from everyfamily.audit.sql.chain_sql import PARTNERSHIP, spelled
from everyfamily.audit.sql.chain_sql import VERSION as FIRST_VERSION
from everyfamily.audit.sql.link_sql import WITH_ACTOR, WITH_TIME
from everyfamily.core.audit_chain import Break, Chain, Head, Link, follow

_OF_THE_LINK = ("l.version", "l.previous", "l.chain", "l.position", "e")
_LINKS = f"""
SELECT l.position, l.event_id, l.version, l.previous, l.digest,
  CASE WHEN e.id IS NULL THEN NULL
    WHEN l.version = {FIRST_VERSION} THEN {spelled(*_OF_THE_LINK)}
    WHEN l.version = {WITH_TIME} THEN {spelled(*_OF_THE_LINK, linked_at="l.linked_at")}
    WHEN l.version = {WITH_ACTOR} THEN {spelled(*_OF_THE_LINK, linked_at="l.linked_at", kind=True)}
    ELSE {spelled(*_OF_THE_LINK, linked_at="l.linked_at", kind=True, txid="l.txid")} END
FROM audit_auditlink l
LEFT JOIN audit_auditevent e ON e.id = l.event_id AND coalesce(e.school_id, {PARTNERSHIP}) = l.chain
WHERE l.chain = %s ORDER BY l.position
"""  # noqa: S608 - constants
_NOT_LINKED = f"""
SELECT min(e.id) FROM audit_auditevent e
WHERE coalesce(e.school_id, {PARTNERSHIP}) = %s
  AND NOT EXISTS (SELECT FROM audit_auditlink l WHERE l.event_id = e.id AND l.chain = %s)
"""  # noqa: S608 - a constant
_PAGE = 2_000


def check_chain(school_id: int | None, expected: Head | None = None) -> Chain:
    """Follow the chain of a school inside `tenant(school_id)`, or of the partnership (None) inside a transaction.

    `expected` is its head as it was noted before.
    """
    chain = PARTNERSHIP if school_id is None else school_id
    found = follow(_links(chain), expected)
    if found.broken is None:
        with connection.cursor() as cursor:
            cursor.execute(_NOT_LINKED, [chain, chain])
            event_id = cursor.fetchone()[0]
        if event_id is not None:
            return Chain(found.head, Break(found.head.count + 1, event_id, "it was never linked"))
    return found


def _links(chain: int) -> Iterator[Link]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINKS, [chain])
        while rows := cursor.fetchmany(_PAGE):
            for position, event_id, version, previous, digest, text in rows:
                yield Link(position, event_id, version, bytes(previous), bytes(digest), text)


def older_than_the_chain() -> int:
    """How many events there were before the chains began. They are proven only since then. 0 on a new database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max((detail->>'older_events')::bigint), 0) FROM audit_auditevent "
            "WHERE school_id IS NULL AND action = 'begin audit chain'"
        )
        return int(cursor.fetchone()[0])
