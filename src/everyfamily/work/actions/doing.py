"""A worker does what somebody asked for on a screen. Safe to run twice, and to be killed anywhere.

Each change of state says which begin it belongs to. A worker that was taken for dead, while another began again, can
write nothing more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection

from everyfamily.core.errors import TRY_AGAIN, EveryfamilyError
from everyfamily.core.work import MOST_TRIES, WorkState, at_begin
from everyfamily.work.actions.asking import record_end
from everyfamily.work.rows import EVERYBODYS, Whose, Work

logger = logging.getLogger(__name__)

INTERRUPTED, FAULT = "EF450", "EF451"
_INTERRUPTED = f"It was begun {MOST_TRIES} times, and no worker could finish it."
_FAULT = "It stopped because of a fault in everyfamily. The log has its kind."


class _Stopped(Exception):
    """This begin may write nothing more: somebody cancelled the work, or another worker began it again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One begin of one piece of work."""

    kind: type[Work]
    id: int
    number: int
    clock: Callable[[], datetime]
    whose: Whose = EVERYBODYS
    before: int = 0
    """Steps that an earlier begin had done: for steps that must not be done twice."""

    def reached(self, done: int, of: int, **kept: object) -> None:
        """So many steps of `of` are done, and the row keeps so much of the result. Call it between steps: here the work
        stops if somebody cancelled it. In a transaction that is open already, it belongs to that one."""
        with nullcontext() if connection.in_atomic_block else self.whose.within():
            if not self._move({"cancel_asked_at": None}, done=done, of=of, **kept):
                raise _Stopped

    def end(self, state: WorkState, **values: object) -> None:
        """The work is over, if this begin may still say so."""
        with self.whose.within():
            if self._move({}, state=state.value, ended_at=self.clock(), **values):
                record_end(self.kind, self.id, state, self.clock(), self.whose)

    def _move(self, expected: Mapping[str, object], **values: object) -> int:
        rows = self.kind._default_manager.filter(
            pk=self.id, state=WorkState.WORKING.value, tries=self.number, **expected
        )
        return rows.update(**values)


def work_on(
    kind: type[Work],
    work_id: int,
    do: Callable[[Turn], None],
    clock: Callable[[], datetime],
    whose: Whose = EVERYBODYS,
) -> None:
    """Do the work of one row, unless it is over.

    An error with a code ends it at once. A fault, or a database that is away, is raised again for the work engine,
    until it was begun MOST_TRIES times: then it has failed, and a person has a task.
    """
    turn = _begin(kind, work_id, clock, whose)
    if turn is None:
        return
    try:
        do(turn)
    except _Stopped:
        turn.end(WorkState.CANCELLED)
    except EveryfamilyError as problem:
        if problem.exits_with == TRY_AGAIN:
            raise
        turn.end(WorkState.FAILED, failed_code=problem.code, failed_fact=problem.fact[:200])
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        # The words of a fault may hold a value of somebody's row.
        logger.error("%s %s failed with %s.", kind.__name__, work_id, type(problem).__name__)
        if turn.number < MOST_TRIES:
            raise
        turn.end(WorkState.FAILED, failed_code=FAULT, failed_fact=_FAULT)
    else:
        turn.end(WorkState.DONE)


def _begin(kind: type[Work], work_id: int, clock: Callable[[], datetime], whose: Whose) -> Turn | None:
    with whose.within():
        row = kind._default_manager.select_for_update(no_key=True).filter(pk=work_id).first()
        if row is None:
            return None
        now = clock()
        to = at_begin(WorkState(row.state), tries=row.tries, cancel_asked=row.cancel_asked_at is not None)
        if to is None:
            return None
        before, row.state = 0, to.value
        if to is WorkState.WORKING:
            before, row.tries, row.begun_at, row.done = row.done, row.tries + 1, now, 0
        else:
            row.ended_at = now
        if to is WorkState.FAILED:
            row.failed_code, row.failed_fact = INTERRUPTED, _INTERRUPTED
        row.save()
        if to is not WorkState.WORKING:
            record_end(kind, work_id, to, now, whose)
    return Turn(kind, work_id, row.tries, clock, whose, before) if to is WorkState.WORKING else None
