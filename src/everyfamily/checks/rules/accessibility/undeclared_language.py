"""A passage in another language than the file says."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import pieces_by_file, runs_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.checks.text.languages import name_of, other_script, other_words
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.outside_document import Document

_CAN_SAY = frozenset({"html", "pdf", "docx", "odt"})
_HINT = 'Mark the passage with its own language (in HTML lang="pl"; in Word, Review, Language).'


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language in a file that is not declared where it is used, at its first passage."""
    for document, pieces in pieces_by_file(context):
        seen: set[str] = set()
        for piece in pieces if document.format in _CAN_SAY else ():
            found = _found(document, piece)
            if found is not None and found[2] not in seen:
                start, end, name, declared = found
                seen.add(name)
                said = f"says {name_of(declared)}" if declared else "says nothing"
                yield Hit(piece, start, end, f"These words are {name}, and the file {said}", _HINT)


def _found(document: Document, piece: Piece) -> tuple[int, int, str, str | None] | None:
    text = piece.text
    declared = _declared(document, piece, 0)
    if (script := other_script(text, declared)) is not None:
        start, end, name = script
        # The passage may be marked as such within the block.
        if other_script(text[start:end], _declared(document, piece, start)) is not None:
            return start, end, f"in {name} letters", declared
    if _is_marked_within(piece):
        return None
    tag = other_words(piece.folded.text, declared)
    return None if tag is None else (0, len(text), name_of(tag), declared)


def _declared(document: Document, piece: Piece, offset: int) -> str | None:
    for run in runs_of(piece):
        if run.start <= offset < run.end and run.language:
            return run.language
    return (piece.block.language if piece.block is not None else None) or document.language


def _is_marked_within(piece: Piece) -> bool:
    return len({run.language for run in runs_of(piece) if run.language}) > 1


RULE = Rule("AC001", "undeclared-language", Severity.WARNING, "rendered", check)
