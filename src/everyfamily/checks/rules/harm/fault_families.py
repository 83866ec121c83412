"""Families of faults: what a sentence says that one person does to another. `fault_families.toml` has a rule for each.

A family is a handful of patterns over a simple grammar. Groups of words (`<child>`, `<image>`) stand for anyone or
anything that a letter calls so, and a denial earlier in the sentence allows what follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from everyfamily.checks.letter.fault_shapes import KEPT
from everyfamily.checks.letter.fault_shapes import spans as shape_spans
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.rule import MESSAGE_LIMIT, Hit, Rule, clip
from everyfamily.checks.model.rule_rows import RuleRow
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import sentence_at
from everyfamily.core.files.data_tables import load_rows, load_table

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(RuleRow):
    """A family. Patterns are compiled when a letter first has one of the words that they need."""

    patterns: tuple[str, ...]
    needs: tuple[str, ...]
    negation: bool = True
    unless: str | None = None
    sentence: str | None = None
    follows: str | None = None
    quotation: bool = False
    kinds: tuple[str, ...] = ()
    every_letter: bool = False
    fact: str
    suggestion: str
    why: str
    exception: str = ""


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
        yield Hit(piece, *span, f"“{words}” {family.fact}", f"Instead: {family.suggestion}.")


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
    if family.negation and _compiled(_DENIED).search(before):
        return True
    if family.unless is not None and _compiled(family.unless).search(_READER_ACTS.split(before)[-1]):
        return True
    if family.follows is not None and _compiled(family.follows).search(text[end:stop]):
        return True
    if family.sentence is not None and _compiled(family.sentence).search(text[begin:stop]):
        return True
    if not family.quotation:
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


def _spelled(pattern: str) -> str:
    """The pattern with its groups of words written out, and each space as any white space."""
    words: Mapping[str, str] = load_table(__file__)["words"]
    whole = _GROUP.sub(lambda group: words[group[1]], pattern)
    return _GROUP.sub(lambda group: words[group[1]], whole).replace(" ", r"\s")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_spelled(pattern), re.IGNORECASE)


@cache
def _families() -> tuple[Family, ...]:
    return load_rows(Family, __file__, table="family")


def _rule(family: Family) -> Rule:
    return family.rule(
        partial(find, family),
        "text",
        checks=f"Wording that {family.fact}. The rule has patterns for the usual ways to say so.",
        matters=f"{family.why}.",
        suggestion=family.suggestion,
        exceptions=family.exception and f"{family.exception}.",
        only_about_harm=not family.every_letter,
        gives_way=True,
    )


RULES: tuple[Rule, ...] = tuple(map(_rule, _families()))
