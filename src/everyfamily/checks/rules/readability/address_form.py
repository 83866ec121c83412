"""A printed web or email address with something attached to it, or one that is too long to type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.web_addresses import addresses_in, mailboxes_in
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece

LONGEST = 40
_GLUED = re.compile(r"([.,;])\s{0,3}$|([)\]])")
_ALONE_HINT = "End the line with the address, without a mark after it."
_BRACKET_HINT = "Put the address on a separate line, without brackets."
_LONG_HINT = "Print a short address that leads there, such as families.example/spring."
_TAIL = 5
"""How many characters after an address are searched for a mark that ends the passage."""


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each address that is printed, not linked, and hard to copy by hand."""
    for piece in context.pieces:
        if piece.part == "register":
            continue
        for start, end, is_web in _printed(piece):
            words = clip(piece.text[start:end])
            to_type = len(piece.text[start:end].removeprefix("https://"))
            if is_web and to_type > LONGEST:
                yield Hit(piece, start, end, f"Address has {to_type} characters to type", _LONG_HINT)
                continue
            glued = _GLUED.match(piece.text[end : end + _TAIL])
            if glued is None:
                continue
            at_end = glued.group(1) is not None
            if at_end and end + _TAIL <= len(piece.text.rstrip()):
                continue
            mark = "full stop" if glued.group()[:1] == "." else "mark" if at_end else "bracket"
            hint = _ALONE_HINT if at_end else _BRACKET_HINT
            fix = piece.text[start:end] if at_end else None
            yield Hit(piece, start, end + 1, f"A {mark} is glued to “{words}”", hint, fix=fix)


def _printed(piece: Piece) -> Iterator[tuple[int, int, bool]]:
    linked = {(link.start, link.end) for link in piece.block.links} if piece.block is not None else set()
    for address in addresses_in(piece):
        if not address.is_link:
            yield address.start, address.end, True
    for start, end, _ in mailboxes_in(piece):
        if (start, end) not in linked:
            yield start, end, False


RULE = Rule("RD009", "address-form", Severity.ADVICE, "text", check)
