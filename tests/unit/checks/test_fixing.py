"""Fixes are written only where the words are exactly where the finding says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.run.fixing import with_fixes
from everyfamily.checks.run.runner import run
from everyfamily.core.errors import ParagraphLocation, SourceLocation
from everyfamily.documents.reading import read_document
from tests.factories.letters import TODAY


def _finding(words: str, fix: str | None, line: int, column: int) -> Finding:
    place = SourceLocation("a.md", line, column)
    return Finding(
        "RD001", "a-fault", Severity.WARNING, place, words, (0, len(words)), "", "", "", "line 1", "en", fix
    )


TEXT = "One two three\ntwo two\r\nend"


def test_each_fix_goes_to_its_own_place() -> None:
    findings = [_finding("two", "2", 2, 5), _finding("two", "TWO!", 1, 5), _finding("end", "END", 3, 1)]
    assert with_fixes(TEXT, findings) == ("One TWO! three\ntwo 2\r\nEND", 3)


def test_nothing_is_written_where_other_words_stand() -> None:
    for finding in (
        _finding("two", "2", 1, 4),
        _finding("two", "2", 9, 1),
        _finding("two", None, 1, 5),
        _finding("", "2", 1, 5),
        replace(_finding("One", "1", 1, 1), place=ParagraphLocation("a.docx", 1, 1)),
    ):
        assert with_fixes(TEXT, [finding]) == (TEXT, 0)


def test_of_two_that_overlap_the_first_is_written() -> None:
    findings = [_finding("two three", "2 3", 1, 5), _finding("three", "drei", 1, 9)]
    assert with_fixes(TEXT, findings) == ("One 2 3 three\ntwo two\r\nend".replace(" three", "", 1), 1)


@given(
    st.text("ab \n", max_size=60),
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 20), st.text("ab", max_size=3)), max_size=8),
)
def test_what_no_finding_names_stays(text: str, wanted: list[tuple[int, int, str]]) -> None:
    findings = [_finding(words, "X", line, column) for line, column, words in wanted]
    fixed, number = with_fixes(text, findings)
    assert fixed.count("X") == number <= len(findings)
    assert fixed.count("\n") == text.count("\n")


HALF = {
    "on the 2nd, 3rd and 4th of June 2027": "on the 2, 3 and 4 June 2027",
    "from 9.00am - 5.30pm": "from 9am to 5:30pm",
    "from 7.30 to 9.00pm": "from 7.30 to 9.00pm",
}


@pytest.mark.parametrize("text", HALF)
def test_no_line_is_left_half_mended(text: str) -> None:
    document = read_document(f"Dear parents\n\nWe meet {text}.\n".encode(), "a.txt")
    report = run(CheckContext.of_document(document, today=TODAY), select=["RD006", "RD007"])
    fixed, _ = with_fixes(f"Dear parents\n\nWe meet {text}.\n", report.findings)
    assert fixed == f"Dear parents\n\nWe meet {HALF[text]}.\n"
