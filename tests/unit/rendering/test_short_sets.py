"""The small set in what families get: print, email, text message, kit. Only read words, and the same in every copy."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from everyfamily.checks.model.context import CheckContext, SmsCount
from everyfamily.checks.run.runner import run
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.packs import Pack, load_pack
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.documents.compared.letter_files import read_pdf
from everyfamily.documents.compared.tagged_pdf import text_in_structure_order, words_in_structure_order
from everyfamily.letters.files.artefacts import check_letter, render_artefacts
from everyfamily.letters.files.record import build_record, letter_of
from everyfamily.letters.files.sealed_words import first_difference
from everyfamily.rendering.email import render_email
from everyfamily.rendering.kit_guide import render_kit_guide
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.other_languages import render_other_languages
from everyfamily.rendering.pdf import page_count, render_bundle, render_letter, strip_in
from everyfamily.rendering.short_view import strip_of
from everyfamily.rendering.sms import render_sms
from everyfamily.rendering.word import render_word
from everyfamily.rendering.words import print_words
from tests.factories.demonstration import (
    DATED,
    HARBOUR,
    REFERENCE,
    ROOT,
    demo_letter,
    demo_pack,
    demo_partnership,
    planned_for,
)
from tests.factories.each import each
from tests.factories.short_words import POLISH, SCRIPTS, pack_with_short

KEYS = (ApprovalKey.of_file("key"),)
LANGUAGES = ["pl", *SCRIPTS]


def letter_with(pack: Pack) -> Letter:
    return compose(pack, demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)


@cache
def letter_in(*languages: str) -> Letter:
    """The demonstration's letter with the small set of each language, read by a second person."""
    short: dict[str, SiteText] = dict(demo_pack().short)
    for language in languages:
        title, danger = SCRIPTS.get(language, ("", ""))
        first = "Jeśli dziecko jest teraz w niebezpieczeństwie, zadzwoń pod ((route emergency))."
        words = POLISH.replace(first, danger or first)
        words = words.replace(POLISH.split("\n")[0], f"# {title} {{#title}}") if title else words
        short[language] = pack_with_short(language, words).short[language]
    # Names of the site's languages take room too, and drafts come and go.
    return replace(letter_with(replace(demo_pack(), short=short)), languages=())


def test_in_print_the_lines_are_read_as_they_were_written() -> None:
    letter = letter_in("ur")
    assert strip_in(letter, "en") == "lines"
    pdf = render_letter(letter, "en", HARBOUR)
    (strip,) = strip_of(letter, "lines")
    assert strip["text"] is not None
    assert strip["text"].endswith(f" {letter.page}")
    assert " ".join(strip["text"].split()) in text_in_structure_order(pdf).split("\n")
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[1].get_textpage()
        letters = [
            at for at in range(text.count_chars()) if "\u0600" <= text.get_text_range(at, 1)[:1] < "\u0700"
        ]
        right_edge = max(text.get_charbox(at)[2] for at in letters)
    assert right_edge == pytest.approx((210 - 20) * 72 / 25.4, abs=3), "it begins at the right margin"
    assert words_in_structure_order(pdf) == print_words(letter, "en", HARBOUR)


def test_many_languages_are_named_where_their_lines_find_no_room_and_are_whole_in_large_print() -> None:
    """Latin, Arabic for three languages, Bengali and Gurmukhi letters: what is read is what was written."""
    letter = letter_in(*LANGUAGES)
    assert strip_in(letter, "en") == "names"
    assert page_count(letter, "en") == 2
    large = text_in_structure_order(render_large_print(letter, "en", HARBOUR))
    for strip in strip_of(letter, "lines"):
        assert strip["text"] is not None
        assert " ".join(strip["text"].split()) in large


def test_the_word_file_has_the_lines_of_every_language() -> None:
    letter = letter_in(*LANGUAGES)
    document = docx.Document(io.BytesIO(render_word(letter, "en")))
    lines = {one.text: one for one in document.paragraphs}
    for strip in strip_of(letter, "lines"):
        line = lines[strip["text"] or ""]
        assert (line._p.find(f".//{qn('w:bidi')}") is not None) is (strip["dir"] == "rtl")
        assert strip["lang"] in line.runs[0]._r.xml


