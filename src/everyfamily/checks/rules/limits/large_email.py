"""An email that Gmail cuts."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import first_piece, pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

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


RULE = Rule(
    code="LM004",
    name="large-email",
    severity=Severity.WARNING,
    scope="rendered",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That the HTML of an email has no more than 102 kB. Pictures that are fetched from elsewhere do "
        "not count. Pictures inside the HTML do. Our own email is measured, and any HTML letter from "
        "outside.",
        matters="Gmail shows the beginning and hides the rest behind a link. Families then do not see the end, "
        "which says whom to call and how to check that the letter is real.",
        example="A page saved from a word processor, with 300 kB of styles.",
        instead="The same text in 20 kB.",
        exceptions="A page that is only put on a web site and never sent.",
    ),
    evidence=("W4",),
    check=check,
)
