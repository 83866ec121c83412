"""Whole letters as people have them: what is found in an old one, and how quiet the check is on good and plain ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from everyfamily.checks.context import CheckContext
from everyfamily.checks.finding import Severity
from everyfamily.checks.runner import CheckReport, run
from everyfamily.documents.reading import read_path

LETTERS = Path(__file__).parents[1] / "samples" / "letters"
TODAY = date(2027, 6, 20)
QUIET = sorted(p.name for p in LETTERS.iterdir() if p.name.startswith(("good-", "ordinary-")))


def _check(name: str) -> tuple[CheckContext, CheckReport]:
    context = CheckContext.of_document(read_path(LETTERS / name), today=TODAY)
    return context, run(context)


@pytest.mark.parametrize("name", QUIET)
def test_a_good_or_ordinary_letter_meets_at_most_one_warning(name: str) -> None:
    _, report = _check(name)
    alarms = [f for f in report.findings if f.severity is not Severity.ADVICE]
    assert len(alarms) <= 1, [(f.code, f.message) for f in alarms]
    assert not [f for f in alarms if f.severity is Severity.ERROR]


@pytest.mark.parametrize("name", QUIET)
def test_it_is_told_apart_what_a_letter_is_about(name: str) -> None:
    context, _ = _check(name)
    assert context.is_about_harm is name.startswith("good-")
