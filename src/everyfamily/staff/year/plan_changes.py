"""A change of the plan by a form: refused at the field, or put in force as a new version of the settings."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from everyfamily.accounts.queries import who_watches
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.plan_edits import AddressInUse, with_added, with_changed, with_taken_out
from everyfamily.core.partnership.versions import files_given
from everyfamily.mailings.edges.letter_jobs import look_for_overtaken
from everyfamily.partnership.actions import NothingChanged, ProposalWaits, SettingsMovedOn, change
from everyfamily.staff.access import Visit
from everyfamily.staff.year.plan_form import Typed, form_values
from everyfamily.staff.year.plan_now import PlanNow


def letter_form(visit: Visit, address: str | None) -> HttpResponseBase:
    """The form of a letter of the plan, or of a new one (None), and what became of it. 404 without a plan."""
    found = _plan(visit)
    planned = found.at(address) if address is not None else None
    if visit.request.method != "POST":
        if address is not None and planned is None:
            raise Http404
        typed = Typed.like(planned) if planned else Typed.of({"term": visit.request.GET.get("term", "")})
        return visit.render("staff/year/letter.html", form_values(found, planned, typed))
    typed = Typed.of(visit.request.POST)
    if typed.seen != found.seen:
        return _meanwhile(visit, typed, address)
    if faults := typed.faults(found, planned):
        values = form_values(found, planned, typed) | {"faults": faults}
        return visit.render("staff/year/letter.html", values, status=422)
    try:
        _put_in_force(visit, found, _changed(found, planned, typed))
    except NothingChanged:
        visit.say("The plan says so already. Nothing was changed.")
    except SettingsMovedOn:
        return _meanwhile(visit, typed, address)
    except EveryfamilyError as problem:
        return _refused(visit, found, planned, typed, problem)
    else:
        visit.say("The plan is changed, and in force.")
    return redirect("year-plan")


def take_out(visit: Visit, address: str) -> HttpResponseBase:
    """Take a letter out of the plan. 404 without a plan."""
    found = _plan(visit)
    planned, seen = found.at(address), visit.request.POST.get("seen", "")
    if planned is None:
        visit.say("This letter is not in the plan any more.")
        return redirect("year-plan")
    typed = Typed.like(planned)
    if seen != found.seen:
        return _meanwhile(visit, typed, address)
    try:
        text = with_taken_out(found.found.files.text, found.plan, planned, found.in_use(planned))
        _put_in_force(visit, found, text)
    except SettingsMovedOn:
        return _meanwhile(visit, typed, address)
    except EveryfamilyError as problem:
        return _refused(visit, found, planned, typed, problem)
    visit.say("The letter is out of the plan. Earlier versions of the settings keep it.")
    return redirect("year-plan")


def _plan(visit: Visit) -> PlanNow:
    found = PlanNow.read(visit.now)
    if found is None:
        raise Http404
    return found


def _changed(found: PlanNow, planned: PlannedLetter | None, typed: Typed) -> str:
    text, wanted = found.found.files.text, typed.wanted
    if planned is None:
        return with_added(text, wanted)
    in_use = found.in_use(planned) if wanted.term != planned.term.id else set()
    return with_changed(text, found.plan, planned, wanted, in_use)


def _put_in_force(visit: Visit, found: PlanNow, text: str) -> None:
    files = found.found.files
    if text == files.text:
        raise NothingChanged("The plan says so already.", "Change something first.")
    given = files_given(text.encode(), files.file, {}, dict(files.drawings))
    watch = who_watches()
    change(*given, base=found.found.version, by=visit.actor, now=visit.now, watch=watch)
    look_for_overtaken()


def _meanwhile(visit: Visit, typed: Typed, address: str | None) -> HttpResponseBase:
    """Somebody changed the plan since the form was opened: what it says now, with everything that was typed."""
    found = _plan(visit)
    planned = found.at(address) if address is not None else None
    same = found.says(typed.wanted)
    if same is not None and (address is None or same == planned):
        visit.say("The plan says so already. Nothing was changed.")
        return redirect("year-plan")
    values = form_values(found, planned, typed) | {
        "is_stale": True,
        "is_gone": address is not None and not planned,
    }
    return visit.render("staff/year/letter.html", values, status=409)


def _refused(
    visit: Visit, found: PlanNow, planned: PlannedLetter | None, typed: Typed, problem: EveryfamilyError
) -> HttpResponseBase:
    values = form_values(found, planned, typed) | {"problem": problem}
    if isinstance(problem, ProposalWaits):
        values["see"] = reverse("settings")
    is_conflict = isinstance(problem, AddressInUse | ProposalWaits)
    return visit.render("staff/year/letter.html", values, status=409 if is_conflict else 422)
