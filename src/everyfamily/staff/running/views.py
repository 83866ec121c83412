"""The check of the audit trail: ask for it, see how far it is and what was found, stop it."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.permissions import Right
from everyfamily.reports.tasks import ask_to_verify
from everyfamily.staff.access import Visit, page
from everyfamily.staff.running.pages import is_watched, verification_values
from everyfamily.work.actions.verifying import cancel_verification
from everyfamily.work.queries.work import newest_verification


@page(Right.SEE_AUDIT)
def verify_page(visit: Visit) -> HttpResponseBase:
    """The newest check. A POST asks for one, and a second POST meanwhile asks for nothing more."""
    if visit.request.method == "POST":
        ask_to_verify(by=visit.actor, now=visit.now)
        return redirect("audit-verify")
    found = newest_verification()
    answer = visit.render("staff/running/verify.html", verification_values(found, visit.now))
    if is_watched(found, visit.now):
        # The page has no form while it waits, so nothing that somebody types is lost.
        visit.look_again(answer, 5)
    return answer


@page(Right.SEE_AUDIT)
def stop_page(visit: Visit) -> HttpResponseBase:
    """Ask whether the check that waits or is under way should stop, and stop it."""
    found = newest_verification()
    if found is None or found.ended_at is not None:
        return redirect("audit-verify")
    if visit.request.method == "POST":
        cancel_verification(found.id, by=visit.actor, now=visit.now)
        return redirect("audit-verify")
    return visit.render("staff/running/verify_stop.html", verification_values(found, visit.now))
