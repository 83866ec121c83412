"""A fact without a source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from everyfamily.checks.letter.facts import CLAIM, FIGURE, FINDING, Nearby, statements
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.passages import Passage

_NAMED = re.compile(
    r"\baccording to (?!(?:(?:recent|new|national|official|some) )?(?:research|statistics|figures|stud|experts|report))"
    r"|\bsources?:|\b(?:report|survey|study|research|figures|data|published|found) (?:by|from|of)\b"
    r"|\[\d{1,2}\]|\([^()\n]{1,80}\b(?:19|20)\d\d\)|https?://|\bwww\."
    r"|\b(?:NSPCC|Ofcom|Ofsted|ONS|NCA|IWF|CEOP|IICSA|NHS|DfE|Childline|Barnardo's|Children's Society|Home Office"
    r"|Office for National Statistics|Crime Survey|National Crime Agency|Internet Watch Foundation|CSA Centre"
    r"|Centre of expertise|Children's Commissioner|Department for Education|Marie Collins|University|census)\b",
    re.IGNORECASE,
)
_SOURCE_LINE = re.compile(r"^\W{0,3}sources?\b", re.IGNORECASE)
_OURS = "Add {source=KEY} to the passage and the source to sources.toml, or take the fact out."
_UNKNOWN = "Compose the letter again from its pack: the record does not hold what the passage rests on."
_THEIRS = "Say who found it and when (“Ofcom, 2024”), or leave the figure out."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each sentence that states a fact but does not name its source."""
    if context.is_ours:
        yield from _of_ours(context)
    else:
        yield from _of_document(context.pieces)


def _of_document(pieces: Sequence[Piece]) -> Iterator[Hit]:
    for piece, after in pairwise((*pieces, None)):
        if piece is None or not piece.is_english:
            continue
        found = list(statements(piece, FIGURE, FINDING))
        if not found or (after is not None and _SOURCE_LINE.match(after.folded.text)):
            continue
        named = Nearby(piece, [match.start() for match in _NAMED.finditer(piece.folded.text)])
        for start, end in found:
            if not named.has(start):
                yield _hit(piece, start, end, _THEIRS)


def _of_ours(context: CheckContext) -> Iterator[Hit]:
    known = {source.key for source in context.sources}
    passages = {(language, passage.id): passage for language, passage in context.written()}
    for piece in context.pieces:
        passage = passages.get((piece.language, piece.passage))
        if piece.part == "register" or passage is None:
            continue
        if known:  # a record from before they were kept has none, and names them all
            yield from _unknown(piece, passage, known)
        if piece.is_english and not passage.sources:
            for start, end in statements(piece, FIGURE, FINDING, CLAIM):
                yield _hit(piece, start, end, _OURS)


def _unknown(piece: Piece, passage: Passage, known: set[str]) -> Iterator[Hit]:
    if piece.kind != "aside":
        for key in passage.sources:
            if key not in known:
                yield whole(piece, f"Its source “{clip(key)}” is not among those of the letter", _UNKNOWN)


def _hit(piece: Piece, start: int, end: int, hint: str) -> Hit:
    start, end = piece.folded.span(start, end)
    return Hit(piece, start, end, f"“{clip(piece.text[start:end])}” comes without a source", hint)


RULE = Rule("EV004", "unsourced-fact", Severity.WARNING, "text", check, only_about_harm=True)
