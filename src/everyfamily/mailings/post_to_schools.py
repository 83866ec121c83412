"""What letters to schools are sent with here: the carrier of email, and which days have school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from everyfamily.core.fallback import Channel
from everyfamily.core.partnership import Partnership, load_partnership
from everyfamily.mailings.actions.reminders import Post
from everyfamily.mailings.carriers import carriers
from everyfamily.mailings.waves import bank_holidays


def post_to_schools(base_url: str) -> Post:
    """The post of this installation."""
    return Post(carriers()[Channel.EMAIL], base_url, school_days())


def school_days() -> Callable[[date], bool]:
    """Whether a day has school: a weekday, no bank holiday and, where EVERYFAMILY_PARTNERSHIP names the partnership's
    file, inside one of its terms. Raises PartnershipNotValid."""
    partnership = _partnership(settings.EVERYFAMILY_PARTNERSHIP)
    if partnership is None:
        return lambda day: day.weekday() < 5 and day not in bank_holidays()
    terms = [planned.term for planned in partnership.year_plan.letters]
    return partnership.sending.calendar(terms, bank_holidays()).is_school_day


@cache
def _partnership(file: str) -> Partnership | None:
    return load_partnership(Path(file)) if file else None
