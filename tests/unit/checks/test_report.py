"""What a person, a program and GitHub are shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from everyfamily.checks.context import CheckContext
from everyfamily.checks.finding import Finding
from everyfamily.checks.report import as_github, as_json, as_text, finding_as_text
from everyfamily.checks.runner import CheckReport, run
from everyfamily.checks.waivers import Waiver
from everyfamily.core.documents import Block
from everyfamily.core.errors import Place
from tests.factories.documents import make_document
from tests.factories.letters import TODAY


def _report(text: str, *, file: str = "old.txt", language: str = "en") -> CheckReport:
    block = Block("paragraph", text, Place(file, 14, 3), language=language)
    document = make_document([], blocks=(block,), file=file)
    return run(CheckContext.of_document(document, today=TODAY, about_harm=True), select=["HM1", "RD001"])


def test_text_underlines_the_words() -> None:
    text = as_text(_report("Some children are putting themselves at risk online."))
    assert text == (
        "old.txt:14:21: error HM103 “putting themselves at risk” makes the child the source of the harm\n"
        "    Some children are putting themselves at risk online.\n"
        "                      ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    Instead: someone may be putting your child at risk / a place or person may not be safe for your child.\n"
        "    child-as-the-risk: docs/checks/HM103.md\n"
        "\n"
        "Found 1 error. Rule set 2026.1. More on a code: everyfamily check --explain CODE\n"
    )


def test_text_says_that_nothing_was_found() -> None:
    assert as_text(_report("You can call us.")) == "Nothing found. Rule set 2026.1.\n"


def test_text_names_what_was_not_checked_and_what_was_waived() -> None:
    waiver = Waiver("RD001", "line 1", "A law's own words", ("council",), date(2027, 7, 1))
    context = CheckContext.of_document(make_document([" ".join(["word"] * 30)]), today=TODAY)
    text = as_text(run(context, select=["RD001", "LM001", "EV"], waivers=[waiver]))
    assert "Waived: RD001 in line 1 until 2027-07-01. A law's own words" in text
    assert "Not checked: LM001, because it needs a letter composed from a pack" in text


def test_a_long_line_is_cut_around_the_words() -> None:
    report = _report("plain words " * 40 + "putting themselves at risk" + " and more" * 40)
    finding = next(f for f in report.findings if f.code == "HM103")
    _, line, marks, *_ = finding_as_text(finding).splitlines()
    assert len(line) < 110
    assert line.strip().startswith("…")
    assert line.endswith("…")
    assert line[marks.index("^") : marks.rindex("^") + 1] == "putting themselves at risk"


def test_words_on_the_second_line_have_that_line_and_column() -> None:
    finding = _report("One line\nand putting themselves at risk").findings[0]
    assert (finding.place.line, finding.place.column) == (15, 5)
    assert "    and putting themselves at risk\n" in finding_as_text(finding)


def test_no_escape_sequence_of_a_document_reaches_a_terminal() -> None:
    text = as_text(_report("\x1b[2J\u202eputting themselves at risk\x9b", file="a\x1bb.txt"))
    assert not any(character in text for character in "\x1b\u202e\x9b")


def test_marks_stand_under_wide_and_combined_letters() -> None:
    finding = _report("日本 e\u0301 putting themselves at risk").findings[0]
    marks = finding_as_text(finding).splitlines()[2]
    assert marks.index("^") == 4 + 4 + 1 + 1 + 1


def test_json_has_the_agreed_keys() -> None:
    rows = json.loads(as_json(_report("Some children are putting themselves at risk online.")))
    assert rows == [
        {
            "code": "HM103",
            "name": "child-as-the-risk",
            "severity": "error",
            "file": "old.txt",
            "line": 14,
            "column": 21,
            "text": "putting themselves at risk",
            "message": "“putting themselves at risk” makes the child the source of the harm",
            "hint": "Instead: someone may be putting your child at risk / a place or person may not be safe for your "
            "child.",
            "url": "docs/checks/HM103.md",
        }
    ]
    assert json.loads(as_json(_report("You can call us."))) == []


def test_github_gets_one_annotation_a_line() -> None:
    annotation = as_github(_report("100% putting themselves at risk", file="a,b:c.md"))
    assert annotation.startswith("::error file=a%2Cb%3Ac.md,line=14,col=8,title=HM103 child-as-the-risk::")
    assert annotation.count("\n") == 1


def test_a_finding_in_another_language_says_which() -> None:
    finding: Finding = replace(_report("putting themselves at risk").findings[0], language="pl")
    assert " HM103 [pl] " in finding_as_text(finding)


def test_text_says_when_a_rule_found_more_than_is_shown() -> None:
    report = _report("Rife. " * 1100)
    assert report.counts["error"] == 1000
    assert "Only the first 1000 findings of HM143 are shown." in as_text(report)
