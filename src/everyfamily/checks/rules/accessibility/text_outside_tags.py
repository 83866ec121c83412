"""Words of a PDF that its tags do not contain, or contain in another order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from everyfamily.checks.letter.file_pieces import first_piece, pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.outside_document import Document
from everyfamily.core.text.passages import LetterText

PRINTED = ("letter.pdf", "letter-large-print.pdf")
_FEWEST_WORDS = 8
"""Page numbers and running heads belong outside the tags; a sentence does not."""
_NUMBER = re.compile(r"(?<!\d)0\d(?:[ ()-]{0,2}\d){8,9}(?!\d)")
_GAP = re.compile(r"\(\([^()\n]{0,80}\)\)")
_TAG = "Tag the words in the source file, or export it again with structure tags."
_REPORT = "Do not send it: people who listen hear another letter. Please report it with the pack."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each page with words outside its tags; for our letter, for the first passage that a PDF lacks."""
    for document, pieces in pieces_by_file(context):
        if document.format == "pdf" and document.is_tagged:
            yield from _outside(document, pieces)
    if context.letter is not None:
        for language, text in context.letter.texts.items():
            yield from _of_our_letter(context, language, text)


def _outside(document: Document, pieces: Sequence[Piece]) -> Iterator[Hit]:
    lines = [(page, " ".join(text.split())) for page, text in document.untagged_text]
    repeated = {line for line, times in Counter(line for _, line in lines).items() if times > 1}
    for page, line in lines:
        is_much = len(line.split(" ", _FEWEST_WORDS)) > _FEWEST_WORDS - 1 or _NUMBER.search(line) is not None
        if is_much and line not in repeated:
            message = f"Page {page} has words outside its tags: “{clip(line)}”"
            yield whole(first_piece(document, pieces), message, _TAG)


def _of_our_letter(context: CheckContext, language: str, text: LetterText) -> Iterator[Hit]:
    printed = {one.id: one.kind for one in text.passages() if one.stands_in("print")}
    # If there are no columns, what is above a column of asides is repeated next to each item.
    pieces = [
        piece
        for piece in context.part("body", language)
        if piece.passage in printed and not (piece.kind == "aside" and printed[piece.passage] == "heading")
    ]
    for document in context.documents:
        if document.file in {f"{context.folder}{language}/{name}" for name in PRINTED}:
            spoken = _plain("".join(block.text for block in document.blocks))
            missing = _first_missing(pieces, spoken)
            if missing is not None:
                message = f"Not in {document.file} as it is read aloud, or in another order"
                yield whole(missing, message, _REPORT)


def _first_missing(pieces: Sequence[Piece], spoken: str) -> Piece | None:
    """The first piece whose words do not follow those of the pieces before it. A gap may hold any words."""
    at = 0
    for piece in pieces:
        for words in _GAP.split(piece.text):
            found = spoken.find(_plain(words), at)
            if found < 0:
                return piece
            at = found + len(_plain(words))
    return None


def _plain(text: str) -> str:
    """Only letters, because large print makes a sentence out of a list item, and a line may end within a long
    address."""
    return "".join(text.replace("\u00ad", "").split()).casefold()


RULE = Rule("AC008", "text-outside-tags", Severity.WARNING, "rendered", check)
