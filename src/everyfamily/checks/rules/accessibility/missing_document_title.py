"""A file without a title in its properties, or with one that a program left there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import first_piece, pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole

_CAN_SAY = frozenset({"html", "pdf", "docx", "odt"})
_LEFT_THERE = re.compile(
    r"Microsoft Word - .{0,200}|(?:untitled|document)\W{0,3}\d{0,3}|.{0,200}\.(?:docx?|odt|pdf|html?|rtf)",
    re.IGNORECASE,
)
_HINT = "Write the title of the letter into the file's properties (Word: File, Info, Title)."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for a file that could have a title but has none that a person gave it."""
    for document, pieces in pieces_by_file(context):
        if document.format not in _CAN_SAY or not pieces:
            continue
        title = " ".join((document.title or "")[:400].split())
        if not title:
            yield whole(first_piece(document, pieces), "The file has no title in its properties", _HINT)
        elif _LEFT_THERE.fullmatch(title):
            message = f"The file's title is “{clip(title)}”"
            yield whole(first_piece(document, pieces), message, _HINT)


RULE = Rule("AC011", "missing-document-title", Severity.ADVICE, "rendered", check)
