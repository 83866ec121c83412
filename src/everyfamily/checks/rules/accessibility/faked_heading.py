"""Bold lines that look like headings but are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from everyfamily.checks.letter.file_pieces import pieces_by_file, runs_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.outside_document import Document

_LONGEST = 90
"""Characters of a heading. A longer line in bold is a paragraph with emphasis."""
_WORD_PROCESSORS = frozenset({"docx", "odt"})
_BEGINS = re.compile(r"[^\w(]{0,3}(?:\d{1,2}[.)] )?[A-Z][^\W\d_]")
"""A capital and a letter: not a number to call, nor the end of somebody's sentence."""
_HINT = "Give each of them a heading style (Heading 1, Heading 2) in place of bold type."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit for each file: at the first of its lines that only look like headings."""
    for document, pieces in pieces_by_file(context):
        faked = _faked(document, pieces)
        if len(faked) == 1:
            yield whole(faked[0], f"“{clip(faked[0].text)}” looks like a heading and is none", _HINT)
        elif faked:
            yield whole(faked[0], f"{len(faked)} lines look like headings and are none, this one first", _HINT)


def _faked(document: Document, pieces: Sequence[Piece]) -> Sequence[Piece]:
    if document.format in _WORD_PROCESSORS:
        # Their readers have already looked at bold type and capitals, and give such a line no level.
        return [piece for piece in pieces if piece.kind == "heading" and piece.block and piece.block.level == 0]
    if document.format != "html":
        return []
    first = next((number for number, piece in enumerate(pieces) if piece.kind == "heading"), 0)
    below_the_letterhead = pairwise(pieces[first:])
    return [piece for piece, after in below_the_letterhead if _looks_like_one(piece) and not _is_bold(after)]


def _looks_like_one(piece: Piece) -> bool:
    text = piece.text.strip()
    reads_like_one = (
        _BEGINS.match(text) is not None and not text.endswith((".", ",", ";", ":")) and "\n" not in text
    )
    return piece.kind == "paragraph" and len(text) <= _LONGEST and reads_like_one and _is_bold(piece)


def _is_bold(piece: Piece) -> bool:
    """Whether all words of the piece are bold."""
    at = 0
    for run in runs_of(piece):
        if piece.text[at : run.start].strip() or not (run.bold or not piece.text[run.start : run.end].strip()):
            return False
        at = max(at, run.end)
    return at > 0 and not piece.text[at:].strip()


RULE = Rule("AC013", "faked-heading", Severity.ADVICE, "rendered", check)
