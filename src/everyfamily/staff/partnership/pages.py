"""What the pages of the settings show."""

from __future__ import annotations

from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.differences import changed_lines, differences
from everyfamily.core.partnership.versions import PartnershipFiles, faults_in
from everyfamily.core.permissions import Right
from everyfamily.partnership.queries import (
    ProposalFacts,
    in_force,
    newest_version,
    open_proposal,
    version_files,
    versions,
)
from everyfamily.people.queries import days_kept
from everyfamily.staff.access import Visit
from everyfamily.staff.partnership.in_words import sections_of


def settings_values(visit: Visit) -> dict[str, Any]:
    """What is in force in plain words, what waits, and the history."""
    today = visit.now.astimezone(LONDON).date()
    values: dict[str, Any] = {"history": versions(), "proposal": open_proposal()} | frame_values(visit)
    try:
        found = in_force()
    except EveryfamilyError as problem:
        return values | {"faults": faults_of(problem)}
    if found is None:
        return values
    sections = sections_of(found.partnership, days_kept(), today)
    return values | {"found": found, "sections": sections, "title": found.partnership.name}


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
    return {
        "proposal": proposal,
        "needs_another": proposal.needs_second and mine,
        "problem": problem,
        **difference_values(before, proposal.files),
        **frame_values(visit),
    }


def files_before(base: int | None) -> PartnershipFiles | None:
    """The settings of a version, or what counts while none is stored."""
    if base is not None:
        return version_files(base)
    if newest_version() is not None:
        return None
    try:
        found = in_force()
    except EveryfamilyError:
        return None
    return found.files if found else None
