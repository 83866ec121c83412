"""Somebody rings: the office notes what they ask for, and the lead sees what waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.adults.calls import CHANNELS, CLOSES, HOLD, LETTERS_AGAIN, PROPOSES, WAIT, WORDS
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.people.actions.decided.calls import calls_waiting, note_call
from everyfamily.people.actions.decided.child_page import AdultOfChild
from everyfamily.people.actions.decided.children_meant import children_meant
from everyfamily.people.actions.decided.link_lists import LinkToReview, links_of_adults
from everyfamily.people.actions.keeping.subject_access import NothingToLookFor, search_adults
from everyfamily.people.actions.looking import note_look
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.decisions.asked import AnswerMissing, chosen
from everyfamily.staff.decisions.child_pages import adult_values, found_adult, found_child
from everyfamily.staff.decisions.refused import refused, status_of
from everyfamily.staff.decisions.words import moment
from everyfamily.staff.looking import shows_names

LISTED = "Adults who rang"
_MOST = 50


@school_page(Right.NOTE_CALL, look=True)
@shows_names(LISTED)
def calls_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Find the adult who rang, by a child's own id, or by a name, an email address or a number; and what waits."""
    values = _waiting(visit, school)
    if visit.request.method != "POST":
        return visit.render("staff/decisions/calls.html", values)
    typed = visit.request.POST.get("own_id", "").strip()[:120]
    found = _found(visit, school, typed) if typed else []
    if found:
        note_look(school.id, LISTED, by=visit.actor, now=visit.now)
        return visit.render("staff/decisions/calls.html", values | {"typed": typed, "found": found})
    problem = AnswerMissing(
        "No child at your school has this id, and no adult this name, email address or number."
        if typed
        else "Type a child’s own id, or the name, email address or number of an adult.",
        "Type it whole, as it was in your file.",
        at="own_id",
    )
    wrong = {"typed": typed, "problem": problem, "problem_at": "own_id"}
    return visit.render("staff/decisions/calls.html", values | wrong, status=422)


@school_page(Right.NOTE_CALL)
@shows_names(LISTED)
def call_page(visit: Visit, school: SchoolFacts, child: int, adult: int) -> HttpResponseBase:
    """Note what somebody asked for about one adult of one child."""
    opened, found = found_adult(visit, school, child, adult)
    values = adult_values(school, opened, found) | {
        "closes": [(kind, words, kind == HOLD) for kind, words in CLOSES.items() if _may_close(found, kind)],
        "proposes": [(kind, words) for kind, words in PROPOSES.items() if _may_open(found, kind)],
    }
    if visit.request.method != "POST":
        return visit.render("staff/decisions/call.html", values)
    try:
        kind = chosen(visit.request.POST, "kind", WORDS, "Choose what they asked for.")
        new = note_call(school.id, adult=adult, kind=kind, by=visit.actor, now=visit.now)
        visit.say(_said(kind) if new else "That was noted already.")
    except EveryfamilyError as problem:
        values |= refused(visit, school, problem)
        return visit.render("staff/decisions/call.html", values, status=status_of(problem))
    return redirect("calls", school.urn)


def _said(kind: str) -> str:
    if kind in PROPOSES:
        return "Noted. Nothing has changed yet: your safeguarding lead decides."
    if kind in WAIT:
        return "Noted. Nothing goes to this adult until your safeguarding lead decides."
    return "Noted, and it counts at once."


def _may_close(adult: AdultOfChild, kind: str) -> bool:
    if kind == HOLD:
        return adult.died_at is None
    return adult.objects_at is None and kind.removeprefix("no ") not in adult.opted_out


def _may_open(adult: AdultOfChild, kind: str) -> bool:
    """What would change something if the lead agreed."""
    if adult.died_at is not None:
        return False
    if kind == LETTERS_AGAIN:
        return adult.objects_at is not None
    channel = kind.removesuffix(" again")
    return channel in adult.opted_out if channel in CHANNELS else True


def _found(visit: Visit, school: SchoolFacts, typed: str) -> list[tuple[int, int, str, str, str]]:
    """Child, adult, what they are, the child's id and class, and the adult's name."""
    children = children_meant(school.id, typed, now=visit.now)
    if children:
        return [
            (child.pupil, one.adult, one.relationship, child.own_id, one.name)
            for child in (found_child(visit, school, meant.pupil) for meant in children[:_MOST])
            for one in child.adults
        ]
    try:
        adults = [one.adult for one in search_adults(school.id, typed, now=visit.now).found]
    except NothingToLookFor:
        return []
    return _rows(links_of_adults(school.id, adults, now=visit.now))


def _rows(links: Iterable[LinkToReview]) -> list[tuple[int, int, str, str, str]]:
    return [(one.child, one.adult, one.relationship, one.pupil, one.adult_name) for one in links]


def _waiting(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    every = calls_waiting(school.id)
    calls = every[:_MOST]
    links = links_of_adults(school.id, {one.adult for one in calls}, now=visit.now) if calls else []
    first = {one.adult: one for one in reversed(links)}
    return {
        "here": "schools",
        "school": school,
        "waiting": [(one, first[one.adult], moment(one.noted_at)) for one in calls if one.adult in first],
        "more": len(every) - len(calls),
        "may_decide": visit.held.may(Right.DECIDE_ABOUT_CHILDREN, school_id=school.id),
        "typed": "",
    }
