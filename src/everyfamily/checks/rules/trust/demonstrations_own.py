"""A name, logo or signature of the demonstration, in a letter that is not one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.core.invented import DEMO_NAMES, is_demo_drawing, is_demo_name
from everyfamily.core.letter.letters import Letter

_NAMES = re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in DEMO_NAMES)})\b")
_HINT = "Put your own names, logos and signatures into the partnership's file, and compose again."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each name in the text, and for each name and drawing of the letterhead and the signatures."""
    if context.demonstration:
        return
    for piece in context.pieces:
        for match in _NAMES.finditer(piece.folded.text):
            start, end = piece.folded.span(*match.span())
            yield Hit(piece, start, end, f"{match.group()} is invented", _HINT)
    if context.letter is not None:
        for piece in context.of_passage("from"):
            for passage, message in _head_and_foot(context.letter):
                yield whole(piece, message, _HINT, passage)


def _head_and_foot(letter: Letter) -> Iterator[tuple[str, str]]:
    for body in letter.bodies:
        if is_demo_name(body.name):
            yield f"bodies/{body.id}", f"The letterhead names {body.name}, which is invented"
        if is_demo_drawing(body.logo_svg):
            yield f"bodies/{body.id}", "The letterhead has a logo of the demonstration"
    for who in letter.signatories:
        if is_demo_name(who.name):
            yield f"signatories/{who.id}", f"{who.name}, who signs, is invented"
        if is_demo_drawing(who.signature_svg):
            yield f"signatories/{who.id}", "A signature is one of the demonstration"


RULE = Rule("TR028", "demonstrations-own", Severity.ERROR, "text", check, outside=Severity.WARNING)
