"""Signs must not be counted, scored, ticked or coloured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.letter.signs import sign_lists
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.prose import sentence_at

_MANY = r"(?:two|three|four|five|six|seven|eight|nine|ten|several|\d{1,2})"
_WHAT = r"(?:signs?|changes|indicators?|boxes|ticks|answers|symptoms|of (?:these|the|those|them))"
_COUNTED = re.compile(
    rf"\b{_MANY} or more (?:of )?(?:the |these |those )?(?:above |below |warning |following )?{_WHAT}\b"
    rf"|\b(?:at least|more than) {_MANY} (?:of the |of these |of those )?(?:above |below |warning )?{_WHAT}\b"
    r"|\bthe more (?:of (?:these|the) )?(?:warning )?(?:signs|changes|boxes|ticks|indicators)\b"
    r"|\btraffic[- ]lights? (?:system|tool|rating|list|signs|guide|colours?)\b|\bRAG[- ]rat\w{2,3}\b"
    r"|\bred, amber (?:and|or) green\b|\b(?:red|amber|green) (?:signs?|list|zone|risk|behaviours?)\b"
    r"|\b(?:total|risk|overall|your) scores?\b|\bscores? (?:of|over|above|between|under) \d{1,3}\b"
    r"|\b(?:one|two|three|four|five|\d{1,2}) points? (?:for|each|per)\b|\brisk (?:matrix|checklist|calculator)\b"
    r"|\btick (?:the|each|any|all|every|those|off|which|as)\b",
    re.IGNORECASE,
)
_OTHER_RULE = re.compile(
    r"\bif you (?:tick|answer|see|notice)\w{0,3} (?:yes to )?(?:more than )?$", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:or none|or one|one sign|only one|no number|not (?:a |an )?(?:count|score|checklist|test|tick)|do not|don't"
    r"|never|even if|without a)\b",
    re.IGNORECASE,
)
_BOX = re.compile(r"\s?(?:[☐☑☒□❏❑❒▢✓✔]|\[[ xX]?\](?!\())")
_HINT = "Write: One sign or several: if something feels wrong, call. You do not need to be sure."


def check(context: CheckContext) -> Iterator[Hit]:
    """A hit for each count, score or colour, and one for each list with boxes to tick."""
    for piece in context.part("body"):
        if not piece.is_english:
            continue
        text = piece.folded.text
        for match in _COUNTED.finditer(text):
            start, end = sentence_at(piece.sentences, match.start())
            before = text[max(0, match.start() - 40) : match.start()]
            near = text[max(start, match.start() - 100) : min(end, match.end() + 100)]
            if not _OTHER_RULE.search(before) and not _DENIED.search(near):
                span = piece.folded.span(*match.span())
                words = clip(piece.text[slice(*span)])
                yield Hit(piece, *span, f"“{words}” counts or grades signs", _HINT)
    yield from _boxes(context)


def _boxes(context: CheckContext) -> Iterator[Hit]:
    for found in sign_lists(context):
        for sign in found.signs:
            match = _BOX.match(sign.text)
            if match is not None:
                start, end = sign.span(match.end() - len(match.group().lstrip()), match.end())
                yield Hit(sign.piece, start, end, "Signs have boxes to tick", _HINT)
                break


RULE = Rule("HM005", "counted-signs", Severity.WARNING, "text", check, only_about_harm=True)
