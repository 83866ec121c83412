"""Children must not be given the task of preventing what is done to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip

_CHILD = (
    r"(?:your (?:own )?(?:child|children|daughters?|sons?|teenagers?)|children|young people|pupils|girls|boys)"
)
_ACT = (
    r"(?:add|accept|talk|speak|chat|share|send|post|meet|give|befriend|follow|reply|respond|trust|open|use|upload"
    r"|take|walk)"
)
_CAREFUL = (
    r"(?:be (?:very |more |extremely )?(?:careful|cautious|wary|vigilant|on (?:their|her|his) guard)(?! to befriend)"
    r"|avoid|stay away|keep away|say no|protect (?:themselves|herself|himself)|keep (?:themselves|herself|himself))"
)
_PUT = re.compile(
    rf"\b(?:tell|warn|teach|remind|instruct|advise) (?:{_CHILD}|them|her|him) (?:\w{{1,12}} ){{0,2}}?"
    rf"(?:(?:not to|never to|never|that (?:they|she|he) (?:must|should) (?:not|never)) {_ACT}"
    rf"|(?:to|how to|that (?:they|she|he) (?:must|should)) (?:always )?{_CAREFUL})\b"
    rf"|\b(?:make sure|ensure) (?:that )?(?:{_CHILD}|they|she|he) (?:does not|doesn't|do not|don't|never|only|is not"
    rf"|isn't|are not|aren't|are|is) (?:{_ACT[3:-1]}|adding|accepting|talking|chatting|sharing|sending|meeting|careful"
    r"|cautious|wary|vigilant)s?\b"
    rf"|\b(?:{_CHILD}|they|she|he) (?:should|must|needs? to|has to|have to|ought to) (?:always )?{_CAREFUL}\b"
    rf"|\b(?:{_CHILD}|she|he) (?:should|must|ought to) (?:not|never|only) {_ACT}\b",
    re.IGNORECASE,
)
_BY_ANOTHER = re.compile(
    r"\b(?:may|might|will|can|could|would|someone|people|who|they|to|often) $", re.IGNORECASE
)
_TO_CHILD = re.compile(
    rf"\b(?:tell|warn|teach|remind|advise|ask) (?:{_CHILD}|them|her|him)(?: \w{{1,12}}){{0,2}}:?$|\b(?:{_CHILD}) "
    r"(?:should|must)(?: \w{1,12}){0,2}:?$",
    re.IGNORECASE,
)
_ITEM = re.compile(rf"(?:not to|never(?: to)?|do not|don't|to avoid|avoid)\b(?: {_ACT}\b)?", re.IGNORECASE)
_HINT = "Say what adults do. Help the child know whom they can tell, no matter what has happened."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each sentence or item that tells the child to prevent harm."""
    for piece in context.pieces:
        if not piece.is_english:
            continue
        text = piece.folded.text
        matches = [
            m for m in _PUT.finditer(text) if not _BY_ANOTHER.search(text[max(0, m.start() - 12) : m.start()])
        ]
        if not matches and piece.lead_in and _TO_CHILD.search(" ".join(piece.lead_in[-120:].split())):
            matches = [m for m in (_ITEM.match(text),) if m is not None]
        for match in matches:
            start, end = piece.folded.span(*match.span())
            words = clip(piece.text[start:end], 38)
            yield Hit(piece, start, end, f"“{words}” makes the child prevent harm", _HINT)


RULE = Rule("HM009", "child-must-prevent", Severity.WARNING, "text", check, only_about_harm=True)
