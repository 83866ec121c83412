"""A form that could not be saved: what its page says, and with which status."""

from __future__ import annotations

from typing import Any

from everyfamily.core.adults.grounds import GroundNotRight
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.actions.decided.batch_decisions import ReasonNotGiven
from everyfamily.people.actions.decided.seen import ChangedMeanwhile
from everyfamily.people.actions.keeping.leavers import LeavingDayNotCome
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.decisions.asked import AnswerMissing
from everyfamily.staff.meanwhile import done_since

_TYPED = {ReasonNotGiven: "reason", LeavingDayNotCome: "on"}
"""What is wrong with something typed -> its field."""


def refused(visit: Visit, school: SchoolFacts, problem: EveryfamilyError) -> dict[str, Any]:
    """What is wrong and where, and who did what meanwhile, if that is the problem."""
    changed = isinstance(problem, ChangedMeanwhile)
    return {
        "problem": problem,
        "problem_at": getattr(problem, "at", _TYPED.get(type(problem), "")),
        "changes": done_since(school.id, visit.request.POST.get("at", "")) if changed else [],
    }


def status_of(problem: EveryfamilyError) -> int:
    """422 for what the person can put right in the form, and 409 for what is not as they saw it."""
    return (
        422 if isinstance(problem, AnswerMissing | GroundNotRight | ReasonNotGiven | LeavingDayNotCome) else 409
    )
