"""A lead attests the roll, pauses the school's part, and lets it go on."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.guards.claims_under_way import ClaimsUnderWay
from everyfamily.mailings.actions.sending.own_part import pause_own_part, resume_own_part
from everyfamily.people.actions.attesting import AlreadyAttested, RollChanged, attest, not_as_shown
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.attest.forms import Attesting, RollNotTicked, attesting_of, reason_of, require_roll_ticked
from everyfamily.staff.attest.pages import attest_values, attested_values, did, newest_event, pause_values

_PAUSED = "Your part is paused. Nothing more is sent for your school until somebody of your school lets it go on."
_PAUSED_LATE = "Your part is paused. One message that was on its way at that moment may still arrive."
_GOES_ON = "Your part goes on. What was planned is sent at the next time for sending."


@school_page(Right.ATTEST_ROLL, look=True)
def attest_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Say that the roll is right, for 24 hours."""
    if visit.request.method != "POST":
        return visit.render("staff/attest/attest.html", attest_values(visit, school))
    said = attesting_of(visit.request.POST)
    try:
        visit.say(_give_word(visit, school, said))
    except AlreadyAttested as problem:
        visit.say(problem.fact)
    except RollChanged as problem:
        values = attest_values(visit, school, said, problem, changed=True)
        return visit.render("staff/attest/attest.html", values, status=409)
    except RollNotTicked as problem:
        return visit.render("staff/attest/attest.html", attest_values(visit, school, said, problem), status=422)
    return redirect("attested", school.urn)


@school_page(Right.ATTEST_ROLL, look=True)
def attested_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Until when the newest word counts, and what happens next."""
    values = attested_values(visit, school)
    return visit.render("staff/attest/attested.html", values) if values else redirect("attest", school.urn)


@school_page(Right.PAUSE_SCHOOL, look=True)
def pause_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Pause the school's part, at once."""
    if visit.request.method != "POST":
        return visit.render("staff/attest/pause.html", pause_values(visit, school))
    try:
        pause_own_part(school.id, why=reason_of(visit.request.POST), by=visit.actor, now=visit.now)
        visit.say(_PAUSED)
    except ClaimsUnderWay:
        visit.say(_PAUSED_LATE)
    except EveryfamilyError as problem:
        return visit.render("staff/attest/pause.html", pause_values(visit, school, problem), status=409)
    return redirect("pause", school.urn)


@school_page(Right.PAUSE_SCHOOL)
@posted
def resume_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Let it go on."""
    try:
        seen = visit.request.POST.get("seen", "")
        if resume_own_part(school.id, seen=seen, by=visit.actor, now=visit.now):
            visit.say(_GOES_ON)
    except EveryfamilyError as problem:
        return visit.render("staff/attest/pause.html", pause_values(visit, school, problem), status=409)
    return redirect("pause", school.urn)


def _give_word(visit: Visit, school: SchoolFacts, said: Attesting) -> str:
    require_roll_ticked(said)
    if said.trail > newest_event(school.id):
        # No page has shown it yet, so this is not the page's own form.
        raise not_as_shown()
    done = attest(
        school.id,
        restrictions=said.restrictions,
        parents=said.parents,
        by=visit.actor,
        now=visit.now,
        seen=said.seen,
        seen_word=said.word,
    )
    return did(done)
