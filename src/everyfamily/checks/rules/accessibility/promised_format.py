"""A format that is promised behind the code, and that nobody has made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip
from everyfamily.checks.text.pieces import Piece

_PRINT, _LARGE = "letter.pdf", "letter-large-print.pdf"
_THERE = re.compile(r"\bscan\b|\bgo to\b|\bonline\b", re.IGNORECASE)
_ASKED_FOR = re.compile(r"\bask\b|\brequest\b", re.IGNORECASE)
_FORMATS: Mapping[re.Pattern[str], str] = {
    re.compile(r"\blarge(?:r|-| )? ?print\b", re.IGNORECASE): _LARGE,
    re.compile(r"\baudio\b|\brecording\b|\bread aloud\b", re.IGNORECASE): "letter.mp3",
    re.compile(r"\bBSL\b|\bsign language\b|\bfilm\b|\bvideo\b", re.IGNORECASE): "letter.mp4",
    re.compile(r"\bbraille\b", re.IGNORECASE): "letter.brf",
    re.compile(r"\beasy[- ]read\b", re.IGNORECASE): "letter-easy-read.pdf",
}
"""Each format, and the file that the letter would have of it."""
_HINT = "Make the file, or say whom to ask for it: Audio, BSL or Braille: ask the school."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each format that a section with a way to it (a code to scan, an address) names without a file.

    A sentence that says to ask for the format, and says of no code or address, promises no file.
    """
    if context.letter is None:
        return
    made = {document.file for document in context.documents}
    # Where nothing was rendered, what is always rendered is taken to be there.
    made |= {f"{language}/{_LARGE}" for language in context.titles() if f"{language}/{_PRINT}" not in made}
    sections: dict[tuple[str, str], list[Piece]] = {}
    for piece in context.part("body"):
        if piece.is_english and "/" in piece.passage:
            sections.setdefault((piece.language, piece.passage.partition("/")[0]), []).append(piece)
    for (language, _), pieces in sections.items():
        if any(_THERE.search(piece.folded.text) for piece in pieces):
            for piece in pieces:
                yield from _promised(piece, language, made)


def _promised(piece: Piece, language: str, made: set[str]) -> Iterator[Hit]:
    text = piece.folded.text
    if _ASKED_FOR.search(text) and not _THERE.search(text):
        return
    for pattern, file in _FORMATS.items():
        match = pattern.search(text)
        if match is not None and f"{language}/{file}" not in made:
            span = piece.folded.span(*match.span())
            yield Hit(
                piece, *span, f"“{clip(piece.text[slice(*span)])}” is promised, and there is no file of it", _HINT
            )


RULE = Rule(
    code="AC016",
    name="promised-format",
    severity=Severity.ERROR,
    scope="rendered",
    status="stable",
    since="2026.6",
    page=Page(
        checks="That each format which a letter of ours says is behind its code or at its address is among its files: "
        "large print, audio, BSL, Braille, Easy Read. What a family is told to ask for is a promise (TR004) instead.",
        matters="A parent who needs the format follows the code, finds nothing, and does not ask again.",
        example="Large print, audio and BSL: scan the code.",
        instead="Large print: scan the code. Audio or BSL: ask the school.",
    ),
    evidence=("A5", "S43"),
    check=check,
    needs=frozenset({Need.ENGLISH}),
)
