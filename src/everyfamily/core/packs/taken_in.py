"""A translator's file taken back into a pack: what must stay is proven, and what is whole becomes the pack's files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.parity import check_parity, check_unseen
from everyfamily.core.packs.to_translate import (
    LETTER_PARTS,
    EnglishPart,
    Known,
    Unit,
    has_words,
    units_of,
)
from everyfamily.core.packs.translators_file import Returned
from everyfamily.core.packs.written_texts import text_of
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import NestedGap

_MARKS = re.compile(r"[{}|]")
_LEADING = re.compile(r"[#*+>|`~<-]|\d+[.)] |={3}|!?\[")


class LockedChanged(EveryfamilyError):
    """A translation lost or changed what must stay as it is: a gap, a digit, an address, or a mark of the pack."""

    code: ClassVar[str] = "EF191"


@dataclass(frozen=True, slots=True)
class PartState:
    """How far a part of the file is. `written` is its text for the pack, or None while it is not whole enough."""

    part: str
    done: int
    review: int
    of: int
    written: str | None

    @property
    def is_whole(self) -> bool:
        """Every unit is translated, and none needs review."""
        return self.done == self.of


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file: its faults, each with its line, and the state of each part that it has."""

    faults: Sequence[EveryfamilyError]
    parts: Sequence[PartState]
    gone: Sequence[str] = ()
    """Keys that the English has no more."""


def take_in(parts: Mapping[str, EnglishPart], returned: Returned, file: str) -> TakenIn:
    """Hold a file against today's English. A unit whose English has changed needs review, like one marked so."""
    english = {part: units_of([one], Known()) for part, one in parts.items()}
    faults: list[EveryfamilyError] = []
    words: dict[str, dict[str, str]] = {}
    states = []
    for part, units in english.items():
        if not any(unit.key in returned.units for unit in units):
            continue
        known = [_returned(unit, returned) for unit in units]
        kept = {unit.key: unit.words for unit in known if unit.words and not unit.needs_review}
        faults += (
            one for unit in known if unit.key in kept for one in _faults(unit, returned, file, parts[part])
        )
        review = sum(unit.needs_review for unit in known)
        states.append(PartState(part, len(kept), review, len(units), None))
        words[part] = {**kept, **_only_gaps(parts[part])}
    keys = {unit.key for units in english.values() for unit in units}
    gone = [key for key in returned.units if key not in keys]
    return TakenIn(faults, [_written(one, states, parts, words, faults) for one in states], gone)


def _returned(unit: Unit, returned: Returned) -> Unit:
    found = returned.units.get(unit.key)
    if found is None:
        return unit
    changed = found.english != unit.english
    return replace(unit, words=found.words, needs_review=bool(found.words) and (found.needs_review or changed))


def _faults(unit: Unit, returned: Returned, file: str, part: EnglishPart) -> Iterator[EveryfamilyError]:
    place = SourceLocation(file, returned.lines[unit.key])
    own, theirs = (Passage(unit.key, "paragraph", words, place) for words in (unit.words, unit.english))
    try:
        check_parity(own, theirs)
        check_unseen(own)
    except (PackIncomplete, NestedGap) as error:
        yield LockedChanged(f"{error.fact} ({unit.key})", error.fix, place)
    without_gaps = re.sub(r"\(\([^()]+\)\)", "", unit.words)
    if "((" in without_gaps or "))" in without_gaps:
        yield LockedChanged(f"A gap is opened and not closed ({unit.key}).", 'Write "((name))".', place)
    if found := _MARKS.search(unit.words):
        yield LockedChanged(
            f'There is a "{found[0]}" in the words ({unit.key}).',
            "Take it out: the pack uses it as a mark.",
            place,
        )
    if _LEADING.match(unit.words) and not _LEADING.match(unit.english):
        yield LockedChanged(
            f"The words begin with a mark or a number of a list ({unit.key}).", "Begin with a word.", place
        )


def _only_gaps(part: EnglishPart) -> dict[str, str]:
    """What is not translated: a number that comes by a gap."""
    return {
        name: english
        for passage in part.passages()
        for name, english in ((part.key(passage), passage.text), (f"{part.key(passage)}/aside", passage.aside))
        if english is not None and not has_words(english)
    }


def _written(
    state: PartState,
    states: Sequence[PartState],
    parts: Mapping[str, EnglishPart],
    words: Mapping[str, Mapping[str, str]],
    faults: Sequence[EveryfamilyError],
) -> PartState:
    """The small set and a letter are used whole or not at all. A page of the site may lack passages, not its title."""
    part = parts[state.part]
    if state.part in LETTER_PARTS:
        whole = {one.part for one in states if one.is_whole}
        ready = all(name in whole for name in LETTER_PARTS if name in parts)
    elif state.part == "short":
        ready = state.is_whole
    else:
        ready = part.title is not None and part.key(part.title) in words[state.part]
    return replace(state, written=text_of(part, words[state.part])) if ready and not faults else state
