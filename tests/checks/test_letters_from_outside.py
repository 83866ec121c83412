"""Whole letters as people have them: what is found in an old one, and how quiet the check is on good and plain ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.run.runner import CheckReport, run
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


PLANTED = {
    "HM001": "no word on whose fault it is",
    "HM002": "no word on other causes",
    "HM004": "dress, music and speech as signs",
    "HM006": "missing from home among moods",
    "HM007": "no sign in another person",
    "HM008": "girls alone",
    "HM009": "a daughter told never to talk",
    "HM103": "putting themselves at risk",
    "HM105": "without your child's permission",
    "HM107": "in a relationship with older men",
    "HM109": "associating with",
    "HM118": "the way she dresses",
    "HM122": "three or more signs",
    "HM143": "every parent's nightmare",
    "HM144": "relatively small",
    "HM145": "parents must monitor",
    "HM162": "click here",
    "HM164": "take away her phone",
    "HM165": "find out who",
    "HM167": "24/7",
    "HM172": "MASH",
    "HM173": "DSL",
    "RD001": "a sentence of 52 words",
    "RD006": "17th March 2027",
    "TR005": "999 after others",
    "TR006": "a number with digits missing",
    "TR007": "0871",
    "TR009": "more than five routes",
    "TR010": "Crimestoppers for a worry about one's child",
    "TR012": "no line for the child",
    "TR013": "nothing on what happens next",
    "TR014": "bit.ly",
    "TR017": "utm_source",
    "TR019": "no way to check it",
    "TR023": "the director's direct line",
    "TR024": "a wrong number for the NSPCC",
}
"""What is wrong with the old letter, by the code that must say so."""


@pytest.mark.parametrize("name", ["old-council-letter.docx", "old-council-letter.pdf"])
def test_every_fault_of_an_old_letter_is_found_in_word_and_in_print(name: str) -> None:
    _, report = _check(name)
    assert PLANTED.keys() - {finding.code for finding in report.findings} == set()
