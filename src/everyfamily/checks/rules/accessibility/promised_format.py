"""A format that is promised behind the code, and that nobody has made."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.letter.promised_formats import LARGE_PRINT, promised_formats

_PRINT = "letter.pdf"
_HINT = "Make the file, or say whom to ask for it: Audio, BSL or Braille: ask the school."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each format that a section with a way to it (a code to scan, an address) names without a file.

    A sentence that says to ask for the format, and says of no code or address, promises no file.
    """
    if context.letter is None:
        return
    made = {document.file for document in context.documents}
    # Where nothing was rendered, what is always rendered is taken to be there.
    made |= {
        f"{context.folder}{language}/{LARGE_PRINT.file}"
        for language in context.titles()
        if f"{context.folder}{language}/{_PRINT}" not in made
    }
    sections: dict[tuple[str, str], list[Piece]] = {}
    for piece in context.part("body"):
        if piece.is_english and "/" in piece.passage:
            sections.setdefault((piece.language, piece.section), []).append(piece)
    for (language, _), pieces in sections.items():
        for number, start, stop, wanted in promised_formats([piece.folded.text for piece in pieces]):
            if f"{context.folder}{language}/{wanted.file}" not in made:
                piece = pieces[number]
                span = piece.folded.span(start, stop)
                words = clip(piece.text[slice(*span)])
                yield Hit(piece, *span, f"“{words}” is promised, and there is no file of it", _HINT)


RULE = Rule("AC016", "promised-format", Severity.ERROR, "rendered", check, needs=frozenset({Need.ENGLISH}))
