"""How long names, contact values and the children's own ids are kept: one rule, for every school (ADR 18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ROLL_KEPT = timedelta(days=400)
"""A roll that no mailing has used is purged after this: an academic year, and a month to begin the next one."""


class PurgeReason(StrEnum):
    """Why a school's personal values are deleted."""

    MAILING_CLOSED = "mailing closed"
    """The days agreed with the school have passed since the last mailing it took part in was closed."""
    ROLL_IS_OLD = "roll is old"
    """No newer roll came in, and no mailing is open that needs this one."""
    CHILD_LEFT = "child left"
    """None of the adult's children is still on the roll."""
    ASKED = "asked"
    """The adult asked for it, and a person agreed."""


@dataclass(frozen=True, slots=True)
class RollUse:
    """What a school's roll is needed for. Times are aware. None means never."""

    keep_days: int
    in_use: bool
    """A mailing that we send for the school is not closed yet."""
    last_closed_at: datetime | None
    """When the last mailing that we sent for the school was closed."""
    last_roll_at: datetime | None
    """When the newest roll that changed something came in."""


@dataclass(frozen=True, slots=True)
class Due:
    """When values are deleted, and why then."""

    at: datetime
    reason: PurgeReason


def when_purged(use: RollUse) -> Due | None:
    """When the school's personal values are deleted, unless a newer roll or mailing needs them. None while nobody can
    say: a mailing is open, or no roll came in.

    A roll that came in after the last close is for the next mailing, and waits for that mailing's close.
    """
    if use.in_use:
        return None
    if use.last_closed_at is not None and not _is_newer(use.last_roll_at, use.last_closed_at):
        return Due(use.last_closed_at + timedelta(days=use.keep_days), PurgeReason.MAILING_CLOSED)
    return Due(use.last_roll_at + ROLL_KEPT, PurgeReason.ROLL_IS_OLD) if use.last_roll_at is not None else None


def purge_reason(use: RollUse, now: datetime) -> PurgeReason | None:
    """Why the school's personal values are deleted at `now`, or None while they are kept."""
    due = when_purged(use)
    return due.reason if due is not None and due.at <= now else None


def _is_newer(roll_at: datetime | None, closed_at: datetime) -> bool:
    return roll_at is not None and roll_at > closed_at
