"""Writes the replacements that findings offer into a text, and only if the words are exactly where the finding says."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from everyfamily.checks.model.finding import Finding
from everyfamily.core.errors import ParagraphLocation


def with_fixes(text: str, findings: Iterable[Finding]) -> tuple[str, int]:
    """The text with the fixes of `findings` in it, and how many there were.

    Left out are findings whose words are not at their line and column, because a gap was filled there or mark-up is in
    between, and those that overlap an earlier one.
    """
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    wanted = sorted(
        (starts[place.line - 1] + place.column - 1, finding.words, finding.fix)
        for finding in findings
        if finding.fix is not None
        and not isinstance(place := finding.place, ParagraphLocation)
        and place.line < len(starts)
    )
    parts: list[str] = []
    done = written = 0
    for start, words, fix in wanted:
        if start >= done and words and text.startswith(words, start):
            parts += (text[done:start], fix)
            done = start + len(words)
            written += 1
    return "".join((*parts, text[done:])), written
