"""A translation that no second person has read against the English."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole
from everyfamily.core.packs.translations import is_second_person

_HINT = "Have a second person read it against the English, and name them as checker in pack.toml."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each translation without a checker, or checked by the person who made it, at its title."""
    if context.letter is None:
        return
    titles = context.titles()
    for language, text in context.letter.texts.items():
        if text.translator is None or language not in titles:
            continue
        if not (text.checker or "").strip():
            yield whole(titles[language], "Nobody has checked this translation", _HINT)
        elif not is_second_person(text.checker, text.translator):
            yield whole(titles[language], "Only its translator has checked this translation", _HINT)


RULE = Rule(
    code="EV008",
    name="unreviewed-translation",
    severity=Severity.ERROR,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That somebody other than the translator has read each translation against the English.",
        matters="Most people who approve a letter cannot read its translations. A word that blames the child,"
        " or a number with two digits changed round, is seen by a second reader or by nobody. So nobody may "
        "waive it. Until it is read, send the letter without that language.",
        example="[translations.pl] with a translator and no checker.",
        instead='[translations.pl] with translator = "…" and checker = "…", two people.',
    ),
    evidence=("A9",),
    check=check,
    needs=frozenset({Need.LETTER}),
)
