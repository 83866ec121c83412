"""A lead-in with nothing after it, or an address that was lost in copying."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece

_LEADS_IN = re.compile(
    r"(?:^|[.!?]\s)(?P<lead>[^.!?\n]{0,120}?\b(?:these include|includes?|including|as follows|following"
    r"|stands? for|are|these"
    r"|below|signs|rules|questions|dates|details|information|here|list|such as|know|website|link|contact)):$",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?:please\s|can\s|or\s|should\s)(?:visit|go\sto)(?=\s?[,.;](?:\s|$)|\s?$)|\b(?:go\sto|log\son\sto"
    r"|e-?mailed\sto|emailed?\s(?:us\s)?(?:at|to)|available\s(?:at|from|on)"
    r"|contact\sus\s(?:on|at|via)|call\sus\son|ring\sus\son|telephone|(?:web)?site\sat|found\sat|viewed\sat"
    r"|address\sis"
    r"|number\sis|link\sis|by\semail\sto|returned\sto|sent\sto)(?=\s?[,.;](?:\s|$)|\s?$)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\bhere\s?[-–:]?\s*$|\bvisit\sto\s(?:learn|find|see|read|get)\b|\b(?:resources|links|leaflets?)\sbelow\b|"
    r"\b(?:can\s(?:also\s)?be|is|are|please|to|or|and)\s(?:accessed|found|viewed|seen|downloaded|read|watched"
    r"|view|see|find|click|access)"
    r"\s(?:\w{1,12}\s){0,2}?(?:below|here|at\sthe\s(?:following|bottom)|on\sthe\slink)\b|\bhere\sis\s(?:a"
    r"|the)\slink\b"
    r"|\b(?:on|at|via|through|from|using|follow)\sthe\s(?:following\s)?(?:link|address|website)s?\sbelow\b"
    r"|\b(?:click(?:ing)?|see)\shere\b"
    r"|\b(?:tap|tapping|find|found|download|read\smore|sign\sup|register|book|available|viewed)\s(?:it\s|them\s|more\s)?here(?=\s?[.,;)]|$)",
    re.IGNORECASE,
)
_IS_THERE = re.compile(r"https?://|\bwww\.|@|\w\.(?:org|co|gov|com|net|police|nhs|sch)\b|\d{3,}", re.IGNORECASE)
_FOLLOWS = frozenset({"item", "cell"})
_ENDS = re.compile(
    r"^\W{0,3}(?:yours|kind regards|best wishes|many thanks|if you|we (?:are|will|would|have|hope)|please"
    r"|thank you|i (?:am|hope))\b",
    re.IGNORECASE,
)
_OF_A_LINK = re.compile(r"\b(?:link|website|here|visit|web ?page)\b", re.IGNORECASE)
_SENTENCE = 10
"""A paragraph with at least this many words is not an address."""
_NEAR = 4
"""How many pieces after the lead-in may have what it points to."""
_HINT = "Write what was to follow, or take the sentence out."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each place where something is announced but does not follow."""
    if context.is_ours:
        return
    body = [
        piece for piece in context.part("body") if piece.is_english and piece.kind not in ("header", "footer")
    ]
    for index, piece in enumerate(body):
        after = body[index + 1 : index + 1 + _NEAR]
        yield from _lead_in(piece, after)
        yield from _lost(piece, after)


def _lead_in(piece: Piece, after: Sequence[Piece]) -> Iterator[Hit]:
    text = piece.folded.text.rstrip()
    match = _LEADS_IN.search(text[-160:])
    if match is None or piece.kind in _FOLLOWS:
        return
    is_lost = bool(_OF_A_LINK.search(match["lead"])) and bool(after) and _is_no_address(after[0])
    if after and not is_lost and not _is_no_list(after[0]):
        return
    begin = max(0, len(text) - 160) + match.start("lead")
    span = piece.folded.span(begin, len(text))
    yield Hit(piece, *span, f"Nothing follows “{clip(piece.text[slice(*span)], 40)}”", _HINT)


def _is_no_list(piece: Piece) -> bool:
    text = piece.folded.text
    if piece.kind in _FOLLOWS:
        return False
    return piece.kind in ("heading", "title") or text.rstrip().endswith(":") or bool(_ENDS.match(text))


def _is_no_address(piece: Piece) -> bool:
    """Whether a paragraph continues with something else, where the link of a lead-in should be."""
    words = piece.folded.text.split()
    return (
        len(words) >= _SENTENCE
        and not _IS_THERE.search(piece.folded.text)
        and not (piece.block and piece.block.links)
    )


def _lost(piece: Piece, after: Sequence[Piece]) -> Iterator[Hit]:
    text = piece.folded.text
    links = () if piece.block is None else piece.block.links
    for match in _LOST.finditer(text):
        if (
            not links
            and not text[match.end() : match.end() + 2].strip(" ,.;")
            and not _opens(piece, match.end(), after)
        ):
            span = piece.folded.span(*match.span())
            yield Hit(piece, *span, f"No address follows “{clip(piece.text[slice(*span)], 40)}”", _HINT)
    if links or _comes(after):
        return
    last = max((match.start() for match in _IS_THERE.finditer(text)), default=-1)
    for match in _POINTS.finditer(text):
        if last >= match.end():
            continue
        span = piece.folded.span(*match.span())
        yield Hit(piece, *span, f"“{clip(piece.text[slice(*span)], 40)}” leads nowhere", _HINT)


def _opens(piece: Piece, end: int, after: Sequence[Piece]) -> bool:
    """Whether the words end their piece and the address is at the top of the next."""
    if piece.folded.text[end:].strip(" ,:"):
        return False
    return bool(after) and bool(_IS_THERE.search(after[0].folded.text[:80]))


def _comes(after: Sequence[Piece]) -> bool:
    return any(
        _IS_THERE.search(piece.folded.text)
        or (piece.block is not None and piece.block.links)
        or piece.kind in _FOLLOWS
        for piece in after
    )


RULE = Rule("EV184", "nothing-following", Severity.WARNING, "text", check)
