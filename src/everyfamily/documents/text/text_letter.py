"""Plain text: paragraphs between empty lines, typed lists, and headings that are underlined or in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Block, BlockKind, Document
from everyfamily.documents.shared.block_text import BlockText
from everyfamily.documents.shared.decoded_text import decoded
from everyfamily.documents.shared.document_limits import refuse_long_line, refuse_much_text, within_limits
from everyfamily.documents.shared.typed_marks import is_in_capitals, number_length, typed_mark_length

type _Line = tuple[int, str]
"""Its number and its text."""

_UNDERLINE = re.compile(r"[ \t]{0,8}(=|-|\*|_|~)\1{2,200}[ \t]{0,8}")
_LEVELS = {"=": 1, "*": 1}
_FULL = 50
_SHARE = 0.75
_WIDE = 120


def read(data: bytes, name: str) -> Document:
    """Read plain text. Raises DocumentNotReadable."""
    text = decoded(data)
    refuse_much_text(text)
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        refuse_long_line(len(line), f"Line {number:,}")
    blocks = tuple(within_limits(_blocks(lines, name)))
    return Document(name, "txt", blocks, len(data))


def _blocks(lines: list[str], file: str) -> Iterator[Block]:
    group: list[_Line] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            group.append((number, line))
        elif group:
            yield from _of_group(group, file)
            group = []


def _of_group(group: list[_Line], file: str) -> Iterator[Block]:
    """The blocks of lines that belong together: a list, a heading with what follows, a paragraph."""
    part: list[_Line] = []
    for line in group:
        underline = _UNDERLINE.fullmatch(line[1])
        if underline is not None:
            if len(part) > 1:
                yield from _flow(part[:-1], file)
            if part:
                yield from _one("heading", part[-1:], file, _LEVELS.get(underline[1], 2))
            part = []
            continue
        part.append(line)
    yield from _flow(part, file)


def _flow(lines: list[_Line], file: str) -> Iterator[Block]:
    """Paragraph and items: an item continues over lines that are indented or that follow a full one."""
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or _begins_item(lines[index][1], lines[start][1]):
            yield from _paragraph(lines[start:index], file)
            start = index


def _begins_item(line: str, first: str) -> bool:
    """Whether an item begins within lines. "12. " may only be where a sentence about the 12th was broken."""
    return bool(
        typed_mark_length(line) or (number_length(line) and (_mark(first) or line.lstrip(" \t(")[0] == "1"))
    )


def _mark(line: str) -> int:
    return typed_mark_length(line) or number_length(line)


def _paragraph(lines: list[_Line], file: str) -> Iterator[Block]:
    if not lines:
        return
    first = lines[0][1]
    mark = _mark(first)
    if mark:
        indent = len(first) - len(first.lstrip())
        yield from _one("item", lines, file, 1 + min(indent // 4, 5), cut=mark)
    elif len(lines) == 1 and is_in_capitals(first):
        yield from _one("heading", lines, file, 0)
    else:
        yield from _one("paragraph", lines, file, 0)


def _one(kind: BlockKind, lines: list[_Line], file: str, level: int, cut: int = 0) -> Iterator[Block]:
    # Before its lines are put together, because there may be millions.
    refuse_long_line(sum(len(line) + 1 for _, line in lines) - 1, f"The paragraph at line {lines[0][0]:,}")
    width = max(len(line.rstrip()) for _, line in lines)
    text = BlockText()
    for index, (number, line) in enumerate(lines):
        begin = cut if index == 0 else 0
        if index:
            before = lines[index - 1][1].rstrip()
            joined = kind == "item" or _is_full(before, width, line)
            text.add(" " if joined else "\n", at=(number - 1, len(before) + 1))
        shown = line[begin:].strip()
        text.add(shown, at=(number, begin + len(line[begin:]) - len(line[begin:].lstrip()) + 1))
    block = text.block(kind, SourceLocation(file, lines[0][0]), level=level)
    if block is not None:
        yield block


def _is_full(line: str, width: int, after: str) -> bool:
    """Whether a line was broken because it was full: the next word would not have fitted."""
    if width > _WIDE or len(line) < _FULL:
        return False
    next_word = len(after.split(maxsplit=1)[0])
    return len(line) >= width * _SHARE or len(line) + 1 + next_word > width
