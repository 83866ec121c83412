"""The people of one school, and what its leads do there: invite, end a role, let in again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.actions.inviting import invite
from everyfamily.accounts.actions.schools.colleagues import (
    ask_reset_at,
    cancel_at,
    cancel_reset_at,
    end_role_at,
    send_again_at,
    use_reset_at,
)
from everyfamily.accounts.actions.schools.mailboxes import take_back_mailbox
from everyfamily.accounts.invitation_queries import is_of_school, open_invitation
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import offer_of
from everyfamily.core.permissions import Right
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.people.pages import Links, form_values, roles_of_scope, school_values, sent_values
from everyfamily.staff.people.views import chosen, require_not_open, typed_in

_ROLES = roles_of_scope(school=True)


@school_page(Right.LOOK_AFTER_COLLEAGUES, look=True)
def people_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Everybody with a role at the school."""
    return visit.render("staff/people/people.html", school_values(visit, school))


@school_page(Right.LOOK_AFTER_COLLEAGUES)
def invite_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Invite one person to one role at the school. The link goes to their own address, and to no page."""
    links, typed = Links(school.urn), typed_in(visit)
    if visit.request.method != "POST":
        return visit.render("staff/people/invite.html", form_values(typed, _ROLES, links) | {"school": school})
    try:
        offer = offer_of(typed["name"], typed["email"], chosen(typed, _ROLES), school_id=school.id)
        require_not_open(visit, offer)
        made = invite(offer, visit.actor, visit.now, tells=False)
    except EveryfamilyError as problem:
        values = form_values(typed, _ROLES, links, problem) | {"school": school}
        return visit.render("staff/people/invite.html", values, status=422)
    return redirect(links.to("sent", made))


@school_page(Right.LOOK_AFTER_COLLEAGUES)
def sent_page(visit: Visit, school: SchoolFacts, invitation_id: int) -> HttpResponseBase:
    """To which address a link went, or that it waits. Not the link."""
    if not is_of_school(invitation_id, school.id):
        raise Http404
    links, one = Links(school.urn), open_invitation(invitation_id, visit.now)
    if one is None:
        return redirect("school-people", school.urn)
    return visit.render("staff/people/sent.html", sent_values(one, links, visit.now) | {"school": school})


@school_page(Right.LOOK_AFTER_COLLEAGUES)
@posted
def send_again_page(visit: Visit, school: SchoolFacts, invitation_id: int) -> HttpResponseBase:
    """Send a new link to the same address. The earlier one ends."""
    return _sent(visit, school, lambda: send_again_at(school.id, invitation_id, visit.actor, visit.now))


@school_page(Right.LOOK_AFTER_COLLEAGUES)
@posted
def cancel_page(visit: Visit, school: SchoolFacts, invitation_id: int) -> HttpResponseBase:
    """End an invitation to the school."""
    return _done(visit, school, lambda: cancel_at(school.id, invitation_id, visit.actor, visit.now))


@school_page(Right.LOOK_AFTER_COLLEAGUES)
@posted
def end_role_page(visit: Visit, school: SchoolFacts, membership_id: int) -> HttpResponseBase:
    """End a role at the school."""
    return _done(visit, school, lambda: end_role_at(school.id, membership_id, visit.actor, visit.now))


@school_page(Right.LOOK_AFTER_COLLEAGUES)
@posted
def let_in_again_page(visit: Visit, school: SchoolFacts, account_id: int) -> HttpResponseBase:
    """Ask for a way in again for a colleague. It waits for a day, and everybody at the school is told."""
    return _done(visit, school, lambda: ask_reset_at(school.id, account_id, visit.actor, visit.now))


@school_page(Right.LOOK_AFTER_COLLEAGUES)
@posted
def cancel_reset_page(visit: Visit, school: SchoolFacts, reset_id: int) -> HttpResponseBase:
    """Stop a way in again that waits."""
    return _done(visit, school, lambda: cancel_reset_at(school.id, reset_id, visit.actor, visit.now))


@school_page(Right.LOOK_AFTER_COLLEAGUES)
@posted
def mailbox_stop_page(visit: Visit, school: SchoolFacts, mailbox_id: int) -> HttpResponseBase:
    """Stop another mailbox for the school."""
    return _done(
        visit, school, lambda: take_back_mailbox(mailbox_id, visit.actor, visit.now, school_id=school.id)
    )


@school_page(Right.LOOK_AFTER_COLLEAGUES)
@posted
def use_reset_page(visit: Visit, school: SchoolFacts, reset_id: int) -> HttpResponseBase:
    """Send the link to a colleague, once the day has passed."""
    return _sent(visit, school, lambda: use_reset_at(school.id, reset_id, visit.actor, visit.now))


def _sent(visit: Visit, school: SchoolFacts, act: Callable[[], int]) -> HttpResponseBase:
    try:
        made = act()
    except EveryfamilyError as problem:
        return _refused(visit, school, problem)
    return redirect("school-sent", school.urn, made)


def _done(visit: Visit, school: SchoolFacts, act: Callable[[], None]) -> HttpResponseBase:
    try:
        act()
    except EveryfamilyError as problem:
        return _refused(visit, school, problem)
    return redirect("school-people", school.urn)


def _refused(visit: Visit, school: SchoolFacts, problem: EveryfamilyError) -> HttpResponseBase:
    values = school_values(visit, school) | {"problem": f"{problem.fact} {problem.fix}"}
    return visit.render("staff/people/people.html", values, status=409)
