"""A printed letter of more than two pages."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole

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
    "LM002", "long-print", Severity.WARNING, "rendered", check, needs=frozenset({Need.LETTER, Need.PRINT})
)
