"""The letter in large print: 18 points or more, the letter's words, even pages, the same bytes."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.tagged_pdf import text_in_structure_order, words_by_page
from everyfamily.rendering.large_print import render_large_print, render_large_print_bundle
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.print_data import AddressTooLong, BundleTooLarge, RouteNotPrintable
from everyfamily.rendering.view import view_of
from tests.factories.demonstration import HARBOUR, LETTERS, demo_letter, letter_of
from tests.factories.listened import heard

pytestmark = pytest.mark.slow

SEVEN_LINES = PersonalGaps(
    (
        "The parent or carer",
        "Flat 12B, Harbour House",
        "117 Lantern Row East",
        "Little Eastmere",
        "Eastmere",
        "Mereshire",
        "EM4 7QX",
    ),
    "The Saint Bartholomew and All Angels Academy of Eastmere",
    "0151 496 0160",
)


def sizes_by_page(pdf: bytes) -> list[list[tuple[float, str]]]:
    """Size in points and character of everything shown, page by page."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for one in document:
            text = one.get_textpage()
            # Typst scales a font of size 1 by the text matrix, so the size is read off the page.
            found.append(
                [
                    (
                        round(pdfium.FPDFText_GetFontSize(text.raw, at), 1),
                        chr(pdfium.FPDFText_GetUnicode(text.raw, at)),
                    )
                    for at in range(text.count_chars())
                ]
            )
    return found


@pytest.mark.parametrize("gaps", [PersonalGaps(), PersonalGaps.open(), HARBOUR])
def test_nothing_is_printed_smaller_than_18_points(gaps: PersonalGaps) -> None:
    letters = [one for found in sizes_by_page(render_large_print(demo_letter(), "en", gaps)) for one in found]
    assert len(letters) > 3000
    assert min(size for size, character in letters if character.strip()) >= 18


def test_only_an_address_too_long_for_its_window_is_smaller() -> None:
    letters = [
        one for found in sizes_by_page(render_large_print(demo_letter(), "en", SEVEN_LINES)) for one in found
    ]
    small = "".join(character for size, character in letters if size < 18)
    assert " ".join(small.split()) == " ".join(SEVEN_LINES.address)


def test_the_standard_letter_would_be_found_too_small() -> None:
    letters = [one for found in sizes_by_page(render_letter(demo_letter(), "en", HARBOUR)) for one in found]
    assert min(size for size, character in letters if character.strip()) < 12


def test_it_holds_every_text_of_the_letter_in_its_order() -> None:
    said = " ".join(text_in_structure_order(render_large_print(demo_letter(), "en", PersonalGaps())).split())
    view = view_of(demo_letter(), "en", "print", PersonalGaps())
    position = 0
    for section in view.sections.values():
        for block in section.blocks:
            position = said.index(" ".join(block.text.split()), position)
    for row in view.routes:
        assert " ".join((row.number or row.instead or "").split()) in said


@pytest.mark.parametrize("pack", LETTERS)
def test_the_card_is_whole_on_one_page_and_the_letter_has_six(pack: str) -> None:
    letter = letter_of(pack)
    pages = [" ".join(words) for words in words_by_page(render_large_print(letter, "en", HARBOUR))]
    assert len(pages) == 6
    view = view_of(letter, "en", "print", HARBOUR)
    assert view.written
    heading = str(view.sections["card"].heading)
    card = next(text for text in pages if heading in text).partition(heading)[2]
    assert view.written.split()[-1] in card
    assert all(row.number is None or row.number.split("\u00a0")[0] in card for row in view.routes)


def longer(letter: Letter, by: int) -> Letter:
    text = letter.english
    sections = tuple(
        replace(one, passages=one.passages + one.passages[-1:] * by) if one.id == "closing" else one
        for one in text.sections
    )
    return replace(letter, texts={"en": replace(text, sections=sections)})


def test_any_length_gives_an_even_number_of_pages() -> None:
    found = set()
    for by in range(0, 60, 6):
        pdf = render_large_print(longer(demo_letter(), by), "en", HARBOUR)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            found.add(len(document.pages))
        pages = [" ".join(words) for words in words_by_page(pdf)]
        assert all(pages), "no page is empty without saying so"
        assert "This page is left blank." not in " ".join(pages[:-1])
    assert found >= {6, 8}
    assert all(count % 2 == 0 for count in found)


def test_every_letter_of_a_bundle_has_the_same_pages() -> None:
    single = len(words_by_page(render_large_print(demo_letter(), "en", PersonalGaps.open())))
    found = words_by_page(render_large_print_bundle(demo_letter(), "en", [HARBOUR, SEVEN_LINES, PersonalGaps()]))
    assert len(found) == 3 * single
    for copy in range(3):
        assert "Keeping children safe" in " ".join(found[copy * single])


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert render_large_print(demo_letter(), "en", HARBOUR) == render_large_print(demo_letter(), "en", HARBOUR)


@pytest.mark.parametrize("copies", [[HARBOUR], [PersonalGaps.open()], [PersonalGaps(), SEVEN_LINES]])
def test_it_passes_pdf_ua_1(copies: list[PersonalGaps]) -> None:
    report = page.validate_pdf_bytes(
        render_large_print_bundle(demo_letter(), "en", copies), profile=page.ValidationProfile.PDF_UA_1
    )
    assert [failure.message for failure in report.failures] == []
    assert report.is_compliant


def test_nothing_a_listener_needs_is_skipped(tmp_path: Path) -> None:
    assert heard(render_large_print(demo_letter(), "en", HARBOUR), tmp_path) == []


def test_what_cannot_be_printed_is_refused() -> None:
    with pytest.raises(AddressTooLong) as caught:
        render_large_print_bundle(demo_letter(), "en", [HARBOUR, PersonalGaps(("W" * 300,))])
    assert caught.value.index == 1
    with pytest.raises(BundleTooLarge):
        render_large_print_bundle(demo_letter(), "en", [])
    letter = demo_letter()
    dead = tuple(replace(route, checked_on=None) if route.id == "local" else route for route in letter.routes)
    with pytest.raises(RouteNotPrintable):
        render_large_print(replace(letter, routes=dead), "en", HARBOUR)
