"""What waits for whoever is signed in, what they should know, and their choice about mail."""

from __future__ import annotations

from django.http import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect

from everyfamily.accounts.desk.choices import choose_digest, wants_digest
from everyfamily.accounts.desk.gathering import Reach, gather
from everyfamily.accounts.desk.notices import dismiss
from everyfamily.people.database.access import opened
from everyfamily.staff.access import Visit, page
from everyfamily.staff.desk.pages import desk_values, shown_notices

_READS = ("GET", "HEAD")


@page(None)
def desk(visit: Visit) -> HttpResponseBase:
    """What waits, what they should know, and what comes next."""
    reach = Reach.of(visit.held)
    with opened(reach.access):
        return visit.render("staff/desk/desk.html", desk_values(visit, gather(reach, visit.now)))


@page(None)
def seen(visit: Visit) -> HttpResponseBase:
    """Dismiss a notice, for this account only."""
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    reach = Reach.of(visit.held)
    with opened(reach.access):
        shown = shown_notices(visit, gather(reach, visit.now))
        dismiss(visit.account, visit.request.POST.get("notice", "")[:200], shown, visit.actor, visit.now)
    return redirect("desk")


@page(None)
def mail_choice(visit: Visit) -> HttpResponseBase:
    """Whether the digest comes."""
    if visit.request.method == "POST":
        said = visit.request.POST.get("digest")
        if said in ("on", "off"):
            choose_digest(visit.account, said == "on", visit.actor, visit.now)
        return redirect("mfa_index")
    if visit.request.method not in _READS:
        return HttpResponseNotAllowed([*_READS, "POST"])
    return visit.render("staff/desk/mail.html", {"wanted": wants_digest(visit.account)})
