"""A text message of more than two fragments."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole

MOST_FRAGMENTS = 2
MOST_IN_SHORT = 4
"""Of a language that has only the small set: the same words take twice as many fragments in most alphabets."""
_HINT = "Shorten it: 306 plain characters, or 134 with other alphabets or signs, fit in two."
_SHORT_HINT = f"Shorten it in short.LANGUAGE.md: {MOST_IN_SHORT * 67} characters fit, with the school's name."
_MISSING_HINT = "Count the text message in this language and run the check again."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language whose text message is too long, or whose fragments nobody counted."""
    counts = context.sms_fragments or {}
    letter = context.letter
    full = {} if letter is None else {text.language: text.sms.id for text in letter.texts.values()}
    for piece in context.part("outside"):
        if piece.passage != full.get(piece.language):
            continue
        count = counts.get(piece.language)
        if count is None:
            yield whole(piece, f"The text message in {piece.language} was not counted", _MISSING_HINT)
        elif count.fragments > MOST_FRAGMENTS:
            fact = f"Text message takes {count.fragments} fragments ({count.characters} {count.encoding})"
            yield whole(piece, fact, _HINT)
    title = context.titles().get("en")
    for language in () if letter is None else letter.short:
        count = counts.get(language)
        if title is not None and count is not None and count.fragments > MOST_IN_SHORT:
            fact = f"Text message in {language} takes {count.fragments} fragments ({count.characters} {count.encoding})"
            yield whole(title, fact, _SHORT_HINT)


RULE = Rule(
    "LM001", "long-text-message", Severity.WARNING, "rendered", check, needs=frozenset({Need.LETTER, Need.SMS})
)
