"""How findings in our own letter are marked."""

from __future__ import annotations

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.marked_section import marked_section
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.errors import SourceLocation

WORDS = "Some children put themselves at risk."
PLACE = SourceLocation("letter.en.md")


def test_a_mark_says_what_the_author_must_do_whichever_rule_found_it() -> None:
    piece = Piece("opening/2", "paragraph", WORDS, PLACE)
    marks = {}
    for code in ("RD001", "HM103", "TR001"):
        for severity in Severity:
            finding = Finding(
                code, "name", severity, PLACE, WORDS, (0, 4), "Message.", "Hint.", "", "opening/2", "en"
            )
            section = marked_section([piece], [finding], {"opening/2"}, "en")
            marks[code, severity] = section.findings[0].group
    assert {one for (_, severity), one in marks.items() if severity is Severity.ERROR} == {"child"}
    assert {one for (_, severity), one in marks.items() if severity is Severity.WARNING} == {"calling"}
    assert {one for (_, severity), one in marks.items() if severity is Severity.ADVICE} == {"rest"}
