"""A letter that sends families to the site for audio keeps a site without audio from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from everyfamily.core.text.passages import LetterText, Passage
from everyfamily.parentsite.promised_formats import formats_not_there
from everyfamily.parentsite.readiness import FORMAT, hindrances
from everyfamily.parentsite.sealed import SealedLetter
from tests.factories.demonstration import demo_partnership
from tests.factories.sealed import FILES, on_site, site

pytestmark = pytest.mark.slow

PAGE = on_site().letter.page
ASKED = ["Audio, BSL or Braille: ask the school."]


def saying(passages: Sequence[str], *, files: bool = True, withdrawn: bool = False) -> SealedLetter:
    """The example's letter with these paragraphs under "Other ways to read this", and its files or none."""
    one = on_site(withdrawn=withdrawn)
    english = one.letter.english
    sections = tuple(
        replace(section, passages=tuple(_like(section.passages[0], words) for words in passages))
        if section.id == "more"
        else section
        for section in english.sections
    )
    text: LetterText = replace(english, sections=sections)
    letter = replace(one.letter, texts={**one.letter.texts, "en": text})
    return replace(one, letter=letter, files=FILES if files else {})


def _like(passage: Passage, words: str) -> Passage:
    return replace(passage, text=words)


@pytest.mark.parametrize(
    ("passages", "missing"),
    [
        (
            ["Large print, audio, easy read, BSL and other languages: scan the code, or ask."],
            "audio, BSL or a film, easy read",
        ),
        ([f"For audio, go to {PAGE}. You can ask for paper."], "audio"),
        (["Scan the code.", "There is a film in sign language too."], "BSL or a film"),
        (["Scan the code. Ask the school for Braille."], ""),
        ([f"Scan the code, or go to {PAGE}", "Large print and a short version too.", *ASKED], ""),
        (ASKED, ""),
    ],
)
def test_what_a_letter_sends_families_to_the_site_for_is_there(passages: list[str], missing: str) -> None:
    one = saying(passages)
    assert ", ".join(formats_not_there(one)) == missing
    found = [hindrance for hindrance in hindrances(site([one])) if hindrance.code == FORMAT]
    assert len(found) == len(formats_not_there(one))
    for name, hindrance in zip(formats_not_there(one), found, strict=True):
        assert f"for {name}," in hindrance.fact


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_language_that_the_letter_names_is_there_unless_it_is_a_draft_of_the_demonstration(
    demonstration: bool,
) -> None:
    one = saying(ASKED)
    one = replace(one, letter=replace(one.letter, languages=("pl", "ur")))
    partnership = replace(demo_partnership(), demonstration=demonstration)
    made = site([one], languages=("en", "ur"), partnership=partnership)
    found = [hindrance.fact for hindrance in hindrances(made) if hindrance.code == FORMAT]
    said = ['The newest letter says that its page can be read in "pl", and the site is not in it.']
    assert found == ([] if demonstration else said)


def test_nothing_about_formats_keeps_a_site_from_saying_that_a_letter_was_withdrawn() -> None:
    wrong = saying(["For audio, scan the code."], withdrawn=True)
    assert formats_not_there(wrong) == ["audio"]
    assert [hindrance for hindrance in hindrances(site([wrong])) if hindrance.code == FORMAT] == []


def test_large_print_is_there_only_with_the_letters_file() -> None:
    words = ["Scan the code.", "Large print and a short version too."]
    assert formats_not_there(saying(words)) == []
    assert formats_not_there(saying(words, files=False)) == ["large print"]


def test_a_word_about_sign_language_beside_999_is_no_promise_of_a_film() -> None:
    one = saying(ASKED)
    assert any("BSL" in passage.text for passage in one.letter.english.passages())
    assert formats_not_there(one) == []
