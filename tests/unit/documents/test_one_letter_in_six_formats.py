"""A letter says the same in whatever format it comes: the same words, in the same order, of the same kinds."""

from __future__ import annotations

import pytest

from everyfamily.documents.reading import read_document
from tests.unit.documents.letter_in_formats import TABLE, WORDS, WRITERS


@pytest.mark.parametrize("ending", WRITERS)
def test_it_says_the_same(ending: str) -> None:
    document = read_document(WRITERS[ending](), f"letter.{ending}")
    expected = [*WORDS, *(TABLE if ending != "txt" else ())]
    assert [(block.kind, block.level, block.text) for block in document.blocks] == expected
    assert document.format == ending
    assert {block.place.file for block in document.blocks} == {f"letter.{ending}"}


@pytest.mark.parametrize("ending", ["html", "docx", "odt", "pdf"])
def test_it_declares_a_language(ending: str) -> None:
    document = read_document(WRITERS[ending](), f"letter.{ending}")
    assert document.language is not None


@pytest.mark.parametrize("ending", WRITERS)
def test_standard_input_is_known_by_its_content(ending: str) -> None:
    data = WRITERS[ending]()
    assert read_document(data, "standard input").format == ending
    assert read_document(data, "standard input", format=ending).format == ending


def test_a_pdf_knows_its_pages_and_its_tags() -> None:
    document = read_document(WRITERS["pdf"](), "letter.pdf")
    assert (document.pages, document.is_tagged, document.title, document.untagged_text) == (1, True, "t", ())
    assert str(document.blocks[1].place) == "letter.pdf, page 1, paragraph 2"
