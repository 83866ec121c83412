"""A letter that cannot be had in large print, or that offers another format without a way to ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import numbers_in

PRINT, FILE = "letter.pdf", "letter-large-print.pdf"
_FORMATS = re.compile(
    r"\blarge(?:r|-| )? ?print\b|\bbraille\b|\beasy[- ]read\b|\baudio (?:version|format|copy|recording|tape)\b"
    r"|\b(?:other|another|different|alternative|accessible|more accessible) (?:formats?|languages?)\b",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"\blarge(?:r|-| )? ?print\b|\bbraille\b|\beasy[- ]read\b|\baudio\b|\bread aloud\b"
    r"|\b(?:other|another|different|alternative|accessible|more accessible) (?:formats?|languages?|versions?|ways?)\b",
    re.IGNORECASE,
)
_NEAR = 2
"""Pieces before and after an offer in which the way to ask for it may be."""
_WAY_TO_ASK = re.compile(
    r"@|\bhttps?:|\bwww\.|\.(?:uk|org|com)\b|\(\([^()]{1,40}\)\)|\bnumber (?:that )?you (?:already )?(?:have|know)\b"
    r"|\b(?:school|main|front|our|the) (?:office|reception|desk)\b|\breception(?:ist)?\b|\bover the page\b|\boverleaf\b"
    r"|\b(?:enclosed|attached|on the back|printed below|follows?|turn over)\b",
    re.IGNORECASE,
)
_ASK_HINT = "Say how, in the same place: ask ((who)) on ((number)) or at ((mailbox))."
_HINT = "Add what you can give: You can have this letter in ((large print, audio, other languages)): ask ((who))."
_RENDER = "Compose the letter again; if the file is still missing, please report it."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit: our letter lacks the file in a language, or another letter does not offer any other format."""
    if context.letter is not None:
        yield from _of_our_letter(context)
    elif context.pieces and all(piece.is_english and not _offers(piece) for piece in context.pieces):
        yield whole(context.pieces[0], "Nothing says how to get it in large print or another format", _HINT)


def offers_without_a_way(context: CheckContext) -> Iterator[Hit]:
    """At most one hit: a letter from outside offers a format, and no offer of one has a way to ask for it near it."""
    if context.is_ours:
        return
    pieces = [piece for piece in context.pieces if piece.is_english]
    first: Hit | None = None
    for index, piece in enumerate(pieces):
        match = _FORMATS.search(piece.folded.text)
        if match is None:
            continue
        if any(_says_how(near) for near in pieces[max(0, index - _NEAR) : index + _NEAR + 1]):
            return
        first = first or _without_a_way(piece, *match.span())
    if first is not None:
        yield first


def _without_a_way(piece: Piece, start: int, end: int) -> Hit:
    start, end = piece.folded.span(start, end)
    return Hit(piece, start, end, f"“{clip(piece.text[start:end])}” comes without a way to ask for it", _ASK_HINT)


def _says_how(piece: Piece) -> bool:
    has_link = piece.block is not None and bool(piece.block.links)
    return has_link or bool(_WAY_TO_ASK.search(piece.folded.text)) or next(numbers_in(piece), None) is not None


def _offers(piece: Piece) -> bool:
    return _OFFERS.search(piece.folded.text) is not None


def _of_our_letter(context: CheckContext) -> Iterator[Hit]:
    made = {document.file for document in context.documents}
    for language, title in context.titles().items():
        folder = f"{context.folder}{language}"
        if f"{folder}/{PRINT}" in made and f"{folder}/{FILE}" not in made:
            yield whole(title, f"There is no {folder}/{FILE}", _RENDER)


RULES = (
    Rule("AC009", "missing-large-print", Severity.ADVICE, "rendered", check, only_about_harm=True),
    Rule(
        "AC015",
        "format-without-way-to-ask",
        Severity.ADVICE,
        "letter",
        offers_without_a_way,
        needs=frozenset({Need.ENGLISH}),
        only_about_harm=True,
    ),
)
