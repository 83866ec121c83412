"""What page breaks do to a text: running headers and footers, and paragraphs cut in two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from everyfamily.core.text.outside_document import Block, BlockKind
from everyfamily.documents.pdf.pdf_lines import Line
from everyfamily.documents.pdf.pdf_tags import PageTags
from everyfamily.documents.pdf.pdf_words import Word

_DIGITS = re.compile(r"\d{1,6}")
_EDGE = 0.12
"""The share of a page, at its top and at its foot, where running headers and footers are."""


@dataclass(slots=True)
class PdfPage:
    """A page with its words, its lines, its tags, and the running lines taken out of it."""

    number: int
    height: float
    words: list[Word] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    edge: float = 0.0
    tags: PageTags | None = None
    running: list[tuple[BlockKind, Line]] = field(default_factory=list)


def take_running(pages: Sequence[PdfPage]) -> None:
    """Take lines that are repeated at the edge of most pages out of the text, and keep the first of each."""
    if len(pages) < 2:
        return
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_running_key(line) for line in page.lines if _is_at_edge(line, page)})
    often = {key for key, times in seen.items() if times >= max(2, len(pages) * 0.4)}
    told: set[tuple[str, int]] = set()
    for page in pages:
        kept = []
        for line in page.lines:
            key = _running_key(line)
            if key not in often or not _is_at_edge(line, page):
                kept.append(line)
            elif key not in told:
                told.add(key)
                page.running.append(("header" if line.base > page.height / 2 else "footer", line))
        page.lines = kept


def _is_at_edge(line: Line, page: PdfPage) -> bool:
    return not page.height * _EDGE < line.base < page.height * (1 - _EDGE)


def _running_key(line: Line) -> tuple[str, int]:
    """The same for "Page 1 of 3" and "Page 2 of 3"."""
    return _DIGITS.sub("0", line.text), round(line.base / 4)


def over_pages(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks, with headers and footers last. A paragraph that a page break cut in two is joined again."""
    held: Block | None = None
    running: list[Block] = []
    for block in blocks:
        if block.kind in ("header", "footer"):
            running.append(block)
            continue
        if held is not None and _is_cut(held, block):
            held = _joined(held, block)
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held
    yield from running


def _is_cut(first: Block, second: Block) -> bool:
    return (
        first.kind in ("paragraph", "item")
        and second.kind in (first.kind, "paragraph")
        and _page_of(first) < _page_of(second)
        and (first.text[-1].isalnum() or first.text[-1] == ",")
        and second.text[0].islower()
    )


def _page_of(block: Block) -> int:
    return getattr(block.place, "page", None) or 0


def _joined(first: Block, second: Block) -> Block:
    behind = len(first.text) + 1
    moved: Any = {name: tuple(_moved(one, behind) for one in getattr(second, name)) for name in ("links", "runs")}
    return Block(
        first.kind,
        f"{first.text} {second.text}",
        first.place,
        first.level,
        first.language,
        first.right_to_left,
        (*first.links, *moved["links"]),
        (*first.runs, *moved["runs"]),
    )


def _moved(one: Any, by: int) -> Any:
    return replace(one, start=one.start + by, end=one.end + by)
