"""What a school says alongside the letter: the newsletter's passage, the page for staff, and the kit's guide."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import outloud
import page
import pytest

from everyfamily.core.text.passages import KitText
from everyfamily.documents.compared.page_source import tokens_of_html
from everyfamily.documents.compared.tagged_pdf import text_in_structure_order, words_by_page
from everyfamily.rendering.briefing import BriefingTooLong, briefing_text, render_briefing
from everyfamily.rendering.kit_files import kit_names, language_folder
from everyfamily.rendering.kit_guide import render_kit_guide, render_kit_guide_page
from everyfamily.rendering.newsletter import newsletter_text, render_newsletter
from tests.factories.demonstration import PACKS, demo_letter, letter_of


def newsletter() -> KitText:
    found = demo_letter().english.newsletter
    assert found is not None
    return found


def briefing() -> KitText:
    found = demo_letter().english.briefing
    assert found is not None
    return found


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_newsletter_says_the_same_as_page_and_as_text() -> None:
    text = plain(newsletter_text(demo_letter(), "en", newsletter()))
    html = render_newsletter(demo_letter(), "en", newsletter())
    shown = plain(re.sub(r"<[^>]*>", "", html[html.index("<main>") :]))
    for passage in newsletter().passages():
        assert plain(passage.text) in (shown if passage.kind != "title" else plain(html))
        assert plain(passage.text if passage.kind != "title" else passage.text.upper()) in text


def test_the_newsletter_names_no_topic_and_fetches_nothing() -> None:
    html = render_newsletter(demo_letter(), "en", newsletter())
    both = f"{html} {newsletter_text(demo_letter(), 'en', newsletter())}".casefold()
    assert not [word for word in demo_letter().topic_words if re.search(rf"\b{word.casefold()}\b", both)]
    assert {one.split(":")[0] for one in re.findall(r'href="([^"]+)"', html)} <= {"https", "mailto", "tel"}
    assert not [one for one in tokens_of_html(html) if one.startswith(("<img", "<script", "<link", "<iframe"))]


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS)
def test_the_page_for_staff_is_one_side_and_passes_pdf_ua_1(pack: str, tmp_path: Path) -> None:
    letter = letter_of(pack)
    words = letter.english.briefing
    assert words is not None
    pdf = render_briefing(letter, "en", words)
    assert len(words_by_page(pdf)) == 1
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert ([failure.message for failure in report.failures], report.is_compliant) == ([], True)
    (tmp_path / "briefing.pdf").write_bytes(pdf)
    assert outloud.check(str(tmp_path / "briefing.pdf")).findings == []
    assert render_briefing(letter, "en", words) == pdf


def test_the_page_for_staff_says_the_same_as_pdf_and_as_text() -> None:
    pdf = plain(text_in_structure_order(render_briefing(demo_letter(), "en", briefing())))
    text = plain(briefing_text(demo_letter(), "en", briefing()))
    position = 0
    for passage in briefing().passages():
        position = pdf.find(plain(passage.text), position)
        assert position >= 0, passage.id
        assert plain(passage.text if passage.kind != "title" else passage.text.upper()) in text


def test_what_lies_on_a_staff_room_table_names_no_topic_at_its_head() -> None:
    head = briefing_text(demo_letter(), "en", briefing()).split("\n\n")[0]
    assert not [word for word in demo_letter().topic_words if word.casefold() in head.casefold()]


def test_a_page_for_staff_that_takes_two_sides_is_refused_by_its_file() -> None:
    last = briefing().sections[-1]
    long = replace(briefing(), sections=(*briefing().sections[:-1], replace(last, passages=last.passages * 8)))
    with pytest.raises(BriefingTooLong) as caught:
        render_briefing(demo_letter(), "en", long)
    assert caught.value.place is not None
    assert caught.value.place.file.endswith("briefing.en.md")


def test_the_guide_names_every_file_and_no_topic() -> None:
    guide = render_kit_guide(demo_letter())
    names = kit_names(demo_letter().english)
    assert len(names) == 11
    assert all(name in guide for name in (*names, "seal.json", "ES-2703-K7R4", "0151 496 0130"))
    everything = f"{guide} {' '.join(names)}".casefold()
    assert not [word for word in demo_letter().topic_words if re.search(rf"\b{word.casefold()}\b", everything)]
    assert max(len(line) for line in guide.splitlines()) < 100


def test_the_guide_as_a_page_says_the_same_and_leads_to_each_file() -> None:
    text, html = plain(render_kit_guide(demo_letter())), render_kit_guide_page(demo_letter())
    shown = unescape(re.sub(r"<[^>]*>", "\n", html[html.index("<h1>") :])).replace("\u00a0", " ")
    lines = [plain(line) for line in shown.splitlines() if line.strip()]
    assert len(lines) > 30
    said = plain(re.sub(r"(?m)^\d\. ", "", render_kit_guide(demo_letter()))).casefold()
    assert [line for line in lines if line.casefold() not in said] == []
    leads = re.findall(r'<a href="English/([^"]+)">', html)
    assert leads == kit_names(demo_letter().english)
    assert not [one for one in tokens_of_html(html) if one.startswith(("<img", "<script", "<link", "<iframe"))]
    # A school that reads it here and files its return there meets the same order.
    assert "reached by email; on paper; by text; not reached" in text


def test_the_guide_names_no_file_that_a_letter_does_not_have() -> None:
    letter = demo_letter()
    bare = replace(letter, texts={"en": replace(letter.english, newsletter=None, briefing=None, sms_short=None)})
    guide = render_kit_guide(bare)
    assert not [
        word for word in ("newsletter.html", "staff-briefing.pdf", "text-message-short.txt") if word in guide
    ]


def test_a_language_without_a_name_goes_by_its_tag() -> None:
    assert (language_folder("en"), language_folder("ur")) == ("English", "ur")
