"""One writer of a school's people at a time."""

from __future__ import annotations

from django.db import connection

from everyfamily.core.errors import EveryfamilyError

_CLASS = 231
"""First half of the advisory lock's key, so that no other lock has the same key."""


class RollBeingWritten(EveryfamilyError):
    """Another import, a change of the school's key, or a decision about many of its people is not finished."""

    code = "EF231"


def lock_roll(school_id: int) -> None:
    """Lock the school's roll for this transaction, inside `tenant(school_id)`. Raises RollBeingWritten.

    The server holds it until commit or rollback, so a killed process leaves no lock behind.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s::int)", [_CLASS, school_id])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise RollBeingWritten(
            "This school's roll is being changed at this moment: by another file, by a decision or purge, or by a "
            "change of its key.",
            "Nothing of this file went in. Try again in a minute.",
        )


def wait_for_roll(school_id: int) -> None:
    """Lock the school's roll for this transaction as soon as a running import has ended.

    For a decision about many of its people. In the middle of an import, the two would wait for each other's rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [_CLASS, school_id])
