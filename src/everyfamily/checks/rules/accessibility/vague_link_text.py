"""Links whose words do not say where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.outside_document import Link

LONGEST_ADDRESS = 60
"""The longest address, in characters, that somebody can reasonably be asked to listen to."""
_VAGUE = re.compile(
    r"(?:(?:please )?(?:see|go|look|read) )?(?:here|this|link|this link|the link|link here|this page|this website"
    r"|this document|more|more here|more info(?:rmation)?|further information|read more|find out more|learn more"
    r"|see more|details|website|download|pdf|attached)",
    re.IGNORECASE,
)
_CLICK = re.compile(r"\bclick\b", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,2000}", re.IGNORECASE)
_EDGES = " \t\n.,:;!?…>»›→[]()\"'“”‘’"
_SAY = "Make the link say what is there: “Report to CEOP”."
_SHORTEN = "Name the page in words; where the letter is printed, print a short address."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each link with vague words or a long address. “Click here” has its own rule."""
    for _, pieces in pieces_by_file(context):
        for piece in pieces:
            for link in piece.block.links if piece.block is not None else ():
                yield from _hits(piece, link)


def _hits(piece: Piece, link: Link) -> Iterator[Hit]:
    words = piece.text[link.start : link.end]
    bare = " ".join(words.strip(_EDGES)[: 2 * LONGEST_ADDRESS].split())
    if _VAGUE.fullmatch(bare):
        if not _CLICK.search(piece.text[max(0, link.start - 12) : link.end]):
            message = f"The link “{clip(bare)}” does not say where it leads"
            yield Hit(piece, link.start, link.end, message, _SAY)
    elif len(words) > LONGEST_ADDRESS and _ADDRESS.fullmatch(words.strip()):
        yield Hit(piece, link.start, link.end, f"The link is an address of {len(words)} characters", _SHORTEN)


RULE = Rule("AC004", "vague-link-text", Severity.WARNING, "rendered", check)
