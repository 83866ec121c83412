"""What the page shows on which somebody asks to keep what a check warns of."""

from __future__ import annotations

from typing import Any

from everyfamily.checks.report.reference import first_sentence
from everyfamily.checks.run.codes import RULES
from everyfamily.core.letter.letter_parts import part_of_passage
from everyfamily.core.text.name_lists import joined_names
from everyfamily.staff.letters.findings import Found
from everyfamily.staff.letters.opened import Opened


def waiver_values(opened: Opened, found: Found, code: str, language: str, passage: str) -> dict[str, Any]:
    """The form, with the words that it is about."""
    finding = next(
        (
            one
            for one in found.report.findings
            if (one.code, one.language, one.passage) == (code, language, passage)
        ),
        None,
    )
    part = part_of_passage(opened.worded, language, passage)
    return {
        "here": "letters",
        "draft": opened.draft,
        "letter": opened.letter,
        "code": code,
        "language": language,
        "passage": passage,
        "part": part,
        "title": finding.message if finding is not None else RULES[code].name.replace("-", " "),
        "words": finding.words if finding is not None else "",
        "why": first_sentence(RULES[code].page.matters),
        "signatories": joined_names([one.name for one in opened.partnership.signatories]),
        "reason": "",
        "ends_on": "",
    }
