"""Words that blame, label, profile or alarm: one rule for each row of `blaming_words.toml`."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import MESSAGE_LIMIT, Hit, Page, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import sentence_at

Span = tuple[int, int]

REACH = 200
"""How many characters from the words an exception may be. This stops a one-sentence book from taking for ever."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that runs. Patterns see folded text (`checks/text/prose.py`), and are compiled when the row first runs."""

    id: str
    pattern: str
    only_with: Sequence[str]
    """Lower-case words. Without one of them the pattern finds nothing. If there are none, it is always tried."""
    fact: str
    suggestion: str
    plain: Mapping[str, str]
    """What to write for words that begin like this. The suggestion is for all others."""
    is_for_families: bool
    """Whether only a family finds the words hard, so that staff may read them in their briefing."""
    allowed_in_quotation: bool
    allowed_before: str | None
    """What before the words allows them."""
    allowed_after: str | None
    """What after the words allows them, such as the number of a service."""
    allowed_in_sentence: str | None
    allowed_within: str | None
    """A name that contains the words."""


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
        if piece.is_english and not (row.is_for_families and piece.part == "briefing"):
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
    quoted = _merged(piece.quotations) if row.allowed_in_quotation else ()
    return Excuses(_spans(row.allowed_in_sentence, piece), _spans(row.allowed_within, piece), quoted)


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
    if row.allowed_before is None and row.allowed_after is None and not excuses:
        return False
    begin, end = sentence_at(piece.sentences, match.start())
    text = piece.folded.text
    near = max(begin, match.start() - REACH), min(end, match.end() + REACH)
    if row.allowed_before is not None:
        before = f"{_open_lead_in(piece)} {text[near[0] : match.start()]}"
        if _compiled(row.allowed_before).search(before[-REACH:]):
            return True
    if row.allowed_after is not None and _compiled(row.allowed_after).search(text[match.end() : near[1]]):
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


def rule_from_row(raw: Mapping[str, Any]) -> Rule:
    """The rule for a row of the list. Raises KeyError if the row lacks one of its lines."""
    allowed = raw.get("allowed", {})
    row = Row(
        id=raw["id"],
        pattern=raw["pattern"],
        only_with=raw.get("only_with", ()),
        fact=raw["fact"],
        suggestion=raw["suggestion"],
        plain=raw.get("plain", {}),
        is_for_families=raw["level"] == "plain",
        allowed_in_quotation=allowed.get("quotation", False),
        allowed_before=allowed.get("before"),
        allowed_after=allowed.get("after"),
        allowed_in_sentence=allowed.get("sentence"),
        allowed_within=allowed.get("within"),
    )
    page = Page(
        checks=f"Wording that {row.fact}. It is row {row.id} of the words list.",
        matters=f"{raw['why']}.",
        example=raw["example"],
        instead=f"{raw['instead']}\n\nIn general: {row.suggestion}.",
        exceptions=raw.get("exception", ""),
    )
    return Rule(
        code=raw["code"],
        name=raw["name"],
        severity=Severity(raw["severity"]),
        scope="text",
        status=raw["status"],
        since=raw.get("since", "2026.1"),
        page=page,
        evidence=tuple(raw["evidence"]),
        check=partial(find, row),
        only_about_harm=raw.get("only_about_harm", False),
        outside=Severity(raw["outside"]) if "outside" in raw else None,
    )


def word_list() -> list[dict[str, Any]]:
    """Every row of the list as written, also the row that another rule runs (see `looks`)."""
    text = files("everyfamily.checks.rules.harm").joinpath("blaming_words.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["row"]
    return rows


RULES: tuple[Rule, ...] = tuple(rule_from_row(raw) for raw in word_list() if "looks" not in raw)
