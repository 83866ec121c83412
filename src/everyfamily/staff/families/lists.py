"""Lists of a school's families that are read with its key: one page of them, or what to say if nothing can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.families.pages import moment_words
from everyfamily.staff.paging import ON_A_PAGE, page_values


def listed[T](
    visit: Visit,
    school: SchoolFacts,
    read: Callable[[int], list[T]],
    number: Callable[[T], int],
    *,
    after: int,
    problem: EveryfamilyError | None,
) -> tuple[dict[str, Any], list[T], bool]:
    """What a template needs of a page after the row `after`, its rows, and whether they are all that there are.

    `read` reads so many. If it raises, because the school's key is destroyed, that is the page's problem.
    """
    values: dict[str, Any] = {
        "here": "schools",
        "school": school,
        "as_of": moment_words(visit),
        "problem": problem,
    }
    try:
        found = read(ON_A_PAGE + 1)
    except EveryfamilyError as unreadable:
        return values | {"problem": unreadable}, [], False
    page = page_values(found, after, number)
    return values | page, page["rows"], not after and page["next"] is None
