"""Documents from outside, as a reader would give them, made of lines that say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Block, BlockKind, Document

FILE = "old-letter.txt"
_MARKS: tuple[tuple[str, BlockKind, int], ...] = (
    ("### ", "heading", 3),
    ("## ", "heading", 2),
    ("# ", "heading", 1),
    ("- ", "item", 1),
    ("| ", "cell", 0),
)


def make_block(line: str, number: int = 1, **fields: Any) -> Block:
    """A block from a marked line: "# " is a heading, "- " an item, "| " a cell, and otherwise it is a paragraph."""
    for mark, kind, level in _MARKS:
        if line.startswith(mark):
            block = Block(kind, line.removeprefix(mark), SourceLocation(FILE, number, len(mark) + 1), level)
            return replace(block, **fields)
    return replace(Block("paragraph", line, SourceLocation(FILE, number)), **fields)


def make_document(lines: Sequence[str], *, block: dict[str, Any] | None = None, **fields: Any) -> Document:
    """A document of one block a line; `block` are fields of every block, `fields` those of the document."""
    blocks = tuple(make_block(line, number, **(block or {})) for number, line in enumerate(lines, start=1))
    made = Document(FILE, "txt", blocks, sum(len(line.encode()) + 1 for line in lines))
    return replace(made, **fields)
