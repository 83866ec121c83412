"""How often a job is tried again: for as long as the database is the reason."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

LONGEST_WAIT = 60
"""Seconds between two tries of a job that has been failing for some time."""


class WhileTheDatabaseIsAway(BaseRetryStrategy):
    """Tries again after 1, 2, 4 ... seconds, at most a minute apart, without end.

    A deadlock, a time-out, a lost connection or a server without free connections is no reason to give a school up, and
    trying again sends nothing twice. Until it works, the school is shown as one whose wave has not begun. Any other
    fault makes the job fail at once.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None if the database is not the reason."""
        if not isinstance(exception, (OperationalError, InterfaceError, ConnectorException)):
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 6), LONGEST_WAIT)})


AGAIN = WhileTheDatabaseIsAway()
