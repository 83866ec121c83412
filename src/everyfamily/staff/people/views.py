"""The list of people of the partnership, and what an administrator does there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from everyfamily.accounts.actions.inviting import (
    InvitationOver,
    cancel,
    invite,
    let_in_again,
    send_again,
)
from everyfamily.accounts.actions.roles import end_role
from everyfamily.accounts.actions.schools.resets import ask_reset, cancel_reset, schools_of, use_reset
from everyfamily.accounts.actions.suspending import is_watched, let_work_again, look_at_suspension, suspend
from everyfamily.accounts.invitation_queries import OpenInvitation, open_invitation, open_invitations
from everyfamily.accounts.queries import people
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import NotInvitable, Offer, offer_of
from everyfamily.core.permissions import SCOPES, Right, Role, Scope
from everyfamily.people.queries import open_schools, schools_by_id
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.people.pages import (
    FORM_FIELDS,
    Links,
    bodies_by_id,
    form_values,
    partnership_values,
    people_at_values,
    roles_of_scope,
    sent_values,
)

_LINKS = Links()
_ROLES = roles_of_scope(school=False)


@page(Right.SEE_PEOPLE)
def people_page(visit: Visit) -> HttpResponseBase:
    """Everybody with an account, open invitations, and what there are too few of."""
    return visit.render("staff/people/people.html", partnership_values(visit))


@page(Right.SEE_PEOPLE)
def people_at_page(visit: Visit) -> HttpResponseBase:
    """Everybody with a role at one school."""
    urn = visit.request.GET.get("urn", "")
    school = next((one for one in open_schools() if str(one.urn) == urn), None)
    if school is None:
        return redirect("invite-school")
    return visit.render("staff/people/people.html", people_at_values(visit, school))


@page(Right.INVITE_TO_PARTNERSHIP)
def invite_page(visit: Visit) -> HttpResponseBase:
    """Invite one person to one role of the partnership. The link goes to their own address, and to no page."""
    typed, bodies = typed_in(visit), bodies_by_id()
    if visit.request.method != "POST":
        return visit.render("staff/people/invite.html", form_values(typed, _ROLES, _LINKS, bodies=bodies))
    try:
        role = chosen(typed, _ROLES)
        offer = offer_of(typed["name"], typed["email"], role, body=body_for(role, typed, bodies))
        require_not_open(visit, offer)
        made = invite(offer, visit.actor, visit.now)
    except EveryfamilyError as problem:
        values = form_values(typed, _ROLES, _LINKS, problem, bodies=bodies)
        return visit.render("staff/people/invite.html", values, status=422)
    return redirect(_LINKS.to("sent", made))


@page(Right.SEE_PEOPLE)
def sent_page(visit: Visit, invitation_id: int) -> HttpResponseBase:
    """To which address a link went, or that it waits. Not the link."""
    one = open_invitation(invitation_id, visit.now)
    if one is None or one.school_id is not None:
        return redirect("people")
    return visit.render("staff/people/sent.html", sent_values(one, _LINKS, visit.now))


@page(Right.INVITE_TO_PARTNERSHIP)
@posted
def send_again_page(visit: Visit, invitation_id: int) -> HttpResponseBase:
    """Send a new link to the same address. The earlier one ends."""
    one = open_invitation(invitation_id, visit.now)
    if one is not None and one.school_id is not None:  # that is for the people of the school
        raise Http404
    try:
        made = send_again(invitation_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    return redirect(_LINKS.to("sent", made))


@page(Right.INVITE_TO_PARTNERSHIP)
@posted
def cancel_page(visit: Visit, invitation_id: int) -> HttpResponseBase:
    """End an invitation."""
    with suppress(InvitationOver):  # it has ended, which is what was asked for
        cancel(invitation_id, visit.actor, visit.now)
    return redirect("people")


@page(Right.END_ACCESS)
@posted
def end_role_page(visit: Visit, membership_id: int) -> HttpResponseBase:
    """End a role."""
    try:
        end_role(membership_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    return redirect("people")


@page(Right.RECOVER_ACCOUNT)
@posted
def let_in_again_page(visit: Visit, account_id: int) -> HttpResponseBase:
    """A new way in for somebody who was heard on the telephone. The link goes to their own address. For somebody at a
    school, it is only asked for, and waits."""
    if not any(one.id == account_id for one in people()):
        raise Http404
    try:
        if (at_schools := schools_of(account_id)) or is_watched(account_id):
            ask_reset(account_id, visit.actor, visit.now)
            return _at_school_of(account_id) if at_schools else redirect("people")
        made = let_in_again(account_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    return redirect(_LINKS.to("sent", made))


@page(Right.RECOVER_ACCOUNT)
@posted
def use_reset_page(visit: Visit, reset_id: int) -> HttpResponseBase:
    """Send the link to somebody who was waiting for it, once the day has passed or a second person agrees."""
    try:
        made = use_reset(reset_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    return redirect(_LINKS.to("sent", made))


@page(Right.RECOVER_ACCOUNT)
@posted
def cancel_reset_page(visit: Visit, reset_id: int) -> HttpResponseBase:
    """Stop a way in again that waits."""
    try:
        account = cancel_reset(reset_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    return _at_school_of(account)


@page(Right.END_ACCESS)
@posted
def suspend_page(visit: Visit, account_id: int) -> HttpResponseBase:
    """Stop an account at once. It asks nothing and waits for nobody."""
    return _done(visit, lambda: suspend(account_id, _why(visit), visit.actor, visit.now), "They are stopped.")


@page(Right.END_ACCESS)
@posted
def works_again_page(visit: Visit, account_id: int) -> HttpResponseBase:
    """End a suspension."""
    return _done(visit, lambda: let_work_again(account_id, visit.actor, visit.now), "They work again.")


@page(Right.END_ACCESS)
@posted
def looked_at_page(visit: Visit, account_id: int) -> HttpResponseBase:
    """Say as a second person that a suspension is right."""
    said = "You looked at it. The administrator who stopped them can invite people again."
    return _done(visit, lambda: look_at_suspension(account_id, visit.actor, visit.now), said)


@page(None)
@posted
def suspend_self_page(visit: Visit) -> HttpResponseBase:
    """Stop one's own account: a phone was lost, or somebody else uses it."""
    suspend(visit.account, "asked for by the person themselves", visit.actor, visit.now)
    return redirect("account_login")


