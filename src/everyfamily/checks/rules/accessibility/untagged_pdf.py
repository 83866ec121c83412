"""A PDF without tags."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import first_piece, pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

_HINT = "Export it again as a tagged PDF (Word: Options, document structure tags), or give a web page."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for a PDF that has no structure tree."""
    for document, pieces in pieces_by_file(context):
        if document.is_tagged is False:
            yield whole(first_piece(document, pieces), "The PDF has no tags", _HINT)


RULE = Rule(
    code="AC007",
    name="untagged-pdf",
    severity=Severity.WARNING,
    scope="rendered",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That a PDF has a structure tree. Its tags say what is a heading, a list or a table, and the "
        "order to read them in.",
        matters="Without tags a screen reader guesses the order from where the letters are on the page. Columns "
        "run into each other, and a number can be read with the wrong service.",
        example="A PDF made by “Print to PDF”.",
        instead="A PDF saved from Word with “Document structure tags for accessibility” ticked, or a web page.",
    ),
    evidence=("A6", "S43"),
    check=check,
)
