"""The blocks of a document as pieces, which rules about words read."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.text.pieces import Piece
from everyfamily.core.errors import ParagraphLocation
from everyfamily.core.text.outside_document import Block, Document

_INTRODUCES = frozenset({"title", "heading", "paragraph"})
_LONGEST_LEAD_IN = 1_000
"""The end of it leads in. Every item of a list is read with it, so it must not be long."""


def pieces_of_document(document: Document) -> tuple[Piece, ...]:
    """Every block with text, in reading order. An item knows the line above its list.

    A language that the file does not declare counts as English, which the word lists know. Rules about declared
    languages look at the block.
    """
    return tuple(_pieces(document))


def _pieces(document: Document) -> Iterator[Piece]:
    lead_in = ""
    for block in document.blocks:
        if not block.text.strip():
            continue
        yield Piece(
            passage=_name(block),
            kind=block.kind,
            text=block.text,
            place=block.place,
            language=block.language or document.language or "en",
            lead_in=lead_in if block.kind == "item" else "",
            block=block,
        )
        if block.kind in _INTRODUCES or (block.kind == "cell" and block.text.rstrip().endswith(":")):
            lead_in = block.text[-_LONGEST_LEAD_IN:]


def _name(block: Block) -> str:
    """How a waiver names the block: "line 12", "paragraph 4", "page 2, paragraph 3"."""
    place = block.place
    if not isinstance(place, ParagraphLocation):
        return f"line {place.line}"
    return f"paragraph {place.line}" if place.page is None else f"page {place.page}, paragraph {place.line}"
