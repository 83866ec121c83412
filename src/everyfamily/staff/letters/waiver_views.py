"""A warning that is to be kept: asked for with a reason and a last day, and taken back."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.checks.model.finding import Severity
from everyfamily.checks.run.codes import RULES
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.waivers import WaiverNotUsable, end_waiver, propose_waiver
from everyfamily.letters.draft_queries.agreeing import waivers_of_draft
from everyfamily.staff.access import Visit, posted
from everyfamily.staff.letters.findings import find
from everyfamily.staff.letters.opened import Opened, draft_page
from everyfamily.staff.letters.waiver_pages import waiver_values


@draft_page(Right.WRITE_LETTERS)
def waive_page(visit: Visit, opened: Opened, code: str, language: str, passage: str) -> HttpResponseBase:
    """Ask to keep what a check warns of in one passage."""
    rule = RULES.get(code)
    if rule is None or rule.severity is not Severity.WARNING or language not in opened.letter.texts:
        raise Http404
    found = find(opened)
    if not opened.has_passage(language, passage) and all(one.passage != passage for one in found.report.findings):
        raise Http404
    data = visit.request.POST
    if visit.request.method != "POST":
        return visit.render("staff/letters/waive.html", waiver_values(opened, found, code, language, passage))
    try:
        propose_waiver(
            opened.draft.id,
            code,
            passage,
            reason=data.get("reason", ""),
            ends_on=_day(data.get("ends_on", "")),
            language=language,
            by=visit.actor,
            now=visit.now,
        )
    except EveryfamilyError as problem:
        values = waiver_values(opened, found, code, language, passage)
        values |= {"problem": problem, "reason": data.get("reason", ""), "ends_on": data.get("ends_on", "")}
        return visit.render("staff/letters/waive.html", values, status=422)
    visit.say("It is kept, if everybody who approves the letter agrees. They see it with your reason.")
    return redirect("letter-findings", opened.draft.reference)


@draft_page(Right.WRITE_LETTERS)
@posted
def end_waiver_page(visit: Visit, opened: Opened, waiver_id: int) -> HttpResponseBase:
    """Take a waiver back."""
    if waiver_id not in {one.id for one in waivers_of_draft(opened.draft.id)}:
        raise Http404
    try:
        end_waiver(waiver_id, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        visit.say(f"{problem.fact} {problem.fix}")
    else:
        visit.say("It is taken back, and the check stops the letter again.")
    return redirect("letter-findings", opened.draft.reference)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise WaiverNotUsable(
            "The last day is missing, or is no date.", "Give the last day on which the words may stay."
        ) from None
