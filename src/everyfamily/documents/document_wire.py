"""A document as JSON, to pass it from one process to another.

JSON and not pickle: the process that read a hostile file may have been taken over, so what it says is only data.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from everyfamily.core.errors import ParagraphLocation, SourceLocation
from everyfamily.core.text.outside_document import Anchor, Block, Document, Image, Link, Run


def packed(document: Document) -> bytes:
    """The document as bytes."""
    return json.dumps(_row(document), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _row(value: Any) -> Any:
    if isinstance(value, SourceLocation):
        page = value.page if isinstance(value, ParagraphLocation) else None
        return [value.line, value.column, page, isinstance(value, ParagraphLocation)]
    if is_dataclass(value):
        return [_row(getattr(value, name.name)) for name in fields(value)]
    if isinstance(value, tuple):
        return [_row(item) for item in value]
    return value


def unpacked(data: bytes, name: str) -> Document:
    """The document named `name`. Raises ValueError, TypeError or similar for anything that `packed` did not make."""
    file, form, blocks, size, title, language, images, pages, tagged, untagged = json.loads(
        data.decode("utf-8", "replace")
    )
    del file
    return Document(
        name,
        form,
        tuple(_block(row, name) for row in blocks),
        int(size),
        title,
        language,
        tuple(Image(_place(row[0], name), *row[1:]) for row in images),
        pages,
        tagged,
        tuple((int(page), str(text)) for page, text in untagged),
    )


def _block(row: list[Any], file: str) -> Block:
    kind, text, place, level, language, right_to_left, links, runs, anchors = row
    return Block(
        kind,
        str(text),
        _place(place, file),
        int(level),
        language,
        bool(right_to_left),
        tuple(Link(*link) for link in links),
        tuple(_run(run) for run in runs),
        tuple(Anchor(*anchor) for anchor in anchors),
    )


def _run(row: list[Any]) -> Run:
    start, end, language, colour, background, size, bold, isolated = row
    return Run(start, end, language, _colour(colour), _colour(background), size, bold, isolated)


def _colour(row: list[int] | None) -> tuple[int, int, int] | None:
    return None if row is None else (row[0], row[1], row[2])


def _place(row: list[Any], file: str) -> SourceLocation:
    line, column, page, counts_paragraphs = row
    return (
        ParagraphLocation(file, line, column, page) if counts_paragraphs else SourceLocation(file, line, column)
    )
