"""What an adult asks for: no more letters of this kind, or none by one way; and that an adult has died."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.adults.calls import WAIT
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.people.actions.decided.adult_deaths import record_adult_death, take_back_adult_death
from everyfamily.people.actions.decided.calls import calls_waiting, leave_call
from everyfamily.people.actions.decided.objections import lift_objection, namesakes_of, record_objection
from everyfamily.people.actions.decided.opt_outs import opt_out, undo_opt_out
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.decisions.asked import AnswerMissing, chosen
from everyfamily.staff.decisions.child_pages import adult_values, found_adult
from everyfamily.staff.decisions.refused import refused, status_of
from everyfamily.staff.decisions.words import BY_CHANNEL, moment
from everyfamily.staff.looking import shows_names

_ACTS = {
    "objects": "",
    "wants": "",
    "lives": "",
    **{f"{what}-{channel}": "" for what in ("not", "again") for channel in BY_CHANNEL},
    **{f"leave {kind}": "" for kind in WAIT},
}


@school_page(Right.DECIDE_ABOUT_CHILDREN, look=True)
@shows_names("Children and their adults")
def adult_page(visit: Visit, school: SchoolFacts, child: int, adult: int) -> HttpResponseBase:
    """One adult of one child. Each button says one thing, and saying it twice changes nothing."""
    opened, found = found_adult(visit, school, child, adult)
    values = adult_values(school, opened, found)
    values["calls"] = [(one, moment(one.noted_at)) for one in calls_waiting(school.id, adult)]
    if visit.request.method != "POST":
        names = namesakes_of(school.id, adult=adult, now=visit.now) if found.objects_at else []
        return visit.render("staff/decisions/adult.html", values | {"namesakes": names})
    try:
        act = chosen(visit.request.POST, "act", _ACTS, "Choose what the adult asked for.")
        visit.say(_done(visit, school, adult, act))
    except EveryfamilyError as problem:
        values |= refused(visit, school, problem)
        return visit.render("staff/decisions/adult.html", values, status=status_of(problem))
    return redirect("one-adult", school.urn, child, adult)


@school_page(Right.NOTE_DEATH)
@shows_names("Children and their adults")
def died_page(visit: Visit, school: SchoolFacts, child: int, adult: int) -> HttpResponseBase:
    """Somebody was told that an adult has died. The office may record it, and only the lead takes it back."""
    opened, found = found_adult(visit, school, child, adult)
    values = adult_values(school, opened, found)
    values["may_decide"] = visit.held.may(Right.DECIDE_ABOUT_CHILDREN, school_id=school.id)
    if visit.request.method != "POST":
        return visit.render("staff/decisions/adult_died.html", values)
    try:
        if visit.request.POST.get("checked") != "yes":
            raise AnswerMissing("Tick that you have checked that this is the right adult.", "", at="checked")
        held = record_adult_death(school.id, adult=adult, by=visit.actor, now=visit.now)
        if held:
            wait = f"{of(held, 'adult')} with a name like theirs may be the same person"
            visit.say(f"{wait}: no letter goes to them until your lead decides.")
    except EveryfamilyError as problem:
        values |= refused(visit, school, problem)
        return visit.render("staff/decisions/adult_died.html", values, status=status_of(problem))
    return redirect("adult-died", school.urn, child, adult)


def _done(visit: Visit, school: SchoolFacts, adult: int, act: str) -> str:
    by, now = visit.actor, visit.now
    if act == "objects":
        if not record_objection(school.id, adult=adult, by=by, now=now):
            return "That was already recorded."
        others = len(namesakes_of(school.id, adult=adult, now=now))
        also = f" {of(others, 'adult')} of the same name may be the same person: look below." if others else ""
        return f"Recorded: no more letters go to this adult.{also}"
    if act == "wants":
        if not lift_objection(school.id, adult=adult, by=by, now=now):
            return "They had not asked for no letters, so nothing changed."
        return "Recorded: they get letters again, unless a restriction keeps them away."
    if act == "lives":
        if not take_back_adult_death(school.id, adult=adult, by=by, now=now):
            return "No death was recorded, so nothing changed."
        return "Taken back. What was decided about this adult before counts again."
    if act.startswith("leave "):
        left = leave_call(school.id, adult=adult, kind=act.removeprefix("leave "), by=by, now=now)
        return "Left as it is." if left else "That did not wait any more, so nothing changed."
    what, _, channel = act.partition("-")
    change = opt_out if what == "not" else undo_opt_out
    if not change(school.id, adult=adult, channel=channel, by=by, now=now):
        return "That was already recorded."
    if what == "not":
        return f"Recorded: nothing more goes to this adult by {BY_CHANNEL[channel]}. The letter goes by the next way."
    return f"Recorded: this adult may be written to by {BY_CHANNEL[channel]} again."
