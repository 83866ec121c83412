"""Everything that the checks find in a letter that is being written, by how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.groups import group_of
from everyfamily.checks.report.marked_letter import ORDER, Numbered
from everyfamily.core.letter.letter_parts import LetterPart
from everyfamily.core.packs.drafting import section_of
from everyfamily.core.text.dates import day_in_words
from everyfamily.letters.draft_queries.agreeing import waivers_of_draft
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.findings import LABELS, FindingShown, find, is_of_no_part, shown
from everyfamily.staff.letters.mending import Mending
from everyfamily.staff.letters.mends import Mend
from everyfamily.staff.letters.opened import Opened
from everyfamily.staff.letters.standing import kept_in_words, waivers_of


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with the words that it is about and the section where they are written."""

    finding: FindingShown
    words: str
    language: str
    part: LetterPart | None
    """None if no section of the letter has what puts it right."""
    mend: Mend | None
    """Where it is put right in that case. None for what nobody can put right on a page."""


@dataclass(frozen=True, slots=True)
class WaiverShown:
    """What is to be kept, and until when."""

    id: int
    name: str
    """What a rule warns of, and in which section."""
    reason: str
    until: str
    by: str


def findings_values(opened: Opened, visit: Visit) -> dict[str, Any]:
    """All findings: what must change first, then what can be waived, then advice."""
    found = find(opened, waivers_of(opened))
    parts, mending = {one.id: one for one in opened.parts}, Mending(opened, visit.held)
    numbered = sorted(found.report.findings, key=_weight)
    placed = [_placed(number, one, parts, mending) for number, one in enumerate(numbered, start=1)]
    groups = [(label, [one for one in placed if one.finding.label == label]) for label in LABELS.values()]
    return {
        "here": "letters",
        "draft": opened.draft,
        "letter": opened.letter,
        "groups": [(label, members) for label, members in groups if members],
        "waivers": [
            WaiverShown(one.id, kept_in_words(opened, one), one.reason, day_in_words(one.ends_on), one.by)
            for one in waivers_of_draft(opened.draft.id)
        ],
        "total": len(placed),
        "stops": sum(one.severity is not Severity.ADVICE for one in found.report.findings),
        "must": sum(one.severity is Severity.ERROR for one in found.report.findings),
    }


def _weight(finding: Finding) -> tuple[int, int]:
    return list(Severity).index(finding.severity), ORDER.index(group_of(finding))


def _placed(number: int, finding: Finding, parts: dict[str, LetterPart], mending: Mending) -> Placed:
    mend = mending.of(finding, is_of_the_whole=is_of_no_part(finding))
    words = "" if mend is not None else " ".join(finding.words.split())
    return Placed(
        shown(Numbered(number, group_of(finding), finding), mending.own),
        words if len(words) <= 160 else f"{words[:159]}…",
        finding.language,
        None if mend is not None else parts.get(section_of(finding.passage)),
        mend,
    )
