"""What the pages of the settings show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.differences import changed_lines, differences
from everyfamily.core.partnership.second_person import Change, changes_for_two
from everyfamily.core.partnership.versions import PartnershipFiles, faults_in, partnership_of
from everyfamily.core.permissions import Right
from everyfamily.core.text.row_numbers import row_number
from everyfamily.letters.queries import routes_now
from everyfamily.partnership.queries import (
    ProposalFacts,
    VersionFacts,
    files_in_force,
    in_force,
    newest_version,
    open_proposal,
    version_files,
    versions,
)
from everyfamily.people.queries import days_kept
from everyfamily.staff.access import Visit
from everyfamily.staff.partnership.in_words import sections_of

HISTORY = 20
"""Versions that are listed at once."""


def settings_values(visit: Visit) -> dict[str, Any]:
    """What is in force in plain words, what waits, and the history."""
    today = visit.now.astimezone(LONDON).date()
    typed = visit.request.GET.get("before", "")
    before = row_number(typed) or None
    history = versions(HISTORY + 1, before=before)
    values: dict[str, Any] = {
        "history": history[:HISTORY],
        "older": history[HISTORY - 1].id if len(history) > HISTORY else None,
        "proposal": open_proposal(),
    } | frame_values(visit)
    try:
        found = in_force()
    except EveryfamilyError as problem:
        return values | {"faults": faults_of(problem)}
    if found is None:
        return values
    partnership = replace(found.partnership, routes=routes_now(found.partnership.routes, visit.now))
    named = {svg: name for name, svg in found.files.drawings}
    sections = sections_of(partnership, named, days_kept(), today)
    return values | {"found": found, "sections": sections, "title": partnership.name}


def frame_values(visit: Visit) -> dict[str, Any]:
    """What every page of the settings needs."""
    return {"here": "settings", "may_change": visit.held.may(Right.CHANGE_SETTINGS)}


def faults_of(problem: EveryfamilyError) -> list[tuple[str, str]]:
    """Each fault as its place ("Line 14 of partnership.toml", or empty) and its two sentences."""
    return [
        (
            f"{one.place.file}, line {one.place.line}" if one.place else "",
            f"{one.fact} {one.fix}",
        )
        for one in faults_in(problem)
    ]


def difference_values(before: PartnershipFiles | None, after: PartnershipFiles) -> dict[str, Any]:
    """What differs, in words and in lines. A version that an older program wrote may only be shown in lines."""
    try:
        found = differences(before, after)
    except EveryfamilyError:
        found = []
    return {"differences": found, "lines": changed_lines(before, after)}


def proposal_values(proposal: ProposalFacts, visit: Visit, problem: str = "") -> dict[str, Any]:
    """A change that somebody asked for: what differs from what is in force, and who may put it in force."""
    mine = proposal.asked_account == visit.account
    before = files_before(proposal.base)
    changes = _changes_for_two(before, proposal.files)
    return {
        "proposal": proposal,
        "needs_another": proposal.needs_second and mine,
        "to_try": [one for one in changes if one.is_to_be_tried] if proposal.needs_second else [],
        "tried": visit.request.POST.getlist("tried"),
        "problem": problem,
        **difference_values(before, proposal.files),
        "before_drawings": _drawings(proposal.base),
        "after_drawings": f"/settings/changes/{proposal.id}/drawings/",
        **frame_values(visit),
    }


def _changes_for_two(before: PartnershipFiles | None, after: PartnershipFiles) -> tuple[Change, ...]:
    if before is None:
        return ()
    try:
        return changes_for_two(partnership_of(before), partnership_of(after))
    except EveryfamilyError:
        return ()


def version_values(version: VersionFacts, files: PartnershipFiles, visit: Visit) -> dict[str, Any]:
    """One version, and what it changed."""
    before = files_before(version.previous) if version.previous is not None else None
    return {
        "version": version,
        **difference_values(before, files),
        "before_drawings": _drawings(version.previous),
        "after_drawings": _drawings(version.id),
        **frame_values(visit),
    }


def _drawings(version: int | None) -> str:
    """Where the drawings of a version are. Without one, those of the file in force."""
    return "/settings/drawings/" if version is None else f"/settings/versions/{version}/drawings/"


def files_before(base: int | None) -> PartnershipFiles | None:
    """The settings of a version, or what counts while none is stored."""
    if base is not None:
        return version_files(base)
    if newest_version() is not None:
        return None  # It is the first version, and had nothing before it.
    return files_in_force()