def test_an_adult_whose_language_is_known_gets_its_lines_although_there_are_many() -> None:
    letter = letter_in(*LANGUAGES)
    assert (strip_in(letter, "en"), strip_in(letter, "ur")) == ("names", "lines")
    (own,) = strip_of(letter, "lines", "ur")
    pdf = render_letter(letter, "ur", HARBOUR)
    assert words_in_structure_order(pdf) == print_words(letter, "ur", HARBOUR)
    assert own["text"] is not None
    assert " ".join(own["text"].split()) in text_in_structure_order(pdf).split("\n")


def test_every_copy_says_the_same_in_other_languages() -> None:
    letter = letter_in("ur")
    copies = [PersonalGaps.open(), PersonalGaps(school="The Saint Bartholomew and All Angels Academy Trust")]
    expected = [word for copy in copies for word in print_words(letter, "en", copy)]
    assert words_in_structure_order(render_bundle(letter, "en", copies)) == expected


def test_the_email_has_it_below_the_english_with_its_language_and_links() -> None:
    letter = letter_in("ar")
    email = render_email(letter, "en", HARBOUR)
    below = html.unescape(email.html[email.html.index("Yours sincerely") :])
    (block,) = re.findall(r'<div class="other"[^>]*>', below)
    assert {'lang="ar"', 'dir="rtl"'} < set(block.split())
    assert f'<bdi dir="ltr">{"0151\u00a0496\u00a00160"}</bdi>' in below
    assert "tel:999" in below
    title, _ = SCRIPTS["ar"]
    assert title in below
    assert title.upper() in email.text[email.text.index("Yours sincerely") :]
    assert "0151\u00a0496\u00a00160" in email.text[email.text.index(title) :]


def test_the_text_message_is_in_the_language_and_names_the_school() -> None:
    letter = letter_in("pl")
    named = render_sms(letter, "pl", HARBOUR)
    assert named.text.startswith("Harbour School: list o bezpieczeństwie")
    assert "https://families.eastmere.example/spring-2027 " in named.text
    assert named.text.endswith("999.")
    assert render_sms(letter, "pl", PersonalGaps()).text.startswith("Szkoła dziecka: list")
    assert render_sms(letter, "pl", HARBOUR, short=True) == named


def test_the_kit_has_its_text_message_and_says_so() -> None:
    letter = letter_in("pl")
    files = render_artefacts(letter)
    assert words_in_structure_order(files["pl/letter.pdf"]) == print_words(letter, "pl", PersonalGaps())
    assert files["pl/text-message.txt"].decode().startswith("Szkoła dziecka")
    assert "((school))" in files["pl/gaps-open/text-message.txt"].decode()
    assert "Jeśli dziecko" in files["other-languages.html"].decode()
    assert "the English letter has lines in that language, and so is the text message: pl (Polski)." in " ".join(
        render_kit_guide(letter).split()
    )
    assert check_letter(letter, today=DATED, artefacts=files).findings == ()


@each("changes", [{"checker": ""}, {"checked_digest": "0" * 16}, {"english_digest": "0" * 16}])
def test_no_draft_is_in_a_letter_not_even_in_the_demonstrations(changes: dict[str, str]) -> None:
    letter = letter_with(pack_with_short(**changes))
    assert letter.demonstration
    assert letter.short == {}
    assert render_letter(letter, "en", HARBOUR) == render_letter(demo_letter(), "en", HARBOUR)


@each("changes", [{"checker": ""}, {"english_digest": "0" * 16}, {}])
def test_a_preview_shows_drafts_and_marks_them(changes: dict[str, str]) -> None:
    pack = pack_with_short(**changes)
    letter = compose(pack, demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE, drafts=True)
    page = html.unescape(render_other_languages(letter))
    assert "Jeśli dziecko jest teraz w niebezpieczeństwie" in page
    assert '<bdi dir="ltr">0151\u00a0496\u00a00120</bdi>' in page
    is_draft = bool(changes)
    assert ("A draft: nobody has checked these words. Do not send them." in page) is is_draft
    assert [code for code, _ in found(letter)] == ["EV008"] * is_draft


