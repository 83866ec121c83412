"""What becomes known of a child: left, still here, died. A child is found by the school's own id, which is posted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.people.actions.decided.child_page import ChildOpened
from everyfamily.people.actions.decided.children_meant import children_meant
from everyfamily.people.actions.decided.link_lists import LinkToReview, links_of_adults
from everyfamily.people.actions.decided.seen import ChangedMeanwhile
from everyfamily.people.actions.keeping.leavers import (
    PupilNotOnRoll,
    confirm_leavers,
    keep_pupils,
    leavers_page,
    record_death,
    take_back_death,
)
from everyfamily.people.actions.keeping.subject_access import NothingToLookFor, search_adults
from everyfamily.people.actions.looking import note_look
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.decisions.asked import AnswerMissing, TickMissing, chosen, ticked
from everyfamily.staff.decisions.child_pages import as_typed, child_values, found_child
from everyfamily.staff.decisions.refused import refused, status_of
from everyfamily.staff.decisions.restriction_pages import attest_page
from everyfamily.staff.decisions.words import STATES
from everyfamily.staff.looking import shows_names
from everyfamily.staff.paging import ON_A_PAGE, after_of, page_values

_LEFT = {"left": "They have left", "here": "They are still here"}

_LISTED = "Children and their adults"


class ChildNotFound(AnswerMissing):
    """The school has no child with the id that was typed."""

    code = "EF545"


class NotADay(AnswerMissing):
    """What was typed is no day."""

    code = "EF546"


@school_page(Right.DECIDE_ABOUT_CHILDREN, look=True)
def children_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Find a child by the school's own id, or by an adult's name, email address or number."""
    found = leavers_page(school.id, now=visit.now, after=0, limit=0)
    values: dict[str, Any] = {"here": "schools", "school": school, "found": found, "typed": ""}
    if visit.request.method != "POST":
        return visit.render("staff/decisions/children.html", values)
    typed = visit.request.POST.get("own_id", "").strip()[:120]
    meant = children_meant(school.id, typed, now=visit.now) if typed else []
    if len(meant) == 1:
        visit.say(as_typed(meant[0]))
        return redirect("one-child", school.urn, meant[0].pupil)
    if meant:
        return visit.render("staff/decisions/children.html", values | {"typed": typed, "meant": meant})
    if links := _links_of(visit, school, typed):
        note_look(school.id, _LISTED, by=visit.actor, now=visit.now)
        shown = [(one, STATES[one.restriction]) for one in links]
        return visit.render("staff/decisions/children.html", values | {"typed": typed, "links": shown})
    problem = ChildNotFound(
        "Type a child’s own id, or the name, email address or number of an adult."
        if not typed
        else "No child at your school has this id, and no adult this name, email address or number.",
        "Type it whole, as it was in your file. Look it up in your records: a character may be missing or mistyped.",
    )
    wrong = {"problem": problem, "problem_at": "own_id", "typed": typed}
    return visit.render("staff/decisions/children.html", values | wrong, status=422)


def _links_of(visit: Visit, school: SchoolFacts, typed: str) -> list[LinkToReview]:
    """The links of adults who may be meant by a whole name, email address or number."""
    try:
        adults = [one.adult for one in search_adults(school.id, typed, now=visit.now).found]
    except NothingToLookFor:
        return []
    return links_of_adults(school.id, adults, now=visit.now)


@school_page(Right.DECIDE_ABOUT_CHILDREN, look=True)
@shows_names(_LISTED)
def child_page(visit: Visit, school: SchoolFacts, child: int) -> HttpResponseBase:
    """One child, what is known of them, and their adults."""
    return visit.render("staff/decisions/child.html", child_values(school, found_child(visit, school, child)))


@school_page(Right.DECIDE_ABOUT_CHILDREN)
@shows_names(_LISTED)
def left_page(visit: Visit, school: SchoolFacts, child: int) -> HttpResponseBase:
    """A child has left, with brothers and sisters who left too; or is still here, whatever the newest roll says."""
    found = found_child(visit, school, child)
    typed = {name: visit.request.POST.get(name, "")[:20] for name in ("answer", "on")}
    values = child_values(school, found) | {"typed": typed, "today": _today(visit), "answers": _LEFT}
    if visit.request.method != "POST":
        return visit.render("staff/decisions/left.html", values)
    also = ticked(visit.request.POST, "also")
    own = {one.pupil for one in found.siblings}
    if set(also) - own:
        raise Http404
    seen = {child: visit.request.POST.get("seen", ""), **also}
    try:
        visit.say(_save_left(visit, school, found, seen))
    except EveryfamilyError as problem:
        return _again(visit, school, "left", values | {"ticks": also}, problem)
    return redirect("one-child", school.urn, child)


