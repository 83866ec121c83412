"""A sign must not be based on how a child looks, speaks or prays, or where the child lives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from everyfamily.checks.letter.signs import Sign, of_the_child, sign_lists
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.files.data_tables import load_rows

_UNEXPLAINED = re.compile(r"\b(?:explain|unexplained|come from|came from|afford|pay for)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|nor|no)\b", re.IGNORECASE)
_HINT = "Leave it out. Say what another person does, or a change that could mean harm."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each kind of look in each sign."""
    for found in of_the_child(sign_lists(context)):
        for sign in found.signs:
            if not _UNEXPLAINED.search(sign.text) and not _DENIED.search(sign.text):
                yield from _in_sign(sign)


def _in_sign(sign: Sign) -> Iterator[Hit]:
    for kind in _kinds():
        match = next((m for pattern in kind.patterns if (m := pattern.search(sign.text))), None)
        if match is not None:
            start, end = sign.span(*match.span())
            words = clip(sign.piece.text[start:end])
            yield Hit(sign.piece, start, end, f"“{words}” makes {kind.name} a sign of harm", _HINT)


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    patterns: tuple[re.Pattern[str], ...]


@cache
def _kinds() -> tuple[_Kind, ...]:
    return load_rows(_Kind, __file__, table="kind")


RULE = Rule("HM004", "sign-by-appearance", Severity.WARNING, "text", check, only_about_harm=True)
