"""A checked document as a page shows it: its blocks with the words marked, what is missing, and the findings in groups.

Pure values, without any mark-up. Findings are numbered in the order in which their marks are read. If there are more
than one page can show, those that weigh most are shown, and all of them are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.groups import Group, group_of, is_of_the_whole
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import numbers_in
from everyfamily.core.text.outside_document import BlockKind, Document

ORDER: tuple[Group, ...] = ("child", "calling", "rest")
"""What weighs most comes first, in lists and where two findings share words."""
MOST_SHOWN = 400
"""Findings on one page. Nobody reads more; the page says how many there are beyond them."""
_SEVERITIES = tuple(Severity)
_LONGEST_WORDS = 160
"""Characters. A finding about more than this is about a passage: it gets a line beside it, and no underline."""
_SIGNS = re.compile(r"\bsigns?\b|\bchanges?\b|\blook out for\b|\bnotice\b|\bworried about\b", re.IGNORECASE)
_BELONGS: Mapping[str, Literal["signs", "number"]] = {
    **dict.fromkeys(("HM001", "HM002", "HM007"), "signs"),
    **dict.fromkeys(("TR011", "TR012", "TR013", "TR185"), "number"),
}
"""After which paragraph something missing belongs: the first about signs, or the last with a number. Otherwise it is
shown at the end of the letter."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A finding with its number on the page, from 1, and its group."""

    number: int
    group: Group
    finding: Finding


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a block's text. `group` is that of the heaviest finding about it, or None. `ends` are the findings whose
    words end here."""

    text: str
    group: Group | None = None
    ends: tuple[Numbered, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A block of the letter. `beside` is the group of the heaviest finding about a whole passage of it. `missing` is
    what should be said after it. `language` is given only if it is not English."""

    kind: BlockKind
    level: int
    language: str
    right_to_left: bool
    segments: tuple[Segment, ...]
    beside: Group | None = None
    missing: tuple[Numbered, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedLetter:
    """The whole. `groups` has what is shown of every group, also of an empty one. `found` are all findings, also those
    beyond MOST_SHOWN, and every count is of them."""

    blocks: tuple[MarkedBlock, ...]
    groups: Mapping[Group, tuple[Numbered, ...]]
    found: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Numbered, ...]:
        """All that are shown, by number."""
        return tuple(sorted((one for members in self.groups.values() for one in members), key=_number))

    def count(self, group: Group) -> int:
        """How many were found in a group."""
        return sum(group_of(finding) == group for finding in self.found)

    def must_change(self, group: Group | None = None) -> int:
        """How many are errors, in one group or in all."""
        return sum(
            finding.severity is Severity.ERROR and group in (None, group_of(finding)) for finding in self.found
        )


@dataclass(frozen=True, slots=True)
class _Placed:
    """Findings by the piece that they are about, as an index of `pieces`."""

    in_words: Mapping[int, Sequence[Finding]]
    after: Mapping[int, Sequence[Finding]]


def marked_letter(checked: Checked) -> MarkedLetter:
    """The document of a check, with its findings. Only for a document from outside, which has blocks."""
    pieces = [piece for piece in checked.context.pieces if piece.block is not None]
    placed = _placed(_heaviest_of(checked.report.findings), pieces)
    numbered: list[Numbered] = []
    blocks: list[MarkedBlock] = []
    for index, piece in enumerate(pieces):
        own = _numbered(sorted(placed.in_words.get(index, ()), key=where_it_ends), numbered)
        missing = _numbered(placed.after.get(index, ()), numbered)
        blocks.append(_block(piece, own, missing))
    groups = {group: tuple(one for one in numbered if one.group == group) for group in ORDER}
    return MarkedLetter(tuple(blocks), groups, checked.report.findings)


def words_of(document: Document) -> str:
    """The document as plain text, which a person can change and have checked again. Blocks are a blank line apart."""
    lines: list[str] = []
    before = ""
    for block in document.blocks:
        if not block.text.strip():
            continue
        is_next_item = block.kind == "item" and before == "item"
        mark = "- " if block.kind == "item" else ""
        lines += [] if is_next_item or not lines else [""]
        lines.append(mark + block.text.strip())
        before = block.kind
    return "\n".join(lines)


