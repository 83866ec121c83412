"""A gap that nobody filled, or a note to self that was left in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.text.placeholders import gap_name

_GAP = re.compile(r"\(\(([^()\n]{0,80})\)\)")
_LEFTOVER = re.compile(
    r"\(\([^()\n]{0,80}\)\)|\(\(|\)\)|\{\{[^{}\n]{0,80}\}\}|\{[^\W\d][\w ]{0,40}\}|\[[^\[\]\n]{1,80}\]"
    r"|«[^«»\n]{1,60}»|<<[^<>\n]{1,60}>>|\b(?:TODO|TBC|TBA|FIXME|XX+)\b"
)
_NO_GAP = re.compile(
    r"\[(?:[\W\d_xX]{1,80}|sic|(?:https?://|www\.|mailto:)[^\[\]\n]{1,80})\]|\(\(|\)\)", re.IGNORECASE
)
"""In a document from outside: a box to tick, a line to write on, a note's number, an address, or brackets in
brackets."""
_LATER = frozenset({"TBC", "TBA"})
_HINT = "Fill it, or take the sentence out. Only the address and the school's own gaps stay open."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each gap or note in anything printed. Gaps that stay open after the seal are ignored."""
    for piece in context.pieces:
        for match in _LEFTOVER.finditer(piece.text):
            gap = _GAP.fullmatch(match.group())
            if gap is not None and gap_name(gap.group(1)) in context.open_gaps:
                continue
            if match.group().startswith("«") and not piece.is_english:
                continue  # French, Arabic and Polish quotation marks. Only in English do they mean a mail merge.
            if not context.is_ours and _may_stand(match.group(), context):
                continue
            yield Hit(piece, *match.span(), f"“{clip(match.group(), 50)}” was not filled", _HINT)


def _may_stand(words: str, context: CheckContext) -> bool:
    """What other letters use for something else: reply slips, notes, a coach "TBC"."""
    if words in _LATER:
        return not context.is_about_harm
    return _NO_GAP.fullmatch(words) is not None


RULE = Rule("EV001", "unfilled-gap", Severity.ERROR, "text", check)
