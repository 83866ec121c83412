"""Cover sheets of pupil post: what a teacher and an office need, no topic, no names, for every reader."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import outloud
import page
import pikepdf
import pytest

from everyfamily.documents.compared.tagged_pdf import text_in_structure_order, words_by_page
from everyfamily.rendering.cover_sheets import Cover, CoverCopies, printable, render_cover_sheets
from tests.factories.demonstration import demo_letter

ON = date(2027, 3, 2)


def cover(group: str, *ids: str, language: str = "en", format: str = "standard") -> Cover:
    return Cover(group, (CoverCopies(language, format, ids or ("P1", "P2")),), ON)


MANY = cover("Year 10", *(f"P{number:04}" for number in range(120)))
MIXED = Cover("5C", (CoverCopies("en", "standard", ("P1", "P2")), CoverCopies("cy", "standard", ("P3",))), ON)


def said(*covers: Cover) -> str:
    return " ".join(text_in_structure_order(render_cover_sheets(demo_letter(), "Harbour School", covers)).split())


def test_it_says_what_to_hand_out_to_whom_and_what_to_do_with_the_rest() -> None:
    text = said(cover("4B", "P17", "P18", "P19"))
    for part in ("Harbour School", "Class 4B", "Tuesday 2 March 2027", "3 English Standard", "P17", "P18", "P19"):
        assert part in text
    assert "to the school office within five school days: by Tuesday 9 March 2027" in text
    assert "under handed_over" in text
    assert "in a closed envelope" in text


def test_printed_from_a_page_it_leads_back_to_the_page() -> None:
    pdf = render_cover_sheets(demo_letter(), "Harbour School", [cover("4B")], said_on_page=True)
    text = " ".join(text_in_structure_order(pdf).split())
    assert "say on your school’s page, under Paper, which children of this class took a copy" in text
    assert "handed_over" not in text


def test_each_language_and_format_has_its_children() -> None:
    text = said(MIXED)
    assert "2 English Standard 1 Welsh Standard" in text
    assert text.index("English, standard") < text.index("P1") < text.index("Welsh, standard") < text.index("P3")


def test_it_does_not_name_the_topic() -> None:
    letter = demo_letter()
    text = said(cover("4B")).lower()
    assert letter.english.title.text.lower() not in text
    for word in ("exploit", "sexual", "abuse", "police", "harm"):
        assert word not in text


@pytest.mark.parametrize(
    ("group", "title"),
    [("4B", "Class 4B"), ("Year 10 Badgers", "Year 10 Badgers"), ("", "No class in the school’s file")],
)
def test_a_class_is_called_as_the_school_calls_it(group: str, title: str) -> None:
    assert title in said(cover(group))


@pytest.mark.parametrize("covers", [[cover("4B")], [MANY], [cover("4B"), MANY, MIXED, cover("Dosbarth Ŵŷ")]])
def test_they_pass_pdf_ua_1(covers: list[Cover]) -> None:
    pdf = render_cover_sheets(demo_letter(), "Harbour School", covers)
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.slow
def test_nothing_a_listener_needs_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "cover.pdf"
    file.write_bytes(render_cover_sheets(demo_letter(), "Harbour School", [cover("4B"), MIXED]))
    assert [(found.rule, found.message) for found in outloud.check(str(file)).findings] == []


def test_a_class_fits_one_page_and_each_class_begins_on_a_fresh_sheet() -> None:
    thirty = cover("4B", *(f"P{number:05}" for number in range(32)))
    assert len(words_by_page(render_cover_sheets(demo_letter(), "Harbour School", [thirty]))) == 1
    pdf = render_cover_sheets(demo_letter(), "Harbour School", [thirty, MANY, cover("4C")])
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_outline() as outline:
        pages = {one.objgen: number for number, one in enumerate(document.pages)}
        places = [(item.title, pages[pikepdf.Page(item.destination[0]).objgen]) for item in outline.root]
    assert places == [("Class 4B", 0), ("Year 10", 2), ("Class 4C", 4)]


def test_no_letter_of_a_name_stops_the_press() -> None:
    every = "".join(chr(code) for code in range(0x20, 0x250)) + "ẀẁẂẃẄẅỲỳ‘’“”–—…🐝\u202e\u4e00"
    text = said(cover(every, every))
    assert "Ŵ" in text
    assert printable("🐝 Bees\u202e") == "? Bees?"


def test_the_same_sheets_give_the_same_bytes() -> None:
    once, twice = (render_cover_sheets(demo_letter(), "Harbour School", [MIXED]) for _ in range(2))
    assert once == twice