def test_both_titles_of_a_letter_in_two_versions_are_shown() -> None:
    name = "online-grooming-and-blackmail"
    letter = compose(
        load_pack(ROOT / "packs" / name),
        planned_for(name),
        term="spring-2027",
        dated=DATED,
        reference=REFERENCE,
        drafts=True,
    )
    page = html.unescape(render_other_languages(letter))
    titles = (
        "Uwodzenie dzieci i szantaż: jak chronić dzieci",
        "Podstępy i sekrety w internecie: jak chronić dzieci",
    )
    assert re.findall(r"<h2>([^<]*jak chronić dzieci)</h2>", page) == [*titles]
    one = html.unescape(render_other_languages(letter.in_version(Version.PRIMARY)))
    assert (titles[0] in one, one.count(titles[1])) == (False, 1)


def test_the_record_holds_it_and_a_letter_without_keeps_its_record() -> None:
    def record(letter: Letter) -> dict[str, object]:
        signed = replace(
            letter,
            signatories=tuple(replace(one, keys=KEYS) for one in letter.signatories),
        )
        made = build_record(signed, {}, findings=[], waivers=[], rule_set="1", templates={})
        assert letter_of(made) == signed
        row = made["letter"]
        assert isinstance(row, dict)
        return row

    assert "short" not in record(demo_letter())
    assert list(record(letter_in("pl"))["short"]) == ["pl"]  # type: ignore[call-overload]


def found(letter: Letter, **counts: SmsCount) -> list[tuple[str, str]]:
    context = CheckContext.of_letter(
        letter, today=DATED, sms_fragments={"en": SmsCount(1, 150, "GSM-7"), **counts}
    )
    return [(one.code, one.message) for one in run(context, select=["EV008", "TR193", "LM001"]).findings]


def test_a_copy_with_ones_own_lines_is_known_by_its_seal() -> None:
    letter = letter_in("pl", "ur")
    signed = replace(letter, signatories=tuple(replace(one, keys=KEYS) for one in letter.signatories))
    seal: Any = SimpleNamespace(
        record=build_record(signed, {}, findings=[], waivers=[], rule_set="1", templates={})
    )
    copy = read_pdf(render_letter(letter, "pl", HARBOUR))
    assert first_difference(copy, seal) is None


def changed(**fields: str) -> Letter:
    letter = letter_in("pl")
    return replace(letter, short={"pl": replace(letter.short["pl"], **fields)})  # type: ignore[arg-type]


def test_what_stops_a_letter_whose_record_was_changed_by_hand() -> None:
    assert found(letter_in("pl"), pl=SmsCount(4, 260, "UCS-2")) == []
    assert found(letter_in("pl"), pl=SmsCount(5, 300, "UCS-2")) == [
        ("LM001", "Text message in pl takes 5 fragments (300 UCS-2)")
    ]
    assert found(changed(checker="")) == [("EV008", "Nobody has checked this translation")]
    assert found(changed(own_digest="0" * 16)) == [
        ("EV008", "The words in pl were changed after somebody checked them")
    ]


@each("old, new", [("999", "998"), ("55", "44"), ("0151 496 0120", "0151 496 0121")])
def test_another_number_in_it_is_found(old: str, new: str) -> None:
    letter = letter_in("pl")
    sections = tuple(
        replace(
            section,
            passages=tuple(
                replace(one, text=one.text.replace(old, new), aside=one.aside and one.aside.replace(old, new))
                for one in section.passages
            ),
        )
        for section in letter.short["pl"].sections
    )
    wrong = replace(letter, short={"pl": replace(letter.short["pl"], sections=sections)})
    assert [code for code, _ in found(wrong)] == ["TR193"]


def test_a_language_without_it_has_no_text_message() -> None:
    with pytest.raises(KeyError):
        render_sms(letter_in("pl"), "cy", HARBOUR)
