"""What a program and GitHub are given."""

from __future__ import annotations

import json

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.report.report import as_github, as_json
from everyfamily.checks.run.checked import Checked
from everyfamily.checks.run.runner import CheckReport, run
from everyfamily.core.errors import ParagraphLocation, SourceLocation
from everyfamily.core.text.outside_document import Block
from tests.factories.documents import make_document
from tests.factories.letters import TODAY

FAULT = "Some children are putting themselves at risk online."


def _checked(text: str, place: SourceLocation | None = None) -> Checked:
    block = Block("paragraph", text, place or SourceLocation("old.txt", 14, 3), language="en")
    document = make_document([], blocks=(block,), file=block.place.file)
    context = CheckContext.of_document(document, today=TODAY, about_harm=True)
    return Checked(block.place.file, context, run(context, select=["HM103"]))


def _report(text: str, place: SourceLocation | None = None) -> CheckReport:
    return _checked(text, place).report


def _rows(*checked: Checked) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(as_json(checked))["findings"]
    return rows


ROW = {
    "code": "HM103",
    "name": "child-as-the-risk",
    "severity": "error",
    "file": "old.txt",
    "line": 14,
    "column": 21,
    "text": "putting themselves at risk",
    "message": "“putting themselves at risk” makes the child the source of the harm",
    "hint": "Instead: someone may be putting your child at risk / a place or person may not be safe for your child.",
    "url": "docs/checks/HM103.md",
}


def test_json_has_the_agreed_keys() -> None:
    rows = _rows(_checked(FAULT))
    assert rows == [ROW]
    assert list(rows[0]) == list(ROW)


def test_json_of_several_documents_is_one_object() -> None:
    assert _rows(_checked(FAULT), _checked("You can call us."), _checked(FAULT)) == [ROW, ROW]
    assert _rows(_checked("You can call us.")) == []


def test_json_says_what_each_letter_is_about_and_why() -> None:
    text = "A driver tried to get a pupil into his car near the school gates on Monday."
    context = CheckContext.of_document(make_document([text]), today=TODAY)
    (letter,) = json.loads(as_json([Checked("note.txt", context, run(context, select=["HM103"]))]))["letters"]
    assert letter == {
        "name": "note.txt",
        "about_harm": True,
        "kinds": ["strangers"],
        "why": ["driver tried to get"],
        "announces_a_lesson": False,
    }


def test_json_names_the_page_only_where_there_are_pages() -> None:
    (in_word,) = _rows(_checked(FAULT, ParagraphLocation("a.docx", 4)))
    (in_pdf,) = _rows(_checked(FAULT, ParagraphLocation("a.pdf", 3, 1, 2)))
    assert in_word == ROW | {"file": "a.docx", "line": 4, "column": 19}
    assert in_pdf == ROW | {"file": "a.pdf", "line": 3, "column": 19, "page": 2}


def test_github_gets_one_annotation_a_line() -> None:
    annotation = as_github([_report("100% putting themselves at risk", SourceLocation("a,b:c.md", 14, 3))])
    assert annotation.startswith(
        "::error file=a%2Cb%3Ac.md,line=14,col=8,endColumn=34,title=HM103 child-as-the-risk::“putting"
    )
    assert annotation.count("\n") == 1


def test_github_is_told_the_paragraph_where_a_file_has_no_lines() -> None:
    annotation = as_github([_report(FAULT, ParagraphLocation("a.pdf", 3, 1, 2))])
    assert annotation.startswith(
        "::error file=a.pdf,title=HM103 child-as-the-risk::page 2, paragraph 3: “putting themselves at risk”"
    )


def test_github_gets_no_end_of_words_that_go_over_a_line() -> None:
    assert "endColumn" not in as_github([_report("They are putting\nthemselves at risk.")])
