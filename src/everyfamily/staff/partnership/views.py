"""The settings: read, and changed by a new file. What families ring, and who signs, takes a second person."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.queries import who_watches
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.mailings.edges.letter_jobs import look_for_overtaken
from everyfamily.partnership.actions import give_up, propose
from everyfamily.partnership.queries import (
    ProposalFacts,
    files_in_force,
    proposal_by_id,
    version_by_id,
    version_files,
)
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.partnership.agreeing import agree
from everyfamily.staff.partnership.drawings import drawn
from everyfamily.staff.partnership.given import read_given
from everyfamily.staff.partnership.pages import (
    faults_of,
    frame_values,
    proposal_values,
    settings_values,
    version_values,
)


@page(Right.SEE_SETTINGS)
def settings_page(visit: Visit) -> HttpResponseBase:
    """What is in force, in plain words."""
    return visit.render("staff/partnership/settings.html", settings_values(visit))


@page(Right.SEE_SETTINGS)
def file_page(visit: Visit) -> HttpResponseBase:
    """The file that is in force, to be changed and given again."""
    found = files_in_force()
    if found is None:
        raise Http404
    response = HttpResponse(found.text, content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="partnership.toml"'
    return response


@page(Right.CHANGE_SETTINGS)
def change_page(visit: Visit) -> HttpResponseBase:
    """Give a new file, and see what it would change."""
    if visit.request.method != "POST":
        return visit.render("staff/partnership/change.html", frame_values(visit))
    files = visit.request.FILES
    try:
        kept = files_in_force()
        drawings = dict(kept.drawings) if kept else {}
        given = read_given(files.get("file"), files.getlist("drawings"), drawings)
        asked = propose(*given, visit.actor, visit.now, watch=who_watches())
        return redirect("settings-proposal", asked)
    except EveryfamilyError as problem:
        values = frame_values(visit) | {"faults": faults_of(problem)}
        return visit.render("staff/partnership/change.html", values, status=422)


@page(Right.SEE_SETTINGS)
def proposal_page(visit: Visit, proposal_id: int) -> HttpResponseBase:
    """What a change would change."""
    return visit.render("staff/partnership/proposal.html", proposal_values(_proposal(proposal_id), visit))


@page(Right.CHANGE_SETTINGS)
@posted
def in_force_page(visit: Visit, proposal_id: int) -> HttpResponseBase:
    """Put a change in force."""
    try:
        agree(visit, _proposal(proposal_id), visit.request.POST.getlist("tried"))
        look_for_overtaken()
    except EveryfamilyError as problem:
        values = proposal_values(_proposal(proposal_id), visit, f"{problem.fact} {problem.fix}")
        return visit.render("staff/partnership/proposal.html", values, status=409)
    return redirect("settings")


@page(Right.CHANGE_SETTINGS)
@posted
def give_up_page(visit: Visit, proposal_id: int) -> HttpResponseBase:
    """End a change that is not to be."""
    try:
        give_up(_proposal(proposal_id).id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        values = proposal_values(_proposal(proposal_id), visit, f"{problem.fact} {problem.fix}")
        return visit.render("staff/partnership/proposal.html", values, status=409)
    return redirect("settings")


@page(Right.SEE_SETTINGS)
def version_page(visit: Visit, version_id: int) -> HttpResponseBase:
    """One version: who put it in force, and what it changed."""
    version, files = version_by_id(version_id), version_files(version_id)
    if version is None or files is None:
        raise Http404
    return visit.render("staff/partnership/version.html", version_values(version, files, visit))


@page(Right.SEE_SETTINGS)
def drawing_page(visit: Visit, drawing: str) -> HttpResponseBase:
    """A logo or a signature that is in force."""
    return drawn(files_in_force(), drawing)


@page(Right.SEE_SETTINGS)
def proposed_drawing(visit: Visit, proposal_id: int, drawing: str) -> HttpResponseBase:
    """A logo or a signature as somebody asked for it."""
    return drawn(_proposal(proposal_id).files, drawing)


@page(Right.SEE_SETTINGS)
def version_drawing(visit: Visit, version_id: int, drawing: str) -> HttpResponseBase:
    """A logo or a signature of one version."""
    return drawn(version_files(version_id), drawing)


def _proposal(proposal_id: int) -> ProposalFacts:
    found = proposal_by_id(proposal_id)
    if found is None:
        raise Http404
    return found
