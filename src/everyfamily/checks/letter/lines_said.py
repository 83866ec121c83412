"""Whether a letter says something at all: anywhere in a document from outside, and in every language in ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.text.pieces import Part, Piece
from everyfamily.checks.text.vocabulary import Indexed, spans


def titles_without(
    context: CheckContext, said: re.Pattern[str], part: Part = "body", shapes: Indexed | None = None
) -> Iterator[Piece]:
    """Where to point for each text that does not say it, in words of `said` or one of the `shapes`: at most one piece
    for each language.

    The words are looked for in English. A translation of ours says it if it has the passage that says it in English. A
    document from outside says it if any of its English does.
    """
    text = list(context.part(part))
    saying = {piece.passage for piece in text if piece.is_english and _says(piece.folded.text, said, shapes)}
    if context.letter is None:
        if text and not saying:
            yield text[0]
        return
    for language, title in context.titles(part).items():
        if not any(p.passage in saying and p.text.strip() for p in text if p.language == language):
            yield title


def _says(text: str, said: re.Pattern[str], shapes: Indexed | None) -> bool:
    return bool(said.search(text)) or (shapes is not None and bool(spans(shapes, text)))
