"""Gaps in a text, written as GOV.UK Notify writes them: `((name))` and `((name??text shown if name is yes))`.

A gap's name is compared without regard to case, spaces, hyphens and underscores, as Notify does. A gap is never opened
inside another, and a value never adds a gap, so filling twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError

_GAP = re.compile(
    r"(?<!\()\(\((?P<name>[^()?]+)(?:\?\?(?P<text>(?!\))(?:(?!\(\(|\)\)(?!\))).)*(?<!\()))?\)\)(?!\))", re.DOTALL
)
_NESTED = re.compile(r"\(\((?:(?!\)\)).)*\(\(", re.DOTALL)
_YES = frozenset({"yes", "y", "true", "t", "include", "show", "1"})

type GapValue = str | bool


class NestedGap(EveryfamilyError):
    """A gap is opened inside another one."""

    code: ClassVar[str] = "EF110"


class GapInValue(EveryfamilyError):
    """A value that should fill a gap contains the marks of a gap itself."""

    code: ClassVar[str] = "EF111"


def gap_name(name: str) -> str:
    """Return the name in the form in which a gap is compared: lower case, with one space between words."""
    return " ".join(re.sub(r"[\s_-]+", " ", name).split()).casefold()


def gaps_in(text: str) -> tuple[str, ...]:
    """Names of the gaps in `text`, each once, in order of appearance."""
    if "((" not in text:  # as most passages of a pack
        return ()
    return tuple(dict.fromkeys(gap_name(found["name"]) for found in _GAP.finditer(text)))


def missing(text: str, values: Mapping[str, GapValue]) -> tuple[str, ...]:
    """Names of the gaps in `text` that `values` does not fill."""
    known = {gap_name(name) for name in values}
    return tuple(name for name in gaps_in(text) if name not in known)


def fill(text: str, values: Mapping[str, GapValue]) -> str:
    """Fill the gaps that `values` knows and leave the others open.

    Raises NestedGap for a gap inside a gap, and GapInValue for a value with marks of a gap. A value that is its own gap
    ("((school))" for school) is allowed and keeps the gap open.
    """
    if "((" not in text:
        return text
    if _NESTED.search(text):
        raise NestedGap("A gap is opened inside another gap.", 'Close the first one with "))" before it.')
    known = {gap_name(name): value for name, value in values.items()}
    return _GAP.sub(lambda found: _filled(found, known), text)


def _filled(found: re.Match[str], known: Mapping[str, GapValue]) -> str:
    name = gap_name(found["name"])
    if name not in known:
        return found[0]
    value = known[name]
    if found["text"] is not None:
        shown = value if isinstance(value, bool) else value.strip().casefold() in _YES
        return found["text"] if shown else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if _has_marks(value) and not _is_gap(value, name):
        raise GapInValue(
            f'The value for the gap "{name}" has double brackets in it.', "Write the value without them."
        )
    return value


def _is_gap(value: str, name: str) -> bool:
    found = _GAP.fullmatch(value)
    return found is not None and found["text"] is None and gap_name(found["name"]) == name


def _has_marks(value: str) -> bool:
    return "((" in value or "))" in value or value.startswith(")") or value.endswith("(")
