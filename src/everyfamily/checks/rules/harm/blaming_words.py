"""Words that blame, label, profile or alarm: one rule for each row of `blaming_words.toml`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Literal

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.rule import MESSAGE_LIMIT, Hit, Rule, clip
from everyfamily.checks.model.rule_rows import RuleRow
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import sentence_at
from everyfamily.core.files.data_tables import load_rows

Span = tuple[int, int]

REACH = 200
"""How many characters from the words an exception may be. This stops a one-sentence book from taking for ever."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What allows a row's words. All but the first are patterns."""

    quotation: bool = False
    before: str | None = None
    """What before the words allows them."""
    after: str | None = None
    """What after the words allows them, such as the number of a service."""
    sentence: str | None = None
    within: str | None = None
    """A name that contains the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(RuleRow):
    """A row. Patterns see folded text (`checks/text/prose.py`), and are compiled when the row first runs."""

    id: str
    level: Literal["stop", "check", "plain"]
    """Only a family finds "plain" words hard, so staff may read them in their briefing."""
    pattern: str
    only_with: tuple[str, ...] = ()
    """Lower-case words. Without one of them the pattern finds nothing. If there are none, it is always tried."""
    why: str
    fact: str
    suggestion: str
    plain: Mapping[str, str] = field(default_factory=dict)
    """What to write for words that begin like this. The suggestion is for all others."""
    allowed: Allowed = Allowed()
    exception: str = ""
    since: str = "2026.1"
    only_about_harm: bool = False
    looks: str = ""
    """What is looked for, if another rule runs the row."""


@dataclass(frozen=True, slots=True)
class Excuses:
    """Where exceptions are in a piece, in order and without overlap. They are looked up once and not for every
    match."""

    sentence: Sequence[Span]
    within: Sequence[Span]
    quoted: Sequence[Span]


def find(row: Row, context: CheckContext) -> Iterator[Hit]:
    """Every place where the row's words are and none of its exceptions applies."""
    for piece in context.pieces:
        if piece.is_english and not (row.level == "plain" and piece.part == "briefing"):
            yield from _in_piece(row, piece)


def _in_piece(row: Row, piece: Piece) -> Iterator[Hit]:
    if row.only_with and not _stands_in(piece.small, row.only_with):
        return
    excuses: Excuses | None = None
    for match in _compiled(row.pattern).finditer(piece.folded.text):
        excuses = excuses or _excuses(row, piece)
        leading = len(match.group()) - len(match.group().lstrip())
        start, end = piece.folded.span(match.start() + leading, match.end())
        if _holds(excuses.quoted, (start, end)) or _holds(excuses.within, match.span()):
            continue
        if _is_allowed_by_sentence(row, piece, match, excuses.sentence):
            continue
        words = clip(piece.text[start:end], MESSAGE_LIMIT - len(row.fact) - 3)
        instead = _suggestion(row, match.group().strip().lower())
        yield Hit(piece, start, end, f"“{words}” {row.fact}", f"Instead: {instead}.")


def _stands_in(small: str, only_with: Sequence[str]) -> bool:
    """A loop, because this is asked for every row in every piece, and `any` takes three times as long."""
    for words in only_with:  # noqa: SIM110
        if words in small:
            return True
    return False


def _suggestion(row: Row, words: str) -> str:
    begun = [beginning for beginning in row.plain if words.startswith(beginning)]
    return row.plain[max(begun, key=len)] if begun else row.suggestion


def _excuses(row: Row, piece: Piece) -> Excuses:
    quoted = _merged(piece.quotations) if row.allowed.quotation else ()
    return Excuses(_spans(row.allowed.sentence, piece), _spans(row.allowed.within, piece), quoted)


def _spans(pattern: str | None, piece: Piece) -> tuple[Span, ...]:
    return () if pattern is None else tuple(m.span() for m in _compiled(pattern).finditer(piece.folded.text))


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _holds(spans: Sequence[Span], inner: Span) -> bool:
    """Whether one of the spans contains `inner`, ignoring white space before its first word."""
    index = bisect_right(spans, (inner[0] + 1, 0)) - 1
    return index >= 0 and inner[1] <= spans[index][1]


def _is_allowed_by_sentence(row: Row, piece: Piece, match: re.Match[str], excuses: Sequence[Span]) -> bool:
    if row.allowed.before is None and row.allowed.after is None and not excuses:
        return False
    begin, end = sentence_at(piece.sentences, match.start())
    text = piece.folded.text
    near = max(begin, match.start() - REACH), min(end, match.end() + REACH)
    if row.allowed.before is not None:
        before = f"{_open_lead_in(piece)} {text[near[0] : match.start()]}"
        if _compiled(row.allowed.before).search(before[-REACH:]):
            return True
    if row.allowed.after is not None and _compiled(row.allowed.after).search(text[match.end() : near[1]]):
        return True
    nearest = bisect_left(excuses, (near[0], 0))
    return nearest < len(excuses) and excuses[nearest][1] <= near[1]


def _open_lead_in(piece: Piece) -> str:
    """The line above a list, if the items complete it ("Please do not:"). A full sentence does not count."""
    lead_in = piece.lead_in.strip()
    return "" if lead_in.endswith((".", "!", "?")) and not lead_in.endswith("...") else lead_in


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when first needed, because a letter about a trip needs none of them."""
    return re.compile(pattern, re.IGNORECASE)


def rule_of(row: Row) -> Rule:
    """The rule for a row of the list."""
    return row.rule(
        partial(find, row),
        "text",
        checks=f"Wording that {row.fact}. It is row {row.id} of the words list.",
        matters=f"{row.why}.",
        suggestion=row.suggestion,
        exceptions=row.exception,
        only_about_harm=row.only_about_harm,
    )


RULES: tuple[Rule, ...] = tuple(rule_of(row) for row in load_rows(Row, __file__) if not row.looks)