def _save_left(visit: Visit, school: SchoolFacts, found: ChildOpened, seen: dict[int, str]) -> str:
    said = visit.request.POST
    among = _LEFT if found.proposed_at else {"left": ""}
    answer = chosen(said, "answer", among, "Choose whether the child has left.")
    if answer == "here":
        keep_pupils(school.id, pupils=[found.pupil], by=visit.actor, now=visit.now, seen=seen)
        return "Saved: still here. The child’s family gets the letter."
    left = confirm_leavers(
        school.id, pupils=list(seen), by=visit.actor, on=_day(said.get("on", "")), now=visit.now, seen=seen
    )
    saved = f"Saved: {of(left, 'child')} {'has' if left == 1 else 'have'} left."
    if visit.actor.only_closes:
        return saved
    return f"{saved} Names and contact details of adults without another child here are deleted."


@school_page(Right.DECIDE_ABOUT_CHILDREN)
@shows_names(_LISTED)
def died_page(visit: Visit, school: SchoolFacts, child: int) -> HttpResponseBase:
    """A child has died. It is asked twice on one page: by the id, and whether it was checked."""
    found = found_child(visit, school, child)
    values = child_values(school, found)
    if visit.request.method != "POST":
        return visit.render("staff/decisions/died.html", values)
    said = visit.request.POST
    try:
        if said.get("checked") != "yes":
            raise AnswerMissing("Tick that you have checked that this is the right child.", "", at="checked")
        record_death(school.id, pupil=child, by=visit.actor, now=visit.now, seen={child: said.get("seen", "")})
        visit.say("Recorded. Nothing more is sent because of this child.")
    except EveryfamilyError as problem:
        return _again(visit, school, "died", values, problem)
    return redirect("one-child", school.urn, child)


@school_page(Right.DECIDE_ABOUT_CHILDREN)
@posted
def not_died_page(visit: Visit, school: SchoolFacts, child: int) -> HttpResponseBase:
    """A death was recorded for the wrong child."""
    found = found_child(visit, school, child)
    if found.died_at is None:
        visit.say("No death is recorded for this child, so nothing changed.")
    else:
        take_back_death(school.id, pupil=child, by=visit.actor, now=visit.now)
        visit.say("Taken back. Upload your roll again: it brings back the names and contact details.")
    return redirect("one-child", school.urn, child)


@school_page(Right.DECIDE_ABOUT_CHILDREN, look=True)
def leavers_list(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Children whom the newest whole roll no longer has: confirm or keep, several at once."""
    if visit.request.method != "POST":
        return visit.render("staff/decisions/leavers.html", _leavers(visit, school))
    said, ticks = visit.request.POST, ticked(visit.request.POST, "child")
    typed = {name: said.get(name, "")[:20] for name in ("answer", "on", "many")}
    try:
        if not ticks:
            raise TickMissing("Tick the children.", "Nothing was saved.", at="children")
        answer = chosen(said, "answer", _LEFT, "Choose whether they have left.")
        if answer == "here":
            kept = keep_pupils(school.id, pupils=list(ticks), by=visit.actor, now=visit.now, seen=ticks)
            visit.say(f"Saved: {of(kept, 'child')} still here.")
        else:
            left = confirm_leavers(
                school.id,
                pupils=list(ticks),
                by=visit.actor,
                on=_day(typed["on"]),
                now=visit.now,
                although_many=typed["many"] == "yes",
                seen=ticks,
            )
            visit.say(f"Saved: {of(left, 'child')} {'has' if left == 1 else 'have'} left.")
    except PupilNotOnRoll:
        raise Http404 from None
    except EveryfamilyError as problem:
        values = _leavers(visit, school) | {"typed": typed, "ticks": ticks}
        return _again(visit, school, "leavers", values, problem)
    return redirect("leavers", school.urn)


def _leavers(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    after = after_of(visit)
    found = leavers_page(school.id, now=visit.now, after=after, limit=ON_A_PAGE + 1)
    return page_values(found.leavers, after, lambda one: one.pupil) | {
        "here": "schools",
        "school": school,
        "found": found,
        "typed": {"on": _today(visit)},
        "answers": _LEFT,
        "every": visit.request.GET.get("tick") == "all",
        "attest": attest_page(visit, school),
    }


def _again(
    visit: Visit, school: SchoolFacts, page: str, values: dict[str, Any], problem: EveryfamilyError
) -> HttpResponseBase:
    if isinstance(problem, ChangedMeanwhile) and "child" in values:
        values |= child_values(school, found_child(visit, school, values["child"].pupil))
    values |= refused(visit, school, problem)
    return visit.render(f"staff/decisions/{page}.html", values, status=status_of(problem))


def _today(visit: Visit) -> str:
    return visit.now.astimezone(LONDON).date().isoformat()


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise NotADay("Give the day on which they left.", "Such as 2027-03-12.", at="on") from None
