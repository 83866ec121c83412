"""Whole files as pieces, for rules about links, pictures, headings, colours and tags: ours, or the one given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.text.document_pieces import pieces_of_document
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Document, Image, Run


def pieces_by_file(context: CheckContext) -> Iterator[tuple[Document, Sequence[Piece]]]:
    """Each file with its blocks as pieces, in reading order. A document from outside already has its own."""
    for document in context.documents:
        yield document, pieces_of_document(document) if context.letter is not None else context.pieces


def first_piece(document: Document, pieces: Sequence[Piece]) -> Piece:
    """Where a finding about the whole file points: to its first words, or its name if it has none."""
    if pieces:
        return pieces[0]
    return Piece("file", "file", document.file, SourceLocation(document.file))


def image_piece(image: Image) -> Piece:
    """A picture as a piece. It has no words, so its address is used."""
    return Piece("picture", "picture", image.address[-80:] or "picture", image.place)


def runs_of(piece: Piece) -> Sequence[Run]:
    """How the words of the piece are formatted, as far as the file says."""
    return () if piece.block is None else piece.block.runs
