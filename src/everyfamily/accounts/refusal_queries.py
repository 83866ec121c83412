"""Who tried so many doors that somebody must look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, Sum

from everyfamily.accounts.models import Refusal
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.next_steps import Step
from everyfamily.core.text.dates import day_in_words

ANOTHER_SCHOOL: Final = "another-school"
"""In the place of a right: pages of schools that are not theirs."""
MOST_PAGES: Final = 50
"""Of rights that somebody does not have, on one day. An old bookmark or two is nothing; a walk over all pages is."""
MOST_OF_SCHOOLS: Final = 10
"""Of schools that are not theirs. No page links to one."""


@dataclass(frozen=True, slots=True)
class TryingDoors:
    """An account that asked on one day for more pages that are not theirs than anybody does by mistake."""

    account: int
    day: date
    pages: int
    """That a right refused."""
    of_schools: int
    """Pages of schools that are not theirs. Of which schools is not kept."""


def who_tries_doors(now: Callable[[], datetime]) -> tuple[TryingDoors, ...]:
    """Today and yesterday, so that a monitor that looks in the morning sees last night. The clock is asked only if
    there is anything."""
    days = (
        Refusal.objects.values("account", "day")
        .annotate(
            pages=Sum("times", filter=~Q(what=ANOTHER_SCHOOL), default=0),
            of_schools=Sum("times", filter=Q(what=ANOTHER_SCHOOL), default=0),
        )
        .filter(Q(pages__gt=MOST_PAGES) | Q(of_schools__gt=MOST_OF_SCHOOLS))
        .order_by("day", "account")
    )
    found = [TryingDoors(**row) for row in days]
    if not found:
        return ()
    since = now().astimezone(LONDON).date() - timedelta(days=1)
    return tuple(one for one in found if one.day >= since)


def steps_of(found: Iterable[TryingDoors]) -> Iterator[Step]:
    """What somebody must see to, in words."""
    for one in found:
        yield Step(
            f"Account {one.account} asked on {day_in_words(one.day)} for {one.pages} pages without the right, and for "
            f"{one.of_schools} of schools that are not theirs. Ask the person, or stop the account on the page People."
        )
