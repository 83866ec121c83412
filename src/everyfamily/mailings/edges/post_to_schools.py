"""What letters to schools are sent with here: the carrier of email, and which days have school."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.actions.returns.reminders import Post
from everyfamily.mailings.installation.carriers import carriers
from everyfamily.people.school_days import area_calendar, has_school


def post_to_schools(base_url: str) -> Post:
    """The post of this installation."""
    return Post(carriers()[Channel.EMAIL], base_url, school_days())


def school_days() -> Callable[[date], bool]:
    """Whether a day has school: a weekday that is not a bank holiday and, if there are settings of the partnership, is
    inside one of their terms. Raises PartnershipNotValid."""
    calendar = area_calendar()
    # After the last term in the file nothing is known, and a reminder can wait.
    return calendar.is_school_day if calendar is not None else has_school(None)
