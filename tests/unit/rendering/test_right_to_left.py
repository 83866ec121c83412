"""A letter in Arabic, Bengali or Gurmukhi letters: set in its direction, and read out as it was written."""

from __future__ import annotations

import io
import re

import page
import pikepdf
import pypdfium2
import pytest

from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.tagged_pdf import text_in_structure_order, words_in_structure_order
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.marked_text import Pieces
from everyfamily.rendering.pdf import page_count, render_bundle, render_letter
from everyfamily.rendering.said_text import with_said_text
from everyfamily.rendering.typesetting import LetterNotSet
from everyfamily.rendering.words import print_lines, print_words
from tests.factories.demonstration import HARBOUR, demo_letter
from tests.factories.scripts import ALPHABETS, letter_in_script


def test_it_is_read_out_as_it_was_written_and_passes_pdf_ua_1() -> None:
    letter = letter_in_script("ur")
    pdf = render_letter(letter, "ur", HARBOUR)
    assert words_in_structure_order(pdf) == print_words(letter, "ur", HARBOUR)
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "ur-GB"
        with document.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
        drawn = b"".join(one.Contents.read_bytes() for one in document.pages)
    assert letter.texts["ur"].title.text in titles
    regions = set(re.findall(rb"/Lang\([a-z]+-([A-Z]{2})\)", pdf + drawn))
    assert regions <= {b"GB"}, "a code of a piece is still in the file"


def test_numbers_run_from_left_to_right_and_the_card_from_right_to_left() -> None:
    pdf = render_letter(letter_in_script("ur"), "ur", HARBOUR)
    with pypdfium2.PdfDocument(pdf) as document:
        sheet = document[1]
        text = sheet.get_textpage()

        def left(words: str) -> float:
            found = text.search(words).get_next()
            assert found is not None, words
            return float(text.get_charbox(found[0])[0])

        assert left("0808") < left("5000")
        assert left("weekends") < left("0808") < left("NSPCC")


@pytest.mark.nightly
@pytest.mark.parametrize("language", [one for one in ALPHABETS if one != "pl"])
def test_every_script_is_read_out_as_it_was_written(language: str) -> None:
    letter = letter_in_script(language)
    assert page_count(letter, language) == 2
    copies = [HARBOUR, PersonalGaps.open()]
    expected = [word for copy in copies for word in print_words(letter, language, copy)]
    assert words_in_structure_order(render_bundle(letter, language, copies)) == expected
    large = " ".join(text_in_structure_order(render_large_print(letter, language, HARBOUR)).split())
    remark = letter.texts[language].section("adults").heading
    assert remark is not None
    assert [line for line in print_lines(letter, language, HARBOUR) if line not in large] == [remark.aside]


def test_each_piece_has_a_code_and_addresses_are_in_none() -> None:
    pieces = Pieces(re.escape("a.example/x"))
    assert pieces.marked("Call 999") == "Call 999"
    assert pieces.marked({"id": "now", "text": ["اب a.example/x پ", None]}) == {
        "id": "now",
        "text": ["\ue000QAاب \ue001a.example/x\ue000QB پ\ue001", None],
    }
    assert pieces.marked("؟ کیا؟ ہاں") == "\ue000QC؟ کیا؟\ue001\ue000QD ہاں\ue001"
    assert pieces.marked("اب ") == "\ue000QAاب \ue001"
    assert pieces.said == {"QA": "اب ", "QB": " پ", "QC": "؟ کیا؟", "QD": " ہاں"}


def test_what_is_not_in_the_letter_is_not_said() -> None:
    pdf = render_letter(demo_letter(), "en", HARBOUR)
    with pytest.raises(LetterNotSet, match="0 of 1"):
        with_said_text(pdf, [("ur", "words")], pack=False)
