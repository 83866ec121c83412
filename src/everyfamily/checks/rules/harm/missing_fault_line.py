"""The letter must say that the harm is not the child's fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from everyfamily.checks.letter.lines_said import titles_without
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.about_harm import Subject
from everyfamily.checks.text.pieces import Part
from everyfamily.checks.text.vocabulary import Indexed, indexed

_CHILDS = r"(?:your|a|the|any)\s(?:own\s)?child(?:'s|ren's)|children's|(?:his|her|their)|the\syoung\sperson's"
_LINE = re.compile(
    rf"\b(?:not|never|isn't|wasn't)\s(?:{_CHILDS})\sfault\b"
    r"|\b(?:not|never)\sthe\sfault\sof\s(?:your|a|the|any)\schild"
    r"|\b(?:child|children|they)\s(?:is|are|was|were)\s(?:not|never)\sto\sblame\b"
    r"|\bnot\sto\sblame\b[^.!?]{0,20}\b(?:neither|nor)\s(?:is|are)\s(?:your|the|any)\schild(?:ren)?\b"
    r"|\b(?:nobody|no\sone)\s(?:will\s|would\s|should\s|can\s)?blames?\s(?:your|the|a|any)\schild\b"
    r"|\bchild(?:ren)?\b[^.!?]{0,60}\b(?:nobody|no\sone)\s(?:will|would|should|can)\sblame\sthem\b"
    r"|\b(?:child|children)\b[^.!?]{0,40}\s(?:has|have)\sdone\snothing\swrong\b"
    r"|\b(?:that|this|it)\sis\s(?:not|never)\s(?:the|a|your)\schild's\sfault\b"
    r"|\b(?:nobody|no\sone|none\sof\sthem|no\schild|they|he|she)(?:'s)?\s(?:(?:is|are|was|were)\s)?(?:(?:not|never)\s)?"
    r"(?:at\sfault|in\strouble|to\sblame)\b|\b(?:nobody|no\sone)'s\sfault\b|\bnot\s(?:in\sany\s|in\s)trouble\b"
    r"|\bnot\s(?:be\s)?blam(?:e|ed|ing)\s(?:them|your\schild|the\schild|him|her|children)\b|\bhas\snot\sdone\sanything\swrong\b"
    r"|\bresponsibility\s(?:lies|rests|is)\s(?:always\s|only\s|solely\s)?with\sthe\s(?:person|adult|people|abuser|offender)\w{0,2}\b",
    re.IGNORECASE,
)
_SHAPES = (
    "none|not|never|isn't|wasn't|nothing|no|nobody ~~6 their|his|her|them|@child ~2 fault|doing|to_blame",
    "fault|blame ~3 lies|rests|is|belongs ~3 with ~3 person|adult|people|offender|man|those|abuser|whoever",
    "done|did|do|does nothing wrong",
    "not|haven't|hasn't|didn't|never ~2 done|do ~1 anything wrong",
    "@child|they ~8 isn't|aren't|is_not|are_not ~1 naughty|bad|to_blame|at_fault",
    "wrong ~6 @child|they has_not|have_not|haven't|hasn't",
)


@cache
def _shapes() -> Indexed:
    return indexed({"said": _SHAPES})


_DONE_TO_CHILDREN = frozenset({"sexual abuse", "gangs and exploitation", "abuse and neglect"})
_TEXTS: dict[Part, str] = {"body": "The letter", "newsletter": "The newsletter"}
_MESSAGE = "does not say that it is not the child's fault"
_HINT = "Add before the signs: It is not your child's fault. The person who does this is to blame."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language of each text without the line. A translation has it where the English has it."""
    for part, name in _TEXTS.items():
        for title in titles_without(context, _LINE, part, _shapes()):
            yield whole(title, f"{name} {_MESSAGE}", _HINT, severity=_outside(context.subject))


def _outside(subject: Subject) -> Severity | None:
    """A letter about what people do to children needs it most, and one that announces a lesson needs it least."""
    if subject.is_lesson:
        return Severity.ADVICE
    return Severity.WARNING if subject.kinds and subject.kinds[0] not in _DONE_TO_CHILDREN else None


RULE = Rule(
    "HM001",
    "missing-fault-line",
    Severity.ERROR,
    "letter",
    check,
    needs=frozenset({Need.ENGLISH}),
    only_about_harm=True,
)
