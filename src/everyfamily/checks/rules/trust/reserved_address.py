"""A web address or mailbox that leads nowhere, in a letter to real families."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.web_addresses import addresses_in
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.invented import is_reserved

_PRINTED = re.compile(
    r"(?<![\w.-])(?:[\w.+'-]{1,64}@)?(?:(?:[\w-]{1,63}\.){1,6}(?:example|test|invalid|localhost)"
    r"|(?:[\w-]{1,63}\.){0,5}example\.(?:com|org|net))(?![\w-]|\.\w)"
)
"""In lower case: "This was a test.Invalid" is not an address."""
_HINT = "Print the real address, and open it before you write who checked it and when."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such address in the text, and for those that are only in the partnership's file."""
    if context.demonstration:
        return
    printed = set()
    for piece in context.pieces:
        for start, end, address in _addresses(piece):
            printed.add(address.rpartition("@")[2])
            yield Hit(piece, start, end, _message(address), _HINT)
    for own in _own(context):
        if is_reserved(own) and own.rpartition("@")[2] not in printed:
            for piece in context.of_passage("enquiries"):
                yield whole(piece, _message(own), _HINT, "enquiries")


def _addresses(piece: Piece) -> Iterator[tuple[int, int, str]]:
    spans = [(*match.span(), match.group()) for match in _PRINTED.finditer(piece.text)]
    yield from spans
    for address in addresses_in(piece):
        if is_reserved(address.address) and not any(a < address.end and address.start < b for a, b, _ in spans):
            yield address.start, address.end, address.host or address.address


def _own(context: CheckContext) -> tuple[str, ...]:
    letter = context.letter
    return () if letter is None else (letter.site, letter.enquiries.mailbox, letter.reply_mailbox)


def _message(address: str) -> str:
    return f"{clip(address, 40)} leads nowhere: it is kept for examples"


RULE = Rule("TR027", "reserved-address", Severity.ERROR, "text", check, outside=Severity.WARNING)
