"""All findings of a letter, and what is asked to be kept."""

from __future__ import annotations

from django.http import HttpResponseBase

from everyfamily.core.permissions import Right
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.findings_pages import findings_values
from everyfamily.staff.letters.opened import Opened, draft_page


@draft_page(Right.SEE_LETTERS)
def findings_page(visit: Visit, opened: Opened) -> HttpResponseBase:
    """Everything that the checks find in its words."""
    values = findings_values(opened, visit) | {"may_write": visit.held.may(Right.WRITE_LETTERS)}
    return visit.render("staff/letters/findings.html", values)
