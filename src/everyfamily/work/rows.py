"""What every row of work has. A matter's own table (a file that was uploaded, an export) is made from it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar

from django.db import models, transaction
from django.db.models import F, Q

from everyfamily.core.work import OVER, WorkState


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose work a row is: the whole installation's, or one school's, which is read and written only `within`."""

    school_id: int | None = None
    within: Callable[[], AbstractContextManager[object]] = transaction.atomic
    """Opens the transaction in which the row can be seen (for a school: people/database/tenancy.py)."""


EVERYBODYS = Whose()
_OVER = sorted(state.value for state in OVER)


class Work(models.Model):
    """One piece of work. A job of the work engine knows only its id, and is committed with it.

    Every change of state is one statement that says which state it expects (`actions/doing.py`), so a job that runs
    twice does its work once.
    """

    WHAT: ClassVar[str]
    """What the work is, in the words of somebody who sees that it failed."""

    state = models.CharField(max_length=10, default=WorkState.WAITING.value)
    asked_by = models.CharField(max_length=80)
    asked_account = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often a worker began it. The newest begin is the only one that may write."""
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    """So many steps of so many. 0 of 0 until that is known."""
    cancel_asked_at = models.DateTimeField(null=True)
    failed_code = models.CharField(max_length=8, blank=True)
    failed_fact = models.CharField(max_length=200, blank=True)
    """The code and the sentence of what stopped it."""
    seen_at = models.DateTimeField(null=True)
    """When a person said that they had seen that it failed."""
    seen_by = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint] | tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in WorkState]), name="%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OVER, ended_at__isnull=False)
                | (~Q(state__in=_OVER) & Q(ended_at__isnull=True)),
                name="%(class)s_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(state=WorkState.FAILED.value) ^ Q(failed_code=""), name="%(class)s_fails_with_a_code"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("of")), name="%(class)s_not_beyond_its_end"),
        )

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}: {self.state}"
