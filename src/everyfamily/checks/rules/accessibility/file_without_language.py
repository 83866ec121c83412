"""A file that does not say what language it is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from everyfamily.checks.letter.file_pieces import first_piece, pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.outside_document import Document

_CAN_SAY = frozenset({"html", "pdf", "docx", "odt"})
_HINT = "Set the language of the file (English, United Kingdom), so that a voice reads it in English."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for a file that could say its language but does not."""
    for document, pieces in pieces_by_file(context):
        if document.format in _CAN_SAY and pieces and not _says(document, pieces):
            yield whole(first_piece(document, pieces), "The file does not say what language it is in", _HINT)


def _says(document: Document, pieces: Sequence[Piece]) -> bool:
    if document.language:
        return True
    return all(piece.block is not None and (piece.block.language or _all_runs_say(piece)) for piece in pieces)


def _all_runs_say(piece: Piece) -> bool:
    runs = piece.block.runs if piece.block is not None else ()
    return bool(runs) and all(run.language for run in runs)


RULE = Rule("AC012", "file-without-language", Severity.ADVICE, "rendered", check)
