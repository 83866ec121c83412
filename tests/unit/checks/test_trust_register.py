"""A letter from outside, held against a partnership's register of routes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Finding
from everyfamily.checks.run.runner import run
from tests.factories.documents import make_document
from tests.factories.letters import TODAY, make_route

LINES = [
    "Tel: 0151 496 0100",
    "Dear parents",
    "Call 999, or us on (0151) 496 0120.",
    "See www.eastmere.example/help/",
]


def _found(code: str, *routes: dict[str, Any]) -> list[Finding]:
    register = [make_route(**route) for route in routes]
    context = CheckContext.of_document(make_document(LINES), today=TODAY, register=register, about_harm=True)
    return [finding for finding in run(context, select=[code]).findings if finding.code == code]


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("TR001", {"dead_since": date(2027, 2, 1)}),
        ("TR002", {"expires_on": date(2027, 3, 1)}),
        ("TR003", {"checked_by": ""}),
        ("TR003", {"checked_by": "demo"}),
    ],
)
def test_a_number_in_the_text_is_judged_by_its_row(code: str, state: dict[str, Any]) -> None:
    assert [finding.words for finding in _found(code, state)] == ["(0151) 496 0120"]
    assert _found(code, {}) == []


def test_an_address_in_the_text_is_judged_by_its_row() -> None:
    row = {"number": "", "url": "eastmere.example/help", "dead_since": date(2027, 2, 1)}
    assert [finding.words for finding in _found("TR001", row)] == ["www.eastmere.example/help/"]


def test_without_a_register_these_rules_are_skipped_aloud() -> None:
    report = run(CheckContext.of_document(make_document(LINES), today=TODAY), select=["TR001", "TR003"])
    assert [skipped.code for skipped in report.skipped] == ["TR001", "TR003"]
