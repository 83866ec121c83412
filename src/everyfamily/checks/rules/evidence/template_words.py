"""Words of a template that nobody replaced: (pupil's name), (date), ??/??/??."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip

_OF = (
    r"(?:the|your|both|insert|enter|add|all|full|first|last|child|children|pupil|student|parent|carer|school"
    r"|head|teacher|headteacher"
    r"|staff|class|year|local|contact|relevant|appropriate|police|officer|his|her|their|of|and|or|&|/|to|be"
    r"|amend|delete|as)"
)
_WHAT = (
    r"(?:names?|dates?|times?|address(?:es)?|year group|job title|position|role|signature|telephone|phone"
    r"|number|numbers|email|subject"
    r"|venue|reference|details|amount|day|month|postcode|logo|appropriate|applicable|here|area|town|reason|birth)"
)
_TEMPLATE = re.compile(
    rf"\((?:{_OF}(?:'s|s'|s)?[\s/]){{0,5}}{_WHAT}(?:\s(?:and|of|&|or)\s(?:{_OF}\s)?{_WHAT}){{0,2}}\)"
    r"|(?<!\?)\?{2,3}(?:\s?/\s?\?{2,4}){1,2}|\b(?:DD|dd)/(?:MM|mm)/(?:YY){1,2}\b|\b(?:xx|XX)[/.](?:xx"
    r"|XX)[/.](?:xx){1,2}\b"
    r"|<(?:insert|name|date|school|child|pupil)[\w\s']{0,30}>|\bINSERT\s[A-Z][A-Z\s]{2,30}\b"
    r"|\*\s?delete\sas\sap\w{4,12}",
    re.IGNORECASE,
)
_REPLY_SLIP = re.compile(r"_{3,}|\.{4,}|…{2,}|\bplease (?:print|tick|complete|sign)\b", re.IGNORECASE)
_HINT = "Write what belongs there, or take it out."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each. The first has the severity that the rule says, and the others are advice."""
    if context.is_ours:
        return
    weight: Severity | None = None
    for piece in context.pieces:
        text = piece.folded.text
        if not piece.is_english or ("(" not in text and "?" not in text and "/" not in text and "<" not in text):
            continue
        if _REPLY_SLIP.search(text):
            continue
        for match in _TEMPLATE.finditer(text):
            span = piece.folded.span(*match.span())
            words = clip(piece.text[slice(*span)], 40)
            yield Hit(piece, *span, f"“{words}” was not filled in", _HINT, severity=weight)
            weight = Severity.ADVICE


RULE = Rule("EV185", "template-words", Severity.WARNING, "text", check)
