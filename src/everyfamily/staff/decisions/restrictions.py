"""A lead decides who may have the letter: one adult and one child at a time, or several if the file is silent."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.rolls.model.roll_rows import NOT_SAID
from everyfamily.core.text.counts import of
from everyfamily.people.actions.decided.batch_decisions import decide_in_a_batch
from everyfamily.people.actions.decided.link_lists import LinksShown
from everyfamily.people.actions.decided.restrictions import LinkNotKnown
from everyfamily.people.actions.decided.seen import ChangedMeanwhile
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.decisions.asked import Asked, TickMissing, chosen, ticked
from everyfamily.staff.decisions.refused import refused, status_of
from everyfamily.staff.decisions.restriction_forms import DECISIONS, read_answer, save_answer, typed_ground
from everyfamily.staff.decisions.restriction_pages import (
    found_link,
    link_values,
    list_values,
    several_values,
)
from everyfamily.staff.decisions.words import held
from everyfamily.staff.looking import shows_names


@school_page(Right.DECIDE_RESTRICTIONS, look=True)
@shows_names("Who may have the letter")
def restrictions_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Who waits and why, who must not have the letter, and whom to look at again."""
    values = list_values(visit, school, Asked.of(visit.request.GET))
    return visit.render("staff/decisions/restrictions.html", values)


@school_page(Right.DECIDE_RESTRICTIONS, look=True)
def again_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """From a desk: whom to look at again."""
    return redirect(_list_of(school, Asked(LinksShown.STALE)))


@school_page(Right.DECIDE_RESTRICTIONS, look=True)
@shows_names("Who may have the letter")
def restriction_page(visit: Visit, school: SchoolFacts, link: int) -> HttpResponseBase:
    """One adult and one child. After the answer comes the next who waits for the same reason."""
    asked, said = Asked.of(visit.request.GET), visit.request.POST
    found = found_link(visit, school, link, asked)
    shown = link_values(visit, school, found, asked) | {"seen": found.link.mark}
    if visit.request.method != "POST":
        return visit.render("staff/decisions/restriction.html", shown)
    typed = {"said_answer": said.get("answer", ""), "ticks": ticked(said, "also"), "typed": typed_ground(said)}
    shown |= typed
    try:
        answer = read_answer(said, found)
        if answer.decision is None:
            return visit.render("staff/decisions/restriction.html", shown | {"asks": True})
        visit.say(save_answer(visit, school, found, answer, said.get("seen", "")))
    except LinkNotKnown:
        raise Http404 from None
    except EveryfamilyError as problem:
        return _again(visit, school, link, asked, shown, problem)
    if found.next is None or asked.shown is not LinksShown.WAITING:
        return redirect(_list_of(school, asked, saved=link))
    return redirect(reverse("restriction", args=[school.urn, found.next]) + _question(asked, saved=link))


def _again(
    visit: Visit,
    school: SchoolFacts,
    link: int,
    asked: Asked,
    shown: dict[str, object],
    problem: EveryfamilyError,
) -> HttpResponse:
    """The same page with what was answered, and what is wrong: as it is now, if somebody else was quicker."""
    if isinstance(problem, ChangedMeanwhile):
        now = found_link(visit, school, link, asked)
        typed = shown["typed"]
        shown |= link_values(visit, school, now, asked) | {"seen": now.link.mark, "changed": True, "typed": typed}
    values = shown | refused(visit, school, problem)
    return visit.render("staff/decisions/restriction.html", values, status=status_of(problem))


@school_page(Right.DECIDE_RESTRICTIONS)
@shows_names("Who may have the letter")
def several_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Links of which the file says nothing: those that are ticked, or all of a class."""
    asked = replace(Asked.of(visit.request.GET), shown=LinksShown.WAITING, kind=NOT_SAID)
    said = visit.request.POST
    typed = {name: said.get(name, "")[:300] for name in ("which", "answer", "reason")}
    ticks = ticked(said, "link")
    if visit.request.method == "POST":
        try:
            visit.say(_save_several(visit, school, asked))
            return redirect(_list_of(school, replace(asked, kind=None)))
        except EveryfamilyError as problem:
            values = several_values(visit, school, asked) | refused(visit, school, problem)
            kept = {"typed": typed, "ticks": ticks}
            return visit.render("staff/decisions/several.html", values | kept, status=status_of(problem))
    return visit.render("staff/decisions/several.html", several_values(visit, school, asked) | {"typed": typed})


def _save_several(visit: Visit, school: SchoolFacts, asked: Asked) -> str:
    said = visit.request.POST
    ticks = ticked(said, "link")
    which = chosen(said, "which", {"ticked": 1, "all": 1}, "Choose the adults.", at="which-1")
    if which == "ticked" and not ticks:
        raise TickMissing("Tick the adults that you looked up.", "Nothing was saved.", at="which-1")
    answer = chosen(said, "answer", DECISIONS, "Choose whether they may have the letter.")
    done = decide_in_a_batch(
        school.id,
        kind=NOT_SAID,
        decision=DECISIONS[answer],
        group=several_values(visit, school, asked)["group"],
        reason=said.get("reason", ""),
        by=visit.actor,
        now=visit.now,
        links=ticks if which == "ticked" else None,
        seen=said.get("seen", "") if which == "all" else None,
    )
    if not done.links:
        return "None of them waits any more, so nothing changed."
    return f"Saved: {of(done.links, 'decision')}. {held(done.also_held)}".strip()


def _list_of(school: SchoolFacts, asked: Asked, *, saved: int = 0) -> str:
    return reverse("restrictions", args=[school.urn]) + _question(asked, saved=saved)


def _question(asked: Asked, *, saved: int = 0) -> str:
    said = "&".join(part for part in (asked.query, f"saved={saved}" if saved else "") if part)
    return f"?{said}" if said else ""
