"""What may become of work that somebody asked for on a screen and that a worker does in the background."""

from __future__ import annotations

from enum import StrEnum

MOST_TRIES = 3
"""A worker may be killed in the middle, and another begins again. After this many begins a person looks."""


class WorkState(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OVER = frozenset({WorkState.DONE, WorkState.FAILED, WorkState.CANCELLED})
"""Nothing more becomes of it."""


def at_begin(state: WorkState, *, tries: int, cancel_asked: bool) -> WorkState | None:
    """What work is when a worker takes it up, after `tries` begins. None if there is nothing to do.

    What is *working* was left by a worker that died, or that is taken for dead. It is begun again.
    """
    if state in OVER:
        return None
    if cancel_asked:
        return WorkState.CANCELLED
    return WorkState.FAILED if tries >= MOST_TRIES else WorkState.WORKING
