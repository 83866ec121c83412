"""A number that a right-to-left line reverses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from everyfamily.checks.letter.file_pieces import pieces_by_file, runs_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece

_LAID_OUT_BY_READER = frozenset({"html", "md", "txt"})
_RIGHT_TO_LEFT = "\u0590-\u05ff\u0600-\u065f\u066d-\u06ef\u06fa-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc"
_NEEDS_LOOK = re.compile(f"[{_RIGHT_TO_LEFT}]")
_STRONG = re.compile(f"(?P<left>[A-Za-z\u00c0-\u024f\u200e])|[{_RIGHT_TO_LEFT}]")
_GROUPS = re.compile(r"\+?\(?\d{1,12}\)?(?:[ \t\u2009-]{1,2}\(?\d{1,12}\)?){1,8}")
"""Groups that a right-to-left line puts in the other order. A no-break space, a full stop, a comma, a colon or a slash
keeps two groups together (Unicode, annex 9, W4); an ordinary space or a hyphen does not."""
_MARKS = re.compile("(?P<opens>[\u2066\u2067\u2068\u202a\u202d])|[\u2069\u202c]")
_HINT = 'Isolate it: <bdi dir="ltr"> in HTML, or put U+2066 before and U+2069 after it.'


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each number of several groups that follows right-to-left letters and is not isolated."""
    for document, pieces in pieces_by_file(context):
        if document.format in _LAID_OUT_BY_READER:
            for piece in pieces:
                yield from _hits(piece)


def _hits(piece: Piece) -> Iterator[Hit]:
    declared = piece.block is not None and piece.block.right_to_left
    if not declared and _NEEDS_LOOK.search(piece.text) is None:
        return
    strong = [(found.start(), found["left"] is None) for found in _STRONG.finditer(piece.text)]
    marks = _depths(piece.text)
    for found in _GROUPS.finditer(piece.text):
        start, end = found.span()
        before = bisect_right(strong, (start, False)) - 1
        turns = strong[before][1] if before >= 0 else declared or bool(strong and strong[0][1])
        if turns and not _is_isolated(piece, start, end, marks):
            yield Hit(piece, start, end, f"“{clip(found.group())}” is shown in another order", _HINT)


def _depths(text: str) -> Sequence[tuple[int, int]]:
    """Where each isolating or embedding mark is, and how many are open after it."""
    depth, out = 0, []
    for found in _MARKS.finditer(text):
        depth = depth + 1 if found["opens"] else max(0, depth - 1)
        out.append((found.start(), depth))
    return out


def _is_isolated(piece: Piece, start: int, end: int, marks: Sequence[tuple[int, int]]) -> bool:
    before = bisect_right(marks, (start, 0)) - 1
    if before >= 0 and marks[before][1] > 0:
        return True
    return any(run.isolated and run.start <= start and end <= run.end for run in runs_of(piece))


RULE = Rule("AC002", "unisolated-number", Severity.WARNING, "rendered", check)
