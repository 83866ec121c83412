"""A source that somebody should have looked at again."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.dates import day_in_words

_HINT = "Open the source, see that it still says so, and give it a new review_on in sources.toml."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each source past its day, at the first passage that depends on it."""
    late = {source.key: source for source in context.sources if source.review_on < context.today}
    rests_on = _rests_on(context) if late else {}
    for piece in context.pieces:
        for key in rests_on.get((piece.language, piece.passage), ()):
            source = late.pop(key, None)
            if source is not None:
                yield _hit(piece, key, day_in_words(source.review_on))


def _rests_on(context: CheckContext) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(language, passage.id): passage.sources for language, passage in context.written()}


def _hit(piece: Piece, key: str, day: str) -> Hit:
    return whole(piece, f"Its source {clip(key)} was to be looked at again by {day}", _HINT)


RULE = Rule("EV005", "stale-source", Severity.WARNING, "text", check, needs=frozenset({Need.OURS}))
