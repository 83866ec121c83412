"""What the checks find in the words of a letter that is being written. Its files are checked when it is frozen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.report.groups import is_of_the_whole
from everyfamily.checks.report.marked_letter import Numbered
from everyfamily.checks.report.marked_section import MARKS, MarkedSection, marked_section
from everyfamily.checks.run.runner import CheckReport, run
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import LetterPart
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.drafting import Key, section_of
from everyfamily.letters.files.artefacts import sms_counts
from everyfamily.rendering.pdf import page_count
from everyfamily.staff.check.pages import LOOK_OF, instead_of, why_of
from everyfamily.staff.letters.opened import Opened

LABELS: Mapping[Severity, str] = {
    Severity.ERROR: "Must change",
    Severity.WARNING: "Change it, or ask to keep it",
    Severity.ADVICE: "Worth a thought",
}


UNSOURCED = "EV004"
"""The rule about facts without a source."""
_CITE = "Say where the fact comes from, or take it out."
_OF_THE_LETTER = frozenset({"LM002", "LM004", "LM007", "RD011"})
"""Rules that count all of a letter."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in the words of a letter, and what was counted."""

    report: CheckReport
    pages: int | None
    """Printed pages of the English. None if it cannot be set."""
    pieces: tuple[Piece, ...]
    """What was read."""

    def count(self, language: str, part_id: str) -> tuple[int, bool]:
        """How many findings a part has, and whether one of them must change."""
        own = [one for one in self.of_part(language, part_id) if one.severity is not Severity.ADVICE]
        return len(own), any(one.severity is Severity.ERROR for one in own)

    def of_part(self, language: str, part_id: str) -> list[Finding]:
        """Those of one part."""
        return [
            one
            for one in self.report.findings
            if one.language == language and section_of(one.passage) == part_id and not is_of_no_part(one)
        ]


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding beside the words."""

    number: int
    look: str
    label: str
    title: str
    instead: tuple[str, ...]
    why: str
    code: str
    can_use: bool
    """The words to write instead can be put in for the author."""
    can_waive: bool
    passage: str
    can_cite: bool
    """It is a fact in own words, and its author can say where it comes from."""


def is_of_no_part(finding: Finding) -> bool:
    """Whether it is about the letter as a whole, and points to its title because it must point somewhere."""
    return is_of_the_whole(finding) or finding.code in _OF_THE_LETTER


class _Asked:
    """A letter, its waivers and a day. Two are equal if all their words are: a letter has mappings, and no hash."""

    def __init__(self, letter: Letter, waivers: tuple[Waiver, ...], day: date, *, is_set: bool) -> None:
        self.letter, self.waivers, self.day, self.is_set = letter, waivers, day, is_set
        self._digest = sha256(repr((letter, waivers, day, is_set)).encode()).digest()

    def __hash__(self) -> int:
        return hash(self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._digest == other._digest


def find(opened: Opened, waivers: Sequence[Waiver] = (), *, is_set: bool = True) -> Found:
    """Run the rules over the words as they are, with the waivers that were proposed.

    `is_set`: also count its printed pages, which takes as long as all the rules.
    """
    day = max(opened.today, opened.letter.dated)
    return _find(_Asked(opened.letter, tuple(waivers), day, is_set=is_set))


def find_and_count(
    opened: Opened, waivers: Sequence[Waiver] = (), version: Version | None = None
) -> tuple[Found, int | None]:
    """What is found in the words, and the printed pages of the English in a version, counted at the same time: Typst
    needs no Python while it sets a page. The count itself is then no finding. Without `version`, the first."""
    letter, day = opened.letter, max(opened.today, opened.letter.dated)
    first = letter.in_version(version or letter.versions[0])
    with ThreadPoolExecutor(max_workers=1) as aside:
        pages = aside.submit(_pages, _Asked(first, (), day, is_set=True))
        found = find(opened, waivers, is_set=False)
        return found, (pages.result() or {}).get("en")


@lru_cache(maxsize=8)
def _find(asked: _Asked) -> Found:
    """Kept for a while, because most pages of a letter are opened without a word having changed."""
    letter = asked.letter
    first, *others = [_context(one, asked) for one in map(letter.in_version, letter.versions)]
    pieces = tuple(piece for one in (first, *others) for piece in one.pieces)
    report = run(first, waivers=asked.waivers, others=others)
    return Found(report, (first.print_pages or {}).get("en"), pieces)


def _context(letter: Letter, asked: _Asked) -> CheckContext:
    pages = _pages(_Asked(letter, (), asked.day, is_set=True)) if asked.is_set else None
    return CheckContext.of_letter(letter, today=asked.day, sms_fragments=sms_counts(letter), print_pages=pages)


@lru_cache(maxsize=8)
def _pages(asked: _Asked) -> dict[str, int] | None:
    letter = asked.letter
    try:
        return {language: page_count(letter, language) for language in letter.texts}
    except EveryfamilyError:
        # A letter that cannot be set at all: the page of its print says why.
        return None


def marked(found: Found, language: str, part: LetterPart) -> MarkedSection:
    """The part as families read it, with what was found in it."""
    findings = [one for one in found.report.findings if not is_of_no_part(one)]
    return marked_section(found.pieces, findings, {one.id for one in part.all}, language)


def shown(one: Numbered, own: Collection[Key]) -> FindingShown:
    """A finding as the editor shows it. `own` are the passages in own words."""
    finding = one.finding
    can_cite = finding.code == UNSOURCED and (finding.language, finding.passage) in own
    instead = (f"“{finding.fix}”",) if finding.fix is not None else instead_of(finding)
    return FindingShown(
        one.number,
        LOOK_OF[MARKS[finding.severity]],
        LABELS[finding.severity],
        finding.message,
        (_CITE,) if can_cite else instead,
        why_of(finding),
        finding.code,
        finding.fix is not None,
        finding.severity is Severity.WARNING,
        finding.passage,
        can_cite,
    )