def _heaviest_of(findings: Sequence[Finding]) -> list[Finding]:
    """As many as a page shows, by severity, group and place. They stay in the order in which they came."""
    weights = [
        (_SEVERITIES.index(one.severity), ORDER.index(group_of(one)), at) for at, one in enumerate(findings)
    ]
    return [findings[at] for at in sorted(at for *_, at in sorted(weights)[:MOST_SHOWN])]


def _placed(findings: Iterable[Finding], pieces: Sequence[Piece]) -> _Placed:
    in_words: dict[int, list[Finding]] = {}
    after: dict[int, list[Finding]] = {}
    of_text: dict[str, list[int]] = {}
    for index, piece in enumerate(pieces):
        of_text.setdefault(piece.text, []).append(index)
    last = len(pieces) - 1
    near = {
        "signs": next((at for at, piece in enumerate(pieces) if _SIGNS.search(piece.text)), last),
        "number": max((at for at, piece in enumerate(pieces) if any(numbers_in(piece))), default=last),
    }
    for finding in findings:
        index = _index_of(finding, of_text.get(finding.text, ()), pieces)
        if not is_of_the_whole(finding):
            in_words.setdefault(index, []).append(finding)
        elif index > 0:
            after.setdefault(index, []).append(finding)
        else:
            # It points to the first line because there is no better place.
            after.setdefault(near.get(_BELONGS.get(finding.code, ""), last), []).append(finding)
    return _Placed(in_words, after)


def _index_of(finding: Finding, candidates: Sequence[int], pieces: Sequence[Piece]) -> int:
    """Which of the pieces with the finding's text it is about: the one at its place."""
    return next(
        (index for index in candidates if _is_at(finding, pieces[index])), candidates[0] if candidates else 0
    )


def _is_at(finding: Finding, piece: Piece) -> bool:
    # The file's name may be another: it is what the person who asked calls it.
    return replace(piece.place_of(finding.span[0]), file=finding.place.file) == finding.place


def where_it_ends(finding: Finding) -> tuple[int, int, str]:
    """The order of findings in one text."""
    return finding.span[1], finding.span[0], finding.code


def _numbered(findings: Iterable[Finding], so_far: list[Numbered]) -> tuple[Numbered, ...]:
    new = tuple(
        Numbered(number, group_of(finding), finding)
        for number, finding in enumerate(findings, start=len(so_far) + 1)
    )
    so_far.extend(new)
    return new


def _number(one: Numbered) -> int:
    return one.number


def _block(piece: Piece, own: Sequence[Numbered], missing: tuple[Numbered, ...]) -> MarkedBlock:
    assert piece.block is not None
    return MarkedBlock(
        kind=piece.block.kind,
        level=piece.block.level,
        language="" if piece.is_english else piece.language,
        right_to_left=piece.block.right_to_left,
        segments=segments_of(piece.text, own),
        beside=beside_of(own),
        missing=missing,
    )


def segments_of(text: str, own: Sequence[Numbered]) -> tuple[Segment, ...]:
    """A text cut where the words of its findings begin and end. `own` are in the order in which their words end."""
    return tuple(_segments(text, own, _long(own)))


def beside_of(own: Sequence[Numbered]) -> Group | None:
    """The group of the heaviest finding that is about a whole passage, not about words of it."""
    return _heaviest(_long(own))


def _long(own: Sequence[Numbered]) -> list[Numbered]:
    return [one for one in own if one.finding.span[1] - one.finding.span[0] > _LONGEST_WORDS]


def _segments(text: str, own: Sequence[Numbered], long: Sequence[Numbered]) -> Iterator[Segment]:
    marked = [one for one in own if one not in long]
    edges = {0, len(text)} | {one.finding.span[1] for one in own}
    edges |= {one.finding.span[0] for one in marked}
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(text))
    for start, end in pairwise(cuts):
        about = [one for one in marked if one.finding.span[0] <= start and end <= one.finding.span[1]]
        ends = tuple(one for one in own if one.finding.span[1] == end)
        yield Segment(text[start:end], _heaviest(about), ends)


def _heaviest(findings: Sequence[Numbered]) -> Group | None:
    return min((one.group for one in findings), key=ORDER.index, default=None)
