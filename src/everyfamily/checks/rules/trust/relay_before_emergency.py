"""18001 is for ordinary calls. An emergency by textphone is 18000."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.checks.text.prose import sentence_at

_RELAY = re.compile(r"(?<!\d)18001(?:\s?999)?(?!\d)")
_EMERGENCY = re.compile(r"(?<!\d)999(?!\d)|\b(?:emergency|in\sdanger)\b", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:any|every|all)\s(?:other|ordinary)\snumbers?\b|(?<!\d)18000(?!\d)", re.IGNORECASE)
_HINT = "Write: Deaf? In an emergency dial 18000 on a textphone, or use 999 BSL. For any other number dial 18001 first."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each 18001 in a sentence that speaks of 999 or an emergency, and of no other number."""
    for piece in context.pieces:
        text = piece.folded.text
        if "18001" not in text:
            continue
        for match in _RELAY.finditer(text):
            start, end = sentence_at(piece.sentences, match.start())
            sentence = text[start:end]
            if match.group().endswith("999") or (_EMERGENCY.search(sentence) and not _OTHERS.search(sentence)):
                yield Hit(piece, *piece.folded.span(*match.span()), "18001 does not reach 999; 18000 does", _HINT)


RULE = Rule("TR187", "relay-before-emergency", Severity.ERROR, "text", check)
