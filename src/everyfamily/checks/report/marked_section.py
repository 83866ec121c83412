"""A part of our own letter as its editor shows it: its passages with the words of findings marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.groups import Group
from everyfamily.checks.report.marked_letter import Numbered, Segment, beside_of, segments_of, where_it_ends
from everyfamily.checks.text.pieces import Piece

MARKS: Mapping[Severity, Group] = {
    Severity.ERROR: "child",
    Severity.WARNING: "calling",
    Severity.ADVICE: "rest",
}
"""The mark of a finding in our own letter says what its author must do, heaviest first, and not whom it matters to."""


@dataclass(frozen=True, slots=True)
class MarkedPassage:
    """One text of a passage: its words, or its aside. `beside` is the group of the heaviest finding about all of it."""

    id: str
    kind: str
    segments: tuple[Segment, ...]
    beside: Group | None


@dataclass(frozen=True, slots=True)
class MarkedSection:
    """The passages of a section, and what was found in them, numbered in reading order."""

    passages: tuple[MarkedPassage, ...]
    findings: tuple[Numbered, ...]

    @property
    def must_change(self) -> int:
        """How many are errors."""
        return sum(one.finding.severity is Severity.ERROR for one in self.findings)


def marked_section(
    pieces: Sequence[Piece], findings: Sequence[Finding], passages: Collection[str], language: str
) -> MarkedSection:
    """What was found in these passages of a letter (ids). `pieces` are all of the letter's."""
    own = [one for one in pieces if one.language == language and one.passage in passages]
    left = [one for one in findings if one.language == language and one.passage in passages]
    shown: list[MarkedPassage] = []
    numbered: list[Numbered] = []
    for piece in own:
        here = [one for one in left if one.passage == piece.passage and one.text == piece.text]
        marked = _numbered(sorted(here, key=where_it_ends), len(numbered))
        shown.append(MarkedPassage(piece.passage, piece.kind, segments_of(piece.text, marked), beside_of(marked)))
        numbered += marked
        left = [one for one in left if one not in here]
    # About a passage, and about no words that are shown, such as a count of its fragments.
    numbered += _numbered(left, len(numbered))
    return MarkedSection(tuple(shown), tuple(numbered))


def _numbered(findings: Sequence[Finding], before: int) -> list[Numbered]:
    return [
        Numbered(before + number, MARKS[finding.severity], finding)
        for number, finding in enumerate(findings, start=1)
    ]
