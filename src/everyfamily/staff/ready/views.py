"""The checklist: what is done, what is to do, and who can do it."""

from __future__ import annotations

from django.http import HttpResponseBase

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.permissions import Right
from everyfamily.reports.readiness import Answer, Area, checks, left
from everyfamily.staff.access import Visit, page
from everyfamily.staff.ready.facts import facts_here


@page(Right.SEE_SETTINGS)
def ready_page(visit: Visit) -> HttpResponseBase:
    """Every point before the first real letter."""
    found = checks(facts_here(visit.now), visit.now.astimezone(LONDON).date())
    values = {
        "here": "settings",
        "areas": [(area, [one for one in found if one.area is area]) for area in Area],
        "left": left(found),
        "done": sum(one.answer is Answer.YES for one in found),
        "all": len(found),
    }
    return visit.render("staff/ready/ready.html", values)
