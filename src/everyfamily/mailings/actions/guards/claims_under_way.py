"""After a stop is recorded: wait until every claim that had not read it has ended."""

from __future__ import annotations

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from everyfamily.core.errors import EveryfamilyError

LONGEST = "10s"
"""A claim takes a few milliseconds. Anything that holds the ledger for longer is something else."""


class ClaimsUnderWay(EveryfamilyError):
    """The stop is in force, but nobody can say yet that no message is on its way to a carrier."""

    code = "EF586"


def wait_for_claims(what: str) -> None:
    """Call it once the stop is committed. Every later claim reads the stop, and each that did not is finished when this
    returns.

    The stop comes first, so that no session that holds the ledger can prevent it. `what` is what is in force now, as
    the beginning of a sentence. Raises ClaimsUnderWay.
    """
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST}'")
            cursor.execute("LOCK TABLE mailings_ledgerentry IN SHARE ROW EXCLUSIVE MODE")
    except OperationalError as problem:
        if not isinstance(problem.__cause__, LockNotAvailable):
            raise
        raise ClaimsUnderWay(
            f"{what}, but somebody holds the ledger: a message that was being claimed may still go to its carrier.",
            "No other message begins. docs/howto/run-the-workers.md says how to see who holds it and how to "
            "end that session.",
        ) from problem
