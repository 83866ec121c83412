"""What was saved and when, what differs between two versions, and what the pack changed since the letter was begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.letter.letter_parts import part_of
from everyfamily.core.letter.passage_differences import PassageDifference, passage_differences
from everyfamily.core.packs.drafting import Drafted, after_of, section_of, shown_section
from everyfamily.core.packs.overrides import passages_of
from everyfamily.core.packs.pack_changes import PackChanges, Run, changes_of, runs_between
from everyfamily.core.packs.packs import Pack
from everyfamily.letters.actions.drafts import newer_pack
from everyfamily.letters.draft_queries.drafts import DraftFacts
from everyfamily.letters.draft_queries.words import Saving, drafted, pack_of, stale_of, versions
from everyfamily.staff.letters.words import at_in_words

MOST_VERSIONS = 100
"""On one page, newest first."""


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One save: a version has the number of its place, from 1."""

    number: int
    name: str
    language: str
    section: str
    by: str
    at: str
    why: str
    passages: int


@dataclass(frozen=True, slots=True)
class SectionChanges:
    """What differs in one section between two versions."""

    name: str
    language: str
    section: str
    passages: tuple[PassageDifference, ...]


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """Words of ours that were written for other words of the pack: what it said then, what it says now, and ours."""

    language: str
    passage: str
    name: str
    then: str
    now: str | None
    """None: the pack has no such passage any more."""
    pack_runs: tuple[Run, ...]
    ours: str
    is_addition: bool

    @property
    def pack_shown(self) -> Mapping[str, tuple[Run, ...]]:
        """As the template of differences takes it."""
        return {"runs": self.pack_runs}


def versions_values(draft: DraftFacts, now: datetime) -> dict[str, Any]:
    """Every version, newest first. Version 0 is the pack's words."""
    saved = versions(draft.id)
    pack = pack_of(draft)
    shown = [
        VersionShown(
            len(saved) - at,
            _name(pack, one.language, one.section),
            one.language,
            one.section,
            one.by,
            at_in_words(one.at, now),
            one.why,
            len(one.passages),
        )
        for at, one in enumerate(saved[:MOST_VERSIONS])
    ]
    return {
        "here": "letters",
        "draft": draft,
        "versions": shown,
        "left_out": max(0, len(saved) - MOST_VERSIONS),
    }


def version_values(draft: DraftFacts, number: int, against: int, now: datetime) -> dict[str, Any] | None:
    """What differs between version `against` and version `number`. None if there is no such version."""
    saved = versions(draft.id)
    if not (1 <= number <= len(saved) and 0 <= against < number):
        return None
    one = saved[-number]
    return {
        "here": "letters",
        "draft": draft,
        "number": number,
        "against": against,
        "by": one.by,
        "at": at_in_words(one.at, now),
        "why": one.why,
        "newest": len(saved),
        "before": number - 1,
        "after": number + 1 if number < len(saved) else 0,
        "changes": _changes(draft, saved, number, against),
    }


def _changes(draft: DraftFacts, saved: list[Saving], number: int, against: int) -> list[SectionChanges]:
    pack = pack_of(draft)
    before = drafted(draft.id, upto=saved[-against].newest if against else 0)
    after = drafted(draft.id, upto=saved[-number].newest)
    touched = dict.fromkeys(
        (one.language, one.section) for one in reversed(saved[-number : len(saved) - against])
    )
    found = []
    for language, section in touched:
        was = {one.id: one.words for one in shown_section(pack, before, language, section)}
        now = {one.id: one.words for one in shown_section(pack, after, language, section)}
        differs = tuple(one for one in passage_differences(was, now) if one.kind != "same")
        if differs:
            found.append(SectionChanges(_name(pack, language, section), language, section, differs))
    return found


def _name(pack: Pack, language: str, section: str) -> str:
    part = part_of(pack, language, section)
    return part.name if part is not None else section


def pack_values(draft: DraftFacts) -> dict[str, Any]:
    """What the pack says since the letter was begun, and which words of ours wait for somebody to look."""
    kept = pack_of(draft)
    newer = newer_pack(draft)
    changes = changes_of(kept, newer) if newer is not None else None
    return {
        "here": "letters",
        "draft": draft,
        "version": kept.about.version,
        "newer": newer,
        "changes": changes,
        "of_letter": _of_letter(changes, kept, drafted(draft.id)) if changes is not None else [],
        "stale": [_three_way(kept, one, now) for one, now in stale_of(draft)],
    }


def _of_letter(
    changes: PackChanges, kept: Pack, rows: Mapping[tuple[str, str], Drafted]
) -> list[tuple[str, tuple[Run, ...], str]]:
    """Each passage of the letter that the pack changed: where, its words, and ours if we have others there."""
    ours = {one.passage: one.words for one in rows.values() if one.language == "en" and one.kind == "change"}
    known = {name for language, name in passages_of(kept) if language == "en"}
    return [
        (_name(kept, "en", section_of(one.id)), one.runs, ours.get(one.id, ""))
        for one in changes.passages
        if one.id in known or section_of(one.id) in {section_of(name) for name in known}
    ]


def _three_way(pack: Pack, one: Drafted, now: str | None) -> ThreeWay:
    runs = tuple(runs_between(one.was, now)) if now is not None else (("gone", one.was),)
    name = _name(pack, one.language, section_of(after_of(one.passage)))
    return ThreeWay(one.language, one.passage, name, one.was, now, runs, one.words, one.kind == "addition")
