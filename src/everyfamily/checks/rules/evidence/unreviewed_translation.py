"""A translation that no second person has read against the English."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.translations import is_second_person
from everyfamily.core.text.passages import LetterText

_HINT = "Have a second person read it against the English, and name them as checker in pack.toml."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each translation without a checker, or checked by the person who made it, at its title."""
    if context.letter is None:
        return
    titles = context.titles()
    texts: list[tuple[str, LetterText | SiteText]] = [
        *context.letter.texts.items(),
        *context.letter.short.items(),
    ]
    for language, text in texts:
        at = titles.get(language, titles.get("en"))
        if text.translator is None or at is None:
            continue
        if not (text.checker or "").strip():
            yield whole(at, "Nobody has checked this translation", _HINT)
        elif not is_second_person(text.checker, text.translator):
            yield whole(at, "Only its translator has checked this translation", _HINT)
        elif isinstance(text, SiteText) and not text.is_reviewed:
            yield whole(at, f"The words in {language} were changed after somebody checked them", _HINT)


RULE = Rule("EV008", "unreviewed-translation", Severity.ERROR, "letter", check, needs=frozenset({Need.LETTER}))
