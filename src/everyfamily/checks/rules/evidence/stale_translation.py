"""A translation of an older English text."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each translation that was made from other English words than the letter has, at its title."""
    if context.letter is None:
        return
    english = context.letter.texts["en"].english_digest if "en" in context.letter.texts else None
    titles = context.titles()
    for language, text in context.letter.texts.items():
        made_of = text.english_digest
        if english is not None and made_of is not None and made_of != english and language in titles:
            yield whole(
                titles[language], "The English has changed since this was translated", _hint(language, english)
            )


def _hint(language: str, digest: str) -> str:
    return f'Have it translated again; then set english_digest = "{digest}" for {language} in pack.toml.'


RULE = Rule(
    code="EV007",
    name="stale-translation",
    severity=Severity.ERROR,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That each translation was made from the English words that the letter has now. The pack says "
        "which words those were: english_digest in pack.toml. The place of a passage, its sources and the "
        "page for staff do not count.",
        matters="A number or a line that was corrected in English stays wrong in Polish. The families who read the"
        " translation are the last to learn of it. So nobody may waive it. Until it is translated again, send "
        "the letter without that language.",
        example="A new danger line in letter.en.md, and a letter.pl.md of last year.",
        instead="The new line translated and checked, and its english_digest written into pack.toml.",
    ),
    evidence=("A9",),
    check=check,
    needs=frozenset({Need.LETTER}),
)
