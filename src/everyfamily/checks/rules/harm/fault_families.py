"""Families of faults: what a sentence says that one person does to another. `fault_families.toml` has a rule for each.

A family is a handful of patterns over a simple grammar. Groups of words (`<child>`, `<image>`) stand for anyone or
anything that a letter calls so, and a denial earlier in the sentence allows what follows it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any

from everyfamily.checks.letter.fault_shapes import KEPT
from everyfamily.checks.letter.fault_shapes import spans as shape_spans
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import MESSAGE_LIMIT, Hit, Page, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import sentence_at

REACH = 160
"""How many characters before the words a denial may be."""
_DENIED = (
    r"\b(?:not|never|no|nobody|no one|nor|neither|cannot|(?:do|does|did|is|are|was|were|ca|wo|would|should|has|have)"
    r"n't|rather than|instead of|without|even (?:if|though)|whatever|whether or not)\b(?! only)[^.;:!?]{0,45}$"
)
_BUT = re.compile(r"\b(?:but|however|instead(?! of))\b|, (?=please\b|then\b)", re.IGNORECASE)
_CONDITION = re.compile(r"^[\W\d]*(?:\w{1,6} )?(?:if|should|when|where|once|after)\b", re.IGNORECASE)
_READER_ACTS = re.compile(
    r"\b(?:please|(?:that|if|whether|when) you|you (?:should|could|can|may|might|must|need|will|do)"
    r"|(?:ask|urge|encourage|advise|recommend|suggest|remind|invite|expect|want|like)(?: that)?"
    r" (?:you|all|every|parents|families|carers)(?: (?:and|or) \w{1,9})?(?: to)?)\b",
    re.IGNORECASE,
)
"""From here on the reader acts, not the person that the sentence began with: "We would ask that you"."""
_STILL_DENIED = re.compile(r"\b(?:do not|don't|never|nobody|must not|should not)\b", re.IGNORECASE)
_GROUP = re.compile(r"<([a-z]+)>")


@dataclass(frozen=True, slots=True)
class Family:
    """A family as it runs. Patterns are compiled when a letter first has one of the words that they need."""

    code: str
    patterns: tuple[str, ...]
    needs: tuple[str, ...]
    is_deniable: bool
    unless: str | None
    sentence: str | None
    follows: str | None
    in_quotation: bool
    kinds: tuple[str, ...]
    fact: str
    hint: str


def find(family: Family, context: CheckContext) -> Iterator[Hit]:
    """One hit for each run of words that matches the family and that nothing in its sentence takes back."""
    if family.kinds and context.subject.kinds and not context.subject.has(*family.kinds):
        return
    for piece in context.pieces:
        if piece.is_english and piece.part != "briefing":
            yield from _in_piece(family, piece)


def _in_piece(family: Family, piece: Piece) -> Iterator[Hit]:
    text = piece.folded.text
    spans = [*_found(text).get(family.code, ()), *shape_spans(family.code, piece)]
    if not spans:
        return
    last = 0
    for start, end in sorted(spans):
        begun = text[start:end].lstrip(" .:;!?,•*–-\n\u2029")
        start = end - len(begun) if begun else start
        if start < last or start >= end or _is_allowed(family, piece, start, end):
            continue
        last = end
        span = piece.folded.span(start, end)
        words = clip(piece.text[slice(*span)], MESSAGE_LIMIT - len(family.fact) - 3)
        yield Hit(piece, *span, f"“{words}” {family.fact}", family.hint)


@lru_cache(maxsize=KEPT)
def _found(text: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Where patterns fit in a folded text, by the family's code. The text of a letter is read several times: as it is
    written, in each of its files, and again before it is approved and sealed."""
    small = text.lower()
    return {
        family.code: [match.span() for one in family.patterns for match in _compiled(one).finditer(text)]
        for family in _families()
        if any(word in small for word in family.needs)
    }


def _is_allowed(family: Family, piece: Piece, start: int, end: int) -> bool:
    text = piece.folded.text
    begin, stop = sentence_at(piece.sentences, start)
    begin, stop = max(begin, start - REACH), min(max(stop, end), end + REACH)
    before = _main_clause(text[begin:start])
    before = _BUT.split(f"{_open_lead_in(piece)} {before}" if begin == 0 else before)[-1]
    if family.is_deniable and _compiled(_DENIED).search(before):
        return True
    if family.unless is not None and _compiled(family.unless).search(_READER_ACTS.split(before)[-1]):
        return True
    if family.follows is not None and _compiled(family.follows).search(text[end:stop]):
        return True
    if family.sentence is not None and _compiled(family.sentence).search(text[begin:stop]):
        return True
    if not family.in_quotation:
        return False
    own = piece.folded.span(start, end)
    return any(quote[0] <= own[0] and own[1] <= quote[1] for quote in piece.quotations)


def _main_clause(before: str) -> str:
    """What is before the words, without a condition: "If they are not well, let them sleep" denies nothing."""
    clauses = before.split(", ")
    if not _CONDITION.match(before) or any(_STILL_DENIED.search(clause) for clause in clauses[1:]):
        return before
    return clauses[-1] if len(clauses) > 1 else before


def _open_lead_in(piece: Piece) -> str:
    """The line above a list, if the items complete it ("Please do not:")."""
    lead_in = piece.lead_in.strip()
    return "" if lead_in.endswith((".", "!", "?")) else lead_in[-REACH:].removesuffix(":")


@cache
def _lists() -> dict[str, Any]:
    text = files("everyfamily.checks.rules.harm").joinpath("fault_families.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _spelled(pattern: str) -> str:
    """The pattern with its groups of words written out, and each space as any white space."""
    words: Mapping[str, str] = _lists()["words"]
    whole = _GROUP.sub(lambda group: words[group[1]], pattern)
    return _GROUP.sub(lambda group: words[group[1]], whole).replace(" ", r"\s")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_spelled(pattern), re.IGNORECASE)


@cache
def _families() -> Sequence[Family]:
    return [_family(raw) for raw in family_list()]


def _family(raw: Mapping[str, Any]) -> Family:
    return Family(
        code=raw["code"],
        patterns=tuple(raw["patterns"]),
        needs=tuple(raw["needs"]),
        is_deniable=raw.get("negation", True),
        unless=raw.get("unless"),
        sentence=raw.get("sentence"),
        follows=raw.get("follows"),
        in_quotation=raw.get("quotation", False),
        kinds=tuple(raw.get("kinds", ())),
        fact=raw["fact"],
        hint=f"Instead: {raw['suggestion']}.",
    )


def _rule(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        code=raw["code"],
        name=raw["name"],
        severity=Severity(raw["severity"]),
        scope="text",
        status="stable",
        since="2026.5",
        page=Page(
            checks=f"Wording that {raw['fact']}. The rule has patterns for the usual ways to say so.",
            matters=f"{raw['why']}.",
            example=raw["example"],
            instead=f"{raw['instead']}\n\nIn general: {raw['suggestion']}.",
            exceptions=f"{raw['exception']}." if "exception" in raw else "",
        ),
        evidence=tuple(raw["evidence"]),
        check=partial(find, _family(raw)),
        only_about_harm=not raw.get("every_letter", False),
        outside=Severity(raw["outside"]) if "outside" in raw else None,
        gives_way=True,
    )


def family_list() -> list[dict[str, Any]]:
    """Every family of the list as written."""
    families: list[dict[str, Any]] = _lists()["family"]
    return families


RULES: tuple[Rule, ...] = tuple(_rule(raw) for raw in family_list())