def _why(visit: Visit) -> str:
    return " ".join(visit.request.POST.get("why", "").split())


def _done(visit: Visit, act: Callable[[], None], said: str) -> HttpResponseBase:
    try:
        act()
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    visit.say(said)
    return redirect("people")


def _at_school_of(account_id: int) -> HttpResponseBase:
    found = schools_by_id(schools_of(account_id)[:1])
    urn = next((school.urn for school in found.values()), "")
    return redirect(f"{reverse('people-at-school')}?urn={urn}")


def typed_in(visit: Visit) -> dict[str, str]:
    """What was typed into the form of an invitation."""
    return {name: visit.request.POST.get(name, "").strip()[:200] for name in FORM_FIELDS}


def chosen(typed: dict[str, str], roles: list[Role]) -> Role:
    """The role that was chosen. Raises NoRoleChosen."""
    found = next((role for role in roles if role == typed["role"]), None)
    if found is None:
        raise NoRoleChosen("No role was chosen.", "Choose what they will do.", "role")
    return found


def body_for(role: Role, typed: dict[str, str], bodies: Mapping[str, str]) -> str:
    """The id of the body that was chosen, or "" for a role of the whole partnership. Raises NotInvitable."""
    if SCOPES[role] is not Scope.BODY:
        return ""
    if not bodies:
        raise NotInvitable(
            "No settings are in force, so nobody knows who signs.", "Put settings in force first.", "role"
        )
    if typed["body"] not in bodies:
        raise NotInvitable(f"A {role} belongs to one organisation.", "Choose which.", "body")
    return typed["body"]


def require_not_open(visit: Visit, offer: Offer) -> None:
    """Raise InvitedAlready if there is a link for this already, unless the form says that this one shall end. So the
    same form sent twice, as by loading the page again, ends no link."""
    sought = (offer.email, offer.role, offer.school_id, offer.body)
    for one in open_invitations(visit.now, offer.school_id):
        if (one.email, one.role, one.school_id, one.body) == sought and visit.request.POST.get("ends") != str(
            one.id
        ):
            raise InvitedAlready(one)


class InvitedAlready(EveryfamilyError):
    """There is a link for the same person and role that can be used."""

    code = "EF438"

    def __init__(self, found: OpenInvitation) -> None:
        super().__init__(
            "This person is invited already, and their link can be used.",
            "If it has not come, send a new one below. The earlier one then ends.",
        )
        self.invitation_id = found.id


class NoRoleChosen(NotInvitable):
    """The form of an invitation without a role that may be given there."""

    code = "EF299"


def _refused(visit: Visit, problem: EveryfamilyError) -> HttpResponseBase:
    said = {"problem": f"{problem.fact} {problem.fix}"}
    return visit.render("staff/people/people.html", partnership_values(visit) | said, status=409)
