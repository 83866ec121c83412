"""Inviting schools: choose one by its name, or all that have no lead. The link goes to the school's mailbox only."""

from __future__ import annotations

from contextlib import suppress

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from everyfamily.accounts.actions.schools.beside import stop_beside
from everyfamily.accounts.actions.schools.inviting import cancel_school, invite_school, invite_schools
from everyfamily.accounts.school_queries import SchoolAndLead, schools_and_leads, waiting_mailboxes
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.school_invitations import SchoolInvitationOver, SchoolNotInvitable
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.people.school_choice import all_values, choice_values, one_values


@page(Right.INVITE_TO_SCHOOL)
def choose_page(visit: Visit) -> HttpResponseBase:
    """Type a part of a school's name, and choose from what is found. Also who is invited and has not come yet."""
    typed = visit.request.GET.get("name", "").strip()[:80]
    values = choice_values(schools_and_leads(visit.now), typed, has_searched="name" in visit.request.GET)
    values["mailboxes"] = len(waiting_mailboxes())
    return visit.render("staff/people/schools.html", values)


@page(Right.INVITE_TO_SCHOOL)
def one_page(visit: Visit) -> HttpResponseBase:
    """What happens if this school is invited, and then doing it."""
    found = _school(visit, visit.request.POST.get("urn") or visit.request.GET.get("urn", ""))
    if visit.request.method != "POST":
        return visit.render("staff/people/invite_school.html", one_values(found, visit.now))
    beside = visit.request.POST.get("beside") == "yes"
    try:
        invite_school(found.school, visit.actor, visit.now, beside=beside)
    except EveryfamilyError as problem:
        return visit.render("staff/people/invite_school.html", one_values(found, visit.now, problem), status=422)
    if beside:
        return _one(found.school.urn)
    return visit.render("staff/people/schools_invited.html", {"here": "people", "schools": [found.school]})


@page(Right.INVITE_TO_SCHOOL)
def all_page(visit: Visit) -> HttpResponseBase:
    """How many schools would be invited, and then doing it, if it is still that many."""
    everything = schools_and_leads(visit.now)
    schools = [one.school for one in everything if one.can_be_invited]
    if visit.request.method != "POST" or not schools:
        return visit.render("staff/people/invite_all.html", all_values(everything))
    is_as_shown = visit.request.POST.get("count") == str(len(schools))
    try:
        if is_as_shown:
            invite_schools(schools, visit.actor, visit.now)
    except SchoolNotInvitable:  # a lead came in, or somebody else invited one, at this moment
        is_as_shown = False
    if not is_as_shown:
        values = all_values(schools_and_leads(visit.now)) | {"has_changed": True}
        return visit.render("staff/people/invite_all.html", values, status=409)
    return visit.render("staff/people/schools_invited.html", {"here": "people", "schools": schools})


@page(Right.INVITE_TO_SCHOOL)
@posted
def cancel_page(visit: Visit, invitation_id: int) -> HttpResponseBase:
    """End the invitation of a school."""
    with suppress(SchoolInvitationOver):  # it has ended, which is what was asked for
        cancel_school(invitation_id, visit.actor, visit.now)
    return redirect("invite-school")


@page(Right.INVITE_TO_SCHOOL)
@posted
def stop_second_page(visit: Visit) -> HttpResponseBase:
    """Stop a second lead who comes in by the mailbox, wherever it is."""
    found = _school(visit, visit.request.POST.get("urn", ""))
    with suppress(SchoolInvitationOver):
        stop_beside(found.school.id, visit.actor, visit.now)
        visit.say("It is stopped. Everybody at the school is told.")
    return _one(found.school.urn)


def _one(urn: int) -> HttpResponseBase:
    return redirect(f"{reverse('invite-one-school')}?urn={urn}")


def _school(visit: Visit, urn: str) -> SchoolAndLead:
    found = next((one for one in schools_and_leads(visit.now) if str(one.school.urn) == urn), None)
    if found is None:
        raise Http404
    return found
