"""Lines that serve as headings but are not marked as such: short, bold or underlined or in capitals, above text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from everyfamily.core.text.outside_document import Block
from everyfamily.documents.shared.typed_marks import is_in_capitals

_LONGEST = 100
_TEXT_BELOW = 40
"""The fewest characters of a paragraph below. Under a name in bold there is only a job title."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block, and whether all its words stand out as those of a heading do."""

    block: Block
    stands_out: bool = False


def with_headings(candidates: Iterable[Candidate]) -> Iterator[Block]:
    """The blocks. Those that serve as headings get kind heading and level 0, because no level was given."""
    waiting: list[Block] = []
    for candidate in candidates:
        if _may_be_heading(candidate):
            waiting.append(candidate.block)
            continue
        if waiting:
            is_above_text = candidate.block.kind == "item" or len(candidate.block.text) >= _TEXT_BELOW
            yield from _settled(waiting, is_above_text)
            waiting = []
        yield candidate.block
    yield from waiting


def _settled(waiting: list[Block], is_above_text: bool) -> Iterator[Block]:
    for block in waiting:
        yield replace(block, kind="heading", level=0) if is_above_text else block


def _may_be_heading(candidate: Candidate) -> bool:
    block = candidate.block
    return (
        block.kind == "paragraph"
        and len(block.text) <= _LONGEST
        and "\n" not in block.text
        and not block.text.endswith((".", ",", ";"))
        and any(character.isalpha() for character in block.text)
        and (candidate.stands_out or is_in_capitals(block.text))
    )
