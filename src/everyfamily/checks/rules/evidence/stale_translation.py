"""A translation of an older English text."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole


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


RULE = Rule("EV007", "stale-translation", Severity.ERROR, "letter", check, needs=frozenset({Need.LETTER}))
