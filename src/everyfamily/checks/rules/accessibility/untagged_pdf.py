"""A PDF without tags."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import first_piece, pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole

_HINT = "Export it again as a tagged PDF (Word: Options, document structure tags), or give a web page."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for a PDF that has no structure tree."""
    for document, pieces in pieces_by_file(context):
        if document.is_tagged is False:
            yield whole(first_piece(document, pieces), "The PDF has no tags", _HINT)


RULE = Rule("AC007", "untagged-pdf", Severity.WARNING, "rendered", check)
