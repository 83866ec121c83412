"""A letter that cannot be had in large print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole
from everyfamily.checks.text.pieces import Piece

PRINT, FILE = "letter.pdf", "letter-large-print.pdf"
_OFFERS = re.compile(
    r"\blarge(?:r|-| )? ?print\b|\bbraille\b|\beasy[- ]read\b|\baudio\b|\bread aloud\b"
    r"|\b(?:other|another|different|alternative|accessible|more accessible) (?:formats?|languages?|versions?|ways?)\b",
    re.IGNORECASE,
)
_HINT = "Add what you can give: You can have this letter in ((large print, audio, other languages)): ask ((who))."
_RENDER = "Compose the letter again; if the file is still missing, please report it."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit: our letter lacks the file in a language, or another letter does not offer any other format."""
    if context.letter is not None:
        yield from _of_our_letter(context)
    elif context.pieces and all(piece.is_english and not _offers(piece) for piece in context.pieces):
        yield whole(context.pieces[0], "Nothing says how to get it in large print or another format", _HINT)


def _offers(piece: Piece) -> bool:
    return _OFFERS.search(piece.folded.text) is not None


def _of_our_letter(context: CheckContext) -> Iterator[Hit]:
    made = {document.file for document in context.documents}
    for language, title in context.titles().items():
        if f"{language}/{PRINT}" in made and f"{language}/{FILE}" not in made:
            yield whole(title, f"There is no {language}/{FILE}", _RENDER)


RULE = Rule(
    code="AC009",
    name="missing-large-print",
    severity=Severity.ADVICE,
    scope="rendered",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That a letter of ours that is printed in a language is printed large in it too; and that another letter"
        " says somewhere that it can be had in large print, audio, another language or another format.",
        matters="A parent with low vision cannot ask for large print in a letter that they cannot read, unless the"
        " person who reads it to them finds the offer.",
        example="A letter of two pages that offers nothing else.",
        instead="You can have this letter in large print, audio or another language: ask the school office.",
    ),
    evidence=("A5", "S43"),
    check=check,
    only_about_harm=True,
)
