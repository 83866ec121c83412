"""A printed letter of more than two pages."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

MOST_PAGES = 2
PASSAGE = "print"
"""The id that a waiver uses for the print as a whole."""
_HINT = "Take words out. Do not make the type smaller."
_MISSING_HINT = "Print the letter in this language and run the check again."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language whose print is too long, or whose pages nobody counted."""
    pages = context.print_pages or {}
    for language, title in context.titles().items():
        count = pages.get(language)
        if count is None:
            yield whole(title, f"The pages in {language} were not counted", _MISSING_HINT, PASSAGE)
        elif count > MOST_PAGES:
            yield whole(title, f"The letter takes {count} pages, and a sheet has two", _HINT, PASSAGE)


RULE = Rule(
    code="LM002",
    name="long-print",
    severity=Severity.WARNING,
    scope="rendered",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That the printed letter fits on both sides of one sheet of A4 in every language. Large "
        "print is not counted.",
        matters="A second sheet is lost, costs every school paper, and makes a letter that waits to be read. A "
        "translation may be longer. Then the signatories can agree to a third page.",
        example="A letter of three pages.",
        instead="The same letter with a shorter list of changes, on two.",
    ),
    evidence=("S45", "S47"),
    check=check,
    needs=frozenset({Need.LETTER, Need.PRINT}),
)
