"""What the check offers to write instead is right the first time, and changes no number."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding
from everyfamily.checks.run.codes import RULES
from everyfamily.checks.run.fixing import with_fixes
from everyfamily.documents.reading import read_document

pytestmark = pytest.mark.slow

TODAY = date(2027, 3, 2)
FORMS = ("RD005", "RD006", "RD007", "RD009", "LM003")

_numbers = st.sampled_from(
    ["(0151) 496-0120", "+44 (0)151 496 0120", "01632960123", "07700-900456", "0151.496.0120", "08001111", "999"]
)
_dates = st.sampled_from(
    [
        "17th March 2027",
        "1st of May",
        "25th - 29th October",
        "17/03/2027",
        "03/04/2027",
        "March 17, 2027",
        "2027-03-17",
    ]
)
_times = st.sampled_from(
    [
        "0900 hrs",
        "9.00am",
        "9:00 a.m.",
        "12 noon",
        "12pm",
        "15:15",
        "9am-5:30pm",
        "9.00AM – 5.00pm",
        "12.00 midnight",
    ]
)
_rest = st.sampled_from(
    [
        "Call",
        "Ring",
        "on",
        "and",
        "from",
        "to",
        "It’s",
        "…",
        "families.eastmere.example/a.",
        "a@example.org.",
        "💙",
        "\n\n",
    ]
)
_texts = st.lists(
    st.one_of(_numbers, _dates, _times, _rest, st.text("0123456789 :./-apm", max_size=8)), max_size=20
)


def _context(text: str) -> CheckContext:
    return CheckContext.of_document(read_document(text.encode(), "school-sms.txt"), today=TODAY)


def _fixable(context: CheckContext) -> list[Finding]:
    return [f for code in FORMS for f in RULES[code].findings(context) if f.fix is not None]


@settings(deadline=None)
@given(_texts)
def test_after_all_fixes_nothing_is_left_to_fix(words: list[str]) -> None:
    text = " ".join(["A letter.", *words])
    findings = _fixable(_context(text))
    fixed, written = with_fixes(text, findings)
    left = _fixable(_context(fixed))
    # Fixes that overlap are written one after the other.
    for _ in range(3):
        fixed, _ = with_fixes(fixed, left)
        left = _fixable(_context(fixed))
    assert left == []
    assert (written > 0) is (findings != [])


@settings(deadline=None)
@given(_texts)
def test_no_fix_changes_a_digit_that_is_dialled(words: list[str]) -> None:
    context = _context(" ".join(["A letter.", *words]))
    for finding in _fixable(context):
        if finding.code == "RD005":
            assert finding.fix is not None
            assert re.sub(r"\D", "", finding.fix) == re.sub(r"\D", "", finding.words)
        else:
            assert re.search(r"\d{5}[ -]?\d{5}|\d{4}[ -]?\d{3}[ -]?\d{4}", finding.words) is None
