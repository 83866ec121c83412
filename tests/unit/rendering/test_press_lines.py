"""What the press offices say: two sides at most, the same as PDF and as text, and nothing of it in a school's kit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import outloud
import page
import pytest

from everyfamily.core.text.passages import KitText
from everyfamily.documents.compared.tagged_pdf import text_in_structure_order, words_by_page
from everyfamily.rendering.kit_files import kit_names
from everyfamily.rendering.kit_guide import render_kit_guide
from everyfamily.rendering.press_lines import MOST_PAGES, PressLinesTooLong, press_text, render_press_lines
from tests.factories.demonstration import PACKS, demo_letter, letter_of


def press() -> KitText:
    found = demo_letter().english.press
    assert found is not None
    return found


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS)
def test_the_press_lines_are_two_sides_with_every_question_on_the_first(pack: str) -> None:
    words = letter_of(pack).english.press
    assert words is not None
    pages = words_by_page(render_press_lines(letter_of(pack), "en", words))
    assert len(pages) <= MOST_PAGES
    last = words.section("ask").passages[-1]
    assert last.aside is not None
    assert plain(last.aside) in plain(" ".join(pages[0]))


@pytest.mark.slow
def test_the_press_lines_pass_pdf_ua_1_and_are_always_the_same(tmp_path: Path) -> None:
    pdf = render_press_lines(demo_letter(), "en", press())
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert ([failure.message for failure in report.failures], report.is_compliant) == ([], True)
    (tmp_path / "press.pdf").write_bytes(pdf)
    assert outloud.check(str(tmp_path / "press.pdf")).findings == []
    assert render_press_lines(demo_letter(), "en", press()) == pdf


def test_the_press_lines_say_the_same_as_pdf_and_as_text() -> None:
    pdf = plain(text_in_structure_order(render_press_lines(demo_letter(), "en", press())))
    text = plain(press_text(demo_letter(), "en", press()))
    position = 0
    for passage in press().passages():
        for words in filter(None, (passage.text, passage.aside)):
            position = pdf.find(plain(words), position)
            assert position >= 0, passage.id
            assert plain(words if passage.kind != "title" else words.upper()) in text


def test_they_begin_with_for_whom_they_are_and_from_when() -> None:
    letter = replace(demo_letter(), dated=date(2027, 3, 2))
    _, whom, day, *_ = press_text(letter, "en", press()).split("\n\n")
    assert whom == "For the press offices of Eastmere City Council and Eastmere Police only."
    assert day.replace("\u00a0", " ") == "Use it from 2 March 2027, and not before."


def test_there_is_a_line_for_whoever_is_on_duty_in_each_body() -> None:
    text = press_text(demo_letter(), "en", press())
    for body in demo_letter().bodies:
        assert f"{body.name}, on duty today (name, telephone): …" in text


def test_lines_of_three_sides_are_refused_by_their_file() -> None:
    ask = press().section("ask")
    long = replace(ask, passages=ask.passages * 4)
    sections = tuple(long if one is ask else one for one in press().sections)
    with pytest.raises(PressLinesTooLong) as caught:
        render_press_lines(demo_letter(), "en", replace(press(), sections=sections))
    assert caught.value.place is not None
    assert caught.value.place.file.endswith("press.en.md")


def test_no_school_gets_them_in_its_kit() -> None:
    assert not [name for name in kit_names(demo_letter().english) if "press" in name]
    assert "press" not in render_kit_guide(demo_letter())
