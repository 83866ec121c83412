"""The files that a letter is rendered into are read back, and what is wrong with one of them stops the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.artefacts import check_letter, render_artefacts
from everyfamily.letters.files.read_back import READ_BACK, documents_of
from tests.factories.demonstration import DATED, demo_letter

pytestmark = pytest.mark.slow


def _with(name: str, old: str, new: str) -> dict[str, bytes]:
    artefacts = render_artefacts(demo_letter())
    assert old.encode() in artefacts[name]
    return {**artefacts, name: artefacts[name].replace(old.encode(), new.encode())}


def _found(artefacts: dict[str, bytes]) -> list[tuple[str, str]]:
    report = check_letter(demo_letter(), today=DATED, select=["AC"], artefacts=artefacts)
    return [(finding.code, finding.place.file) for finding in report.findings]


def test_our_own_files_are_without_a_finding() -> None:
    report = check_letter(demo_letter(), today=DATED)
    assert report.findings == ()
    assert not report.stops_approval


def test_what_is_rendered_here_is_what_was_rendered_before() -> None:
    letter = demo_letter()
    assert documents_of(letter) == documents_of(letter, render_artefacts(letter))


def test_every_file_is_named_with_its_folder_and_says_its_language() -> None:
    documents = documents_of(demo_letter())
    assert [document.file for document in documents] == [f"en/{name}" for name in READ_BACK]
    assert {(document.language or "").split("-")[0] for document in documents} == {"en"}
    assert all(document.title and document.blocks for document in documents)


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("en/page.html", "<h2", "<h4", "AC003"),
        ("en/page.html", "</main>", '<img src="logo.png"></main>', "AC005"),
        ("en/email.html", "<h1", '<p style="color:#999999">Dear parent</p><h1', "AC006"),
        ("en/page.html", ' lang="en"', "", "AC012"),
        ("en/email.html", "<h1", '<p>Go <a href="https://eastmere.example/">here</a>.</p><h1', "AC004"),
    ],
)
def test_a_fault_of_a_rendered_file_is_found_in_it(name: str, old: str, new: str, code: str) -> None:
    assert (code, name) in _found(_with(name, old, new))


def _dead() -> Letter:
    letter = demo_letter()
    first, *others = letter.routes
    return replace(letter, routes=(replace(first, dead_since=date(2027, 1, 1)), *others))


def test_a_letter_that_print_refuses_is_checked_all_the_same() -> None:
    assert "TR001" in {finding.code for finding in check_letter(_dead(), today=DATED).findings}
    assert "en/page.html" in {document.file for document in documents_of(_dead())}
