"""What letters to schools are sent with here: the carrier of email, and which days have school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from everyfamily.core.fallback import Channel
from everyfamily.core.partnership import load_partnership
from everyfamily.core.year_plan import YearPlan
from everyfamily.mailings.actions.reminders import Post
from everyfamily.mailings.carriers import carriers
from everyfamily.mailings.waves import bank_holidays


def post_to_schools(base_url: str) -> Post:
    """The post of this installation."""
    return Post(carriers()[Channel.EMAIL], base_url, school_days())


def school_days() -> Callable[[date], bool]:
    """Whether a day has school: a weekday, no bank holiday and, where EVERYFAMILY_PARTNERSHIP names the partnership's
    file, inside one of its terms. Raises PartnershipNotValid."""
    plan = _year_plan(settings.EVERYFAMILY_PARTNERSHIP)

    def has_school(day: date) -> bool:
        if day.weekday() >= 5 or day in bank_holidays():
            return False
        term = plan.term_of(day) if plan is not None else None
        return term.is_school_day(day) if plan is not None and term is not None else plan is None

    return has_school


@cache
def _year_plan(file: str) -> YearPlan | None:
    return load_partnership(Path(file)).year_plan if file else None
