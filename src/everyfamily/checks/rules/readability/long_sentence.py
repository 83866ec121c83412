"""A sentence of more than 25 words."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule
from everyfamily.checks.text.prose import words

MOST_WORDS = 25
_HINT = f"Split it in two. {MOST_WORDS} words is the most."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each long sentence of an English piece. A list item is its own sentence."""
    for piece in context.pieces:
        if not piece.is_english:
            continue
        for start, end in piece.sentences:
            if end - start <= 2 * MOST_WORDS:
                continue  # 26 words with their spaces take at least 51 characters
            count = len(words(piece.folded.text[start:end]))
            if count > MOST_WORDS:
                yield Hit(piece, *piece.folded.span(start, end), f"Sentence has {count} words", _HINT)


RULE = Rule(
    code="RD001",
    name="long-sentence",
    severity=Severity.WARNING,
    scope="text",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That no sentence has more than 25 words. Telephone numbers, web and email addresses do "
        "not count; a gap counts as one word; each item of a list is a sentence. English only: "
        "other languages count words differently.",
        matters="One adult in six in England finds reading very hard, and everybody reads badly when "
        "frightened. Use the length as a guide, not as a limit. A reviewer may leave a long sentence, with a "
        "reason.",
        example="If you are worried about any of the changes that are described in this letter, you "
        "should contact the children's team of the council, who will listen to you and help.",
        instead="If you are worried, call the children's team. They will listen to you and help.",
    ),
    evidence=("S45", "S82"),
    check=check,
    outside=Severity.ADVICE,
)
