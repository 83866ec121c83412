"""Words that blame, label, profile or alarm: one rule for each row of `blaming_words.toml`."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any

from everyfamily.checks.context import CheckContext
from everyfamily.checks.finding import Severity
from everyfamily.checks.pieces import Piece
from everyfamily.checks.prose import sentence_at
from everyfamily.checks.rule import MESSAGE_LIMIT, Hit, Page, Rule, clip

REACH = 200
"""How many characters before the words an exception may stand; keeps a one-sentence book from taking for ever."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that runs. Patterns see folded text (see `checks/prose.py`)."""

    id: str
    pattern: re.Pattern[str]
    fact: str
    suggestion: str
    allowed_in_quotation: bool
    allowed_after: re.Pattern[str] | None
    allowed_in_sentence: re.Pattern[str] | None


def find(row: Row, context: CheckContext) -> Iterator[Hit]:
    """Every place where the row's words stand and none of its exceptions applies."""
    for piece in context.pieces:
        if piece.is_english:
            yield from _in_piece(row, piece)


def _in_piece(row: Row, piece: Piece) -> Iterator[Hit]:
    excuses = _excuses(row, piece)
    for match in row.pattern.finditer(piece.folded.text):
        leading = len(match.group()) - len(match.group().lstrip())
        start, end = piece.folded.span(match.start() + leading, match.end())
        if _is_allowed(row, piece, match, (start, end), excuses):
            continue
        words = clip(piece.text[start:end], MESSAGE_LIMIT - len(row.fact) - 3)
        yield Hit(piece, start, end, f"“{words}” {row.fact}", f"Instead: {row.suggestion}.")


def _excuses(row: Row, piece: Piece) -> tuple[tuple[int, int], ...]:
    """Where the row's exception for a whole sentence stands, looked up once and not for every match."""
    pattern = row.allowed_in_sentence
    return () if pattern is None else tuple(m.span() for m in pattern.finditer(piece.folded.text))


def _is_allowed(
    row: Row, piece: Piece, match: re.Match[str], span: tuple[int, int], excuses: Sequence[tuple[int, int]]
) -> bool:
    if row.allowed_in_quotation and any(a <= span[0] and span[1] <= b for a, b in piece.quotations):
        return True
    if row.allowed_after is None and not excuses:
        return False
    begin, end = sentence_at(piece.sentences, match.start())
    text = piece.folded.text
    if row.allowed_after is not None:
        before = f"{_open_lead_in(piece)} {text[max(begin, match.start() - REACH) : match.start()]}"
        if row.allowed_after.search(before[-REACH:]):
            return True
    near = max(begin, match.start() - REACH), min(end, match.end() + REACH)
    nearest = bisect_left(excuses, (near[0], 0))
    return nearest < len(excuses) and excuses[nearest][1] <= near[1]


def _open_lead_in(piece: Piece) -> str:
    """The line above a list, when the items finish it ("Please do not:"); a full sentence does not count."""
    lead_in = piece.lead_in.strip()
    return "" if lead_in.endswith((".", "!", "?")) and not lead_in.endswith("...") else lead_in


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return None if pattern is None else re.compile(pattern, re.IGNORECASE)


def rule_from_row(raw: Mapping[str, Any]) -> Rule:
    """The rule that a row of the list is; raises KeyError for a row without one of its lines."""
    allowed = raw.get("allowed", {})
    row = Row(
        id=raw["id"],
        pattern=re.compile(raw["pattern"], re.IGNORECASE),
        fact=raw["fact"],
        suggestion=raw["suggestion"],
        allowed_in_quotation=allowed.get("quotation", False),
        allowed_after=_compiled(allowed.get("before")),
        allowed_in_sentence=_compiled(allowed.get("sentence")),
    )
    page = Page(
        checks=f"Wording that {row.fact}. In the words list this is row {row.id}.",
        matters=f"{raw['why']}.",
        example=raw["example"],
        instead=f"{raw['instead']}\n\nIn general: {row.suggestion}.",
        exceptions=raw.get("exception", ""),
    )
    return Rule(
        code=raw["code"],
        name=raw["name"],
        severity=Severity(raw["severity"]),
        scope="letter",
        status=raw["status"],
        since="2026.1",
        page=page,
        evidence=tuple(raw["evidence"]),
        check=partial(find, row),
    )


def word_list() -> list[dict[str, Any]]:
    """Every row of the list as written, those that do not run yet included."""
    text = files("everyfamily.checks.rules.harm").joinpath("blaming_words.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["row"]
    return rows


RULES: tuple[Rule, ...] = tuple(rule_from_row(raw) for raw in word_list() if raw["level"] == "stop")
