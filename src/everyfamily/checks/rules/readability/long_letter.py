"""A letter with more words than a sheet holds, or a long one without headings."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import words

MOST_WORDS = 800
ONE_PAGE = 450
"""Words on a page of A4 in 12 point. A longer text without a heading cannot be skimmed."""
_SHORTEN_HINT = "Keep what a parent needs to act, and print where the rest can be read."
_HEADINGS_HINT = "Put a heading of a few words over each part, as a heading and not only in bold."
_WITH_HEADINGS = frozenset({"docx", "odt", "html", "md"})
"""Formats that say what is a heading. Plain text cannot, and a PDF can only with tags."""


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit for a letter: too many words, or many without a heading."""
    elsewhere = _not_printed(context)
    pieces = [piece for piece in context.part("body") if piece.is_english and piece.passage not in elsewhere]
    count = sum(len(words(piece.folded.text)) for piece in pieces)
    if count > MOST_WORDS:
        yield whole(pieces[0], f"Letter has {count} words; two pages hold about {MOST_WORDS}", _SHORTEN_HINT)
    elif count > ONE_PAGE and _headings_are_known(context) and not any(map(_is_heading, pieces)):
        yield whole(pieces[0], f"Letter has {count} words and no heading", _HEADINGS_HINT)


def _not_printed(context: CheckContext) -> set[str]:
    """Passages of our own letter that only an email or a web page has, where a page has no end."""
    if context.letter is None:
        return set()
    return {one.id for one in context.letter.english.passages() if one.only and "print" not in one.only}


def _headings_are_known(context: CheckContext) -> bool:
    if context.letter is not None:
        return True
    return all(document.format in _WITH_HEADINGS or document.is_tagged for document in context.documents)


def _is_heading(piece: Piece) -> bool:
    return piece.kind == "heading"


RULE = Rule("RD011", "long-letter", Severity.ADVICE, "letter", check, needs=frozenset({Need.ENGLISH}))
