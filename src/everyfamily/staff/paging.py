"""Lists in pages: `after` is the row number of the last row of the page before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from everyfamily.core.text.row_numbers import row_number
from everyfamily.staff.access import Visit

ON_A_PAGE = 50


def after_of(visit: Visit) -> int:
    """After which row the page begins: what the address says, or the beginning."""
    return row_number(visit.request.GET.get("after", ""))


def page_values[T](found: list[T], after: int, number: Callable[[T], int], *, kept: str = "") -> dict[str, Any]:
    """What a template needs for a page of a list: `rows`, and for `staff/schools/next.html` where the next begins.

    `found` are up to ON_A_PAGE + 1 rows, of which one more than fits says that there is a next page. `kept` is the rest
    of the address, already quoted.
    """
    rows, more = found[:ON_A_PAGE], len(found) > ON_A_PAGE
    following = number(rows[-1]) if more else None
    return {"rows": rows, "next": following, "after": after, "kept": kept, "page_size": ON_A_PAGE}
