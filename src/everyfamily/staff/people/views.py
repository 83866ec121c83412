"""The list of people and what an administrator does there."""

from __future__ import annotations

from contextlib import suppress

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from everyfamily.accounts.actions.inviting import InvitationOver, cancel, invite, let_in_again
from everyfamily.accounts.actions.roles import end_role
from everyfamily.accounts.queries import open_invitations, people, too_few
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import offer_of
from everyfamily.core.permissions import SCOPES, Right, Role, Scope
from everyfamily.people.queries import school_by_urn
from everyfamily.staff.access import Visit, page
from everyfamily.staff.people.pages import FORM_FIELDS, form_values, people_values


@page(Right.SEE_PEOPLE)
def people_page(visit: Visit) -> HttpResponseBase:
    """Everybody with an account, open invitations, and what there are too few of."""
    everybody = people()
    values = people_values(everybody, open_invitations(visit.now), too_few(everybody), visit)
    return visit.render("staff/people/people.html", values)


@page(Right.INVITE_TO_SCHOOL)
def invite_page(visit: Visit) -> HttpResponseBase:
    """Invite one person to one role. Afterwards the page shows the link once."""
    typed = {name: visit.request.POST.get(name, "").strip()[:200] for name in FORM_FIELDS}
    if visit.request.method != "POST":
        return visit.render("staff/people/invite.html", form_values(typed, visit))
    try:
        role = Role(typed["role"])
    except ValueError:
        return _again(visit, typed, "Choose a role.")
    if not _may_invite_to(role, visit):
        return _not_theirs(visit)
    try:
        school = school_by_urn(int(typed["urn"])).id if typed["urn"].isdecimal() else None
        offer = offer_of(typed["name"], typed["email"], role, school_id=school, body=typed["body"])
        made = invite(offer, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _again(visit, typed, f"{problem.fact} {problem.fix}")
    return visit.render("staff/people/invited.html", {"person": offer, "link": _link(visit, made.token)})


@page(Right.INVITE_TO_SCHOOL)
def cancel_page(visit: Visit, invitation_id: int) -> HttpResponseBase:
    """End an invitation."""
    if visit.request.method != "POST":
        raise Http404
    found = next((one for one in open_invitations(visit.now) if one.id == invitation_id), None)
    if found is not None and not _may_invite_to(found.role, visit):
        return _not_theirs(visit)
    with suppress(InvitationOver):  # it has ended, which is what was asked for
        cancel(invitation_id, visit.actor, visit.now)
    return redirect("people")


@page(Right.END_ACCESS)
def end_role_page(visit: Visit, membership_id: int) -> HttpResponseBase:
    """End a role."""
    if visit.request.method != "POST":
        raise Http404
    try:
        end_role(membership_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    return redirect("people")


@page(Right.RECOVER_ACCOUNT)
def let_in_again_page(visit: Visit, account_id: int) -> HttpResponseBase:
    """A new way in for somebody who was heard on the telephone. The page shows the link once."""
    if visit.request.method != "POST":
        raise Http404
    person = next((one for one in people() if one.id == account_id), None)
    if person is None:
        raise Http404
    try:
        made = let_in_again(account_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    return visit.render(
        "staff/people/invited.html", {"person": person, "again": True, "link": _link(visit, made.token)}
    )


def _may_invite_to(role: Role, visit: Visit) -> bool:
    return SCOPES[role] is Scope.SCHOOL or visit.held.may(Right.INVITE_TO_PARTNERSHIP)


def _not_theirs(visit: Visit) -> HttpResponseBase:
    return visit.render("staff/doors/not_yours.html", {"right": Right.INVITE_TO_PARTNERSHIP}, status=403)


def _link(visit: Visit, token: str) -> str:
    return visit.request.build_absolute_uri(reverse("invitation", args=[token]))


def _refused(visit: Visit, problem: EveryfamilyError) -> HttpResponseBase:
    everybody = people()
    values = people_values(everybody, open_invitations(visit.now), too_few(everybody), visit)
    said = {"problem": f"{problem.fact} {problem.fix}"}
    return visit.render("staff/people/people.html", values | said, status=409)


def _again(visit: Visit, typed: dict[str, str], problem: str) -> HttpResponseBase:
    return visit.render("staff/people/invite.html", form_values(typed, visit, problem), status=422)
