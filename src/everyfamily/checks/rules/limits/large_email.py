"""An email that Gmail cuts."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import first_piece, pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole

MOST_BYTES = 102_000
"""Gmail cuts at 102 kB. It is not said whether that is 102,000 or 104,448, so the smaller number counts."""
OUR_EMAIL = "email.html"
_HINT = "Take pictures and styles out of the HTML, or save it again from plain text."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each HTML file that is too large: our email, or a letter from outside, which is sent as it is."""
    for document, pieces in pieces_by_file(context):
        is_email = document.format == "html" and (
            context.letter is None or document.file.rpartition("/")[2] == OUR_EMAIL
        )
        if is_email and document.size > MOST_BYTES:
            piece = first_piece(document, pieces)
            fact = f"HTML has {document.size // 1000} kB; Gmail cuts an email after {MOST_BYTES // 1000}"
            yield whole(piece, fact, _HINT, "email" if context.letter is not None else None)


RULE = Rule("LM004", "large-email", Severity.WARNING, "rendered", check)
