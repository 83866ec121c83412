"""Signs of harm now and ordinary changes must not be in one flat list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from everyfamily.checks.letter.signs import Sign, SignList, of_the_child, sign_lists
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.files.data_tables import load_table

_EXPLANATION = re.compile(r"[(;:]|[.!?](?=\s)|\s[-–—]\s")
_HINT = "Make two lists: Tell us now if your child ..., and: Have a talk if your child ..."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each list that has both, at its first grave sign."""
    for found in of_the_child(sign_lists(context)):
        yield from _in_list(found)


def _in_list(found: SignList) -> Iterator[Hit]:
    grave, ordinary = None, None
    for sign in found.signs:
        words = _sign_alone(sign)
        if any(pattern.search(words) for pattern in _patterns("grave")):
            grave = grave or sign
        elif any(pattern.search(words) for pattern in _patterns("ordinary")):
            ordinary = ordinary or sign
    if grave is not None and ordinary is not None:
        start, end = grave.span()
        message = f"“{clip(grave.text, 24)}” shares a list with “{clip(ordinary.text, 24)}”"
        yield Hit(grave.piece, start, end, message, _HINT)


def _sign_alone(sign: Sign) -> str:
    """The sign without what else it could mean, which follows in brackets or a second sentence."""
    cut = _EXPLANATION.search(sign.text)
    return sign.text if cut is None else sign.text[: cut.start()]


@cache
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in load_table(__file__)[group])


RULE = Rule("HM006", "mixed-signs", Severity.WARNING, "text", check, only_about_harm=True)
