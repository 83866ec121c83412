"""A character in a text message that more than halves what each fragment holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from everyfamily.checks.letter.text_messages import is_named_as_text_message
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.text.gsm_characters import EXTENDED, GSM, PLAIN

_OTHER = re.compile(f"[^{re.escape(''.join(sorted(GSM | EXTENDED)))}]")
_WRITTEN = {**PLAIN, "\u2011": "-"}
"""What to write instead of a character. A no-break hyphen is not replaced by a plain one when a message is made."""
_HINT = "Leave it out or write it plainly: with it a fragment holds 70 signs and not 160."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each costly character of each English text message, where it first occurs."""
    for piece, is_ours in _messages(context):
        met: set[str] = set()
        for match in _OTHER.finditer(piece.text):
            sign = match.group()
            if sign in PLAIN and is_ours:
                continue
            write = _WRITTEN.get(sign)
            # Every place of a character that can be replaced is given, so that all can be fixed at once.
            if sign in met and write is None:
                continue
            met.add(sign)
            name = unicodedata.name(sign, f"sign {ord(sign):04X}").lower()
            shown = f" “{sign}”" if sign.isprintable() and not sign.isspace() and write != "" else ""
            yield Hit(piece, *match.span(), f"Costly sign{shown}: {name}"[:79], _hint(write), fix=write)


def _hint(write: str | None) -> str:
    if write is None:
        return _HINT
    return (
        f"Write {write} for it." if write.strip() else "Write a plain space for it." if write else "Leave it out."
    )


def _messages(context: CheckContext) -> Iterator[tuple[Piece, bool]]:
    """Our messages, where rendering writes plain characters for typographic ones, and any file
    with a name that says it is a message."""
    if context.letter is not None:
        yield from ((p, True) for p in context.part("outside") if p.kind == "text message" and p.is_english)
        return
    for document in context.documents:
        if is_named_as_text_message(document):
            yield from ((piece, False) for piece in context.pieces if piece.is_english)


RULE = Rule("LM003", "costly-character", Severity.ADVICE, "letter", check)
