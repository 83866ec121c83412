"""What a partnership's file puts into the gaps of the parent site's texts: one place for the pages and the linter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from everyfamily.core.text.placeholders import gap_name

if TYPE_CHECKING:  # the linter reads an outside letter in less than half a second, and this would bring pydantic
    from everyfamily.core.partnership.partnership import Partnership

STATEMENT_DAY = "statement day"
"""The gap for the day of the accessibility statement, which the general pages' own file says."""


def partners_of(partnership: Partnership) -> list[str]:
    """Names of the bodies that write, which each language joins in its own way: the gap "partners"."""
    return [body.name for body in partnership.bodies]


def gap_texts(partnership: Partnership) -> dict[str, str]:
    """Words for each gap but "partners" and "statement day", by the gap's name.

    A route without a number or address of its own has only its name: the school's is each family's, and on no page.
    """
    texts = {
        "area": partnership.area,
        "partnership": partnership.name,
        "site": partnership.site,
        "mailbox": partnership.reply_mailbox,
        "enquiries role": partnership.enquiries.role,
        "enquiries number": partnership.enquiries.number,
        "enquiries hours": partnership.enquiries.hours,
    }
    for route in partnership.routes:
        texts[gap_name(f"route {route.id} name")] = route.label
        printed = route.number or route.url or ""
        if printed and "((" not in printed:
            texts[gap_name(f"route {route.id}")] = printed
    return texts
