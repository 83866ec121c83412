"""Lines that a report has below its rows: a total, "Printed on", "Page 3 of 4". None of them is a child.

They begin in any column. A child may be called Page or Sum, so a word that is a surname counts only if there is nothing
but one number next to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_OF_WHOM = (
    r"(?:pupils?|students?|child|children|contacts?|adults?|parents?|guardians?|records?|rows?|lines?|results?"
    r"|families)"
)
_NUMBER = re.compile(
    r"[\d\s.,:/%()£-]+|\d{1,2}(?:st|nd|rd|th)?[\s-][a-z]{3,9}[\s-]\d{2,4}(?:,?\s+\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|of|at|on|am|pm",
    re.IGNORECASE,
)
"""Numbers, days, times: what is next to a total or "Printed on"."""
_CLEARLY = re.compile(
    rf"(?:(?:grand|sub|overall|final|running|class|year|school|report|group)[\s-]?)*totals?(?:[\s:=\-(].*)?"
    rf"|.*\s(?:grand |sub-?)?totals?[\s:=]*\d*"
    rf"|(?:counts?|sum)\s*(?:of\b.*|[:=].*|\(.*|\d[\d,.]*)"
    rf"|(?:total )?(?:number|no\.?|count) of {_OF_WHOM}\b.*|{_OF_WHOM} (?:count|total)s?\b.*"
    rf"|{_OF_WHOM}\s*(?:[:=]\s*)?\d[\d,]*|\d[\d,]*\s+{_OF_WHOM}(?:\s.*)?"
    r"|page\s*(?:[:=]\s*)?\d+(?:\s*(?:of|/)\s*\d+)?"
    r"|(?:report |list |file |data )?(?:printed|generated|exported|produced|extracted|created|run|correct|downloaded)"
    r"(?: as)?(?: (?:on|at|by|from|in|with)\b.*|\s*[:=].*)"
    r"|(?:end|bottom) of (?:the )?(?:report|list|file|data|page|export|extract)\b.*"
    r"|[a-z][\w'’ /()-]{2,30}:\s*\d[\d,.%]*"
    r"|report (?:date|end|ends|run|title|generated|printed|parameters|criteria)\b.*",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    r"counts?|sum|page|pages|records?|rows?|printed|generated|exported|produced|extracted|report|end|pupils|students|"
    r"children|contacts|number of|official(?:[\s-]sensitive)?\b.*|confidential\b.*|©.*|copyright\b.*",
    re.IGNORECASE,
)
_MOST_FILLED = 6
"""The most cells of such a line, except for a total of each column."""
_ORNAMENT = " \t*-=_~#.<>|"
_BEGINS = re.compile(
    r"\W*(?:[a-z]+[\s-])?(?:total|grand|sub|over|final|running|count|sum|num|no\b|page|print|generat|export|produc|extract|"
    r"creat|run|correct|download|report|list|file|data|end|bottom|official|confidential|copyright|class|year|school|group|"
    r"pupil|student|child|contact|adult|parent|guardian|record|row|line|result|famil)|.*total|.*:\s*\d[\d,.%]*\s*$|©|\W*\d[\d,]*\s+[prclsagf]",
    re.IGNORECASE,
)
"""If a row's first word does not begin like this, it is not looked at further."""
_PAGE_IN_CELLS = re.compile(r"page \d+(?: (?:of|/) \d+)?", re.IGNORECASE)


def is_report_line(values: Sequence[str], adults_own: Collection[int]) -> bool:
    """Whether a row, trimmed, is a line of the report itself.

    `adults_own`: where the cells of adults are. Words in one of them belong to a person, unless they are the line's
    own.
    """
    filled = len(values) - values.count("")
    if filled > _MOST_FILLED and "total" not in (values[0] or next(filter(None, values))).lower():
        return False
    first = next((cell for cell in values if cell and not _NUMBER.fullmatch(cell)), "")
    if not first or not _BEGINS.match(first):
        return False
    cells = [(at, cell.strip(_ORNAMENT)) for at, cell in enumerate(values) if cell.strip(_ORNAMENT)]
    words = [(at, cell) for at, cell in cells if not _NUMBER.fullmatch(cell)]
    if not words:
        return False
    if all(_CLEARLY.fullmatch(cell) for _, cell in words):
        return True
    if len(cells) <= 2 and all(_CLEARLY.fullmatch(cell) or _PERHAPS.fullmatch(cell) for _, cell in words):
        return True
    if _PAGE_IN_CELLS.fullmatch(" ".join(cell for _, cell in cells)) and len(cells) != 3:
        return True
    # "Total, 28, 4B": the report's word comes first, and no adult is in the row.
    begins = cells[0] == words[0] and bool(_CLEARLY.fullmatch(words[0][1]))
    return begins and not any(at in adults_own for at, _ in words[1:])
