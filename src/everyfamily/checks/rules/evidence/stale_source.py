"""A source that somebody should have looked at again."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip, whole
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


RULE = Rule(
    code="EV005",
    name="stale-source",
    severity=Severity.WARNING,
    scope="text",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That no passage rests on a source whose day of review has passed.",
        matters="Guidance is replaced, services change their hours, studies are corrected. A passage that was right"
        " last year tells families something that its own source no longer says.",
        example="A passage with {source=S26}, and review_on = 2026-05-24 in sources.toml.",
        instead="Somebody opens the page again, and writes the new day into sources.toml.",
    ),
    evidence=("A9",),
    check=check,
    needs=frozenset({Need.OURS}),
)
