"""What a partnership's file puts into the gaps of the parent site's texts, in one place for the pages and the
linter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from everyfamily.core.text.placeholders import gap_name

if TYPE_CHECKING:  # the linter reads an outside letter in less than half a second, and this would import pydantic
    from everyfamily.core.partnership.partnership import Partnership

STATEMENT_DAY = "statement day"
"""The gap for the day of the accessibility statement, which the general pages' own file gives."""


def partners_of(partnership: Partnership) -> list[str]:
    """Names of the bodies that write, for the gap "partners". Each language joins them in its own way."""
    return [body.name for body in partnership.bodies]


def gap_texts(partnership: Partnership) -> dict[str, str]:
    """Words for each gap except "partners" and "statement day", by the gap's name.

    A route without its own number or address has only its name. The school's number differs for each family, and is on
    no page.
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
