"""A school's own people stop everything that we send for them, and resume it."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.actions.guards.claims_under_way import ClaimsUnderWay
from everyfamily.mailings.actions.sending.pausing import NothingToPause, pause_school, resume_school
from everyfamily.mailings.queries.school_part import mark_of, parts_that_go_on


class PartChanged(EveryfamilyError):
    """Somebody paused or resumed the school's part after the person was shown it."""

    code = "EF562"


class PausedByPartnership(EveryfamilyError):
    """The partnership paused the school's part, and only the partnership resumes it."""

    code = "EF563"


def pause_own_part(school_id: int, *, why: str, by: Actor, now: datetime) -> int:
    """Stop every part of the school on every worker. Returns how many were not paused before.

    Raises NothingToPause, if there is none; and ClaimsUnderWay, if all are paused but a call may still begin.
    """
    stopped, late = 0, None
    for part in parts_that_go_on(school_id):
        if part.paused_at is not None:
            continue
        try:
            pause_school(part.mailing_id, school_id, why=why, by=by, now=now, from_school=True)
        except NothingToPause:
            continue
        except ClaimsUnderWay as problem:
            late = problem
        stopped += 1
    if late is not None:
        raise late
    if not stopped:
        raise NothingToPause("Your school’s part is paused already, or nothing of it is left to send.", "")
    return stopped


def resume_own_part(school_id: int, *, seen: str, by: Actor, now: datetime) -> int:
    """Resume every part that somebody of the school paused. Returns how many.

    `seen` is `mark_of` the parts when the person was shown them. Raises PartChanged if they changed since,
    PausedByPartnership if the partnership paused all that is paused, and MayOnlyClose.
    """
    by.require_may_open()
    parts = parts_that_go_on(school_id)
    if mark_of(parts) != seen:
        raise PartChanged(
            "Somebody paused your school’s part or let it go on while this page was open.",
            "Nothing was changed. Look at it again.",
        )
    paused = [one for one in parts if one.paused_at is not None]
    own = [one for one in paused if one.from_school]
    if paused and not own:
        raise PausedByPartnership(
            "The partnership paused your school’s part.",
            "Only the partnership can resume it. Ask the person who paused it what still has to be put right.",
        )
    return sum(resume_school(one.mailing_id, school_id, by=by, now=now, paused_at=one.paused_at) for one in own)
