"""Fragments are counted as GOV.UK Notify counts them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.sms import TextMessageMissing, count, plain, render_sms
from tests.factories.demonstration import HARBOUR, demo_letter
from tests.factories.each import each


@each(
    "text, characters, fragments",
    [
        ("", 0, 0),
        ("a", 1, 1),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("a" * 459, 459, 3),
        ("a" * 460, 460, 4),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("^{}\\[~]|€", 18, 1),
        ("é" * 160, 160, 1),
        ("ŵ" * 70, 70, 1),
        ("ŵ" * 71, 71, 2),
        ("ŵ" * 134, 134, 2),
        ("ŵ" * 135, 135, 3),
        ("ŵ" + "a" * 69, 70, 1),
        ("ŵ" + "€" * 69, 70, 1),
        ("ا" * 67, 67, 1),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
    ],
)
def test_fragments_follow_the_alphabet(text: str, characters: int, fragments: int) -> None:
    counted = count(text)
    assert (counted.characters, counted.fragments) == (characters, fragments)


@each("letter", list("âêîôûŵŷÂÊÎÔÛŴŶ"))
def test_welsh_accents_shorten_the_fragments_and_are_named(letter: str) -> None:
    counted = count(f"{letter}{letter}" + "a" * 69)
    assert counted.fragments == 2
    assert counted.outside_gsm == (letter,)


@each("letter", list("éèùìòàäöüñÄÖÜÑÅåÆæßÉÇØø"))
def test_letters_of_the_alphabet_are_not_named(letter: str) -> None:
    assert count(letter).outside_gsm == ()


def test_typographic_marks_are_written_plainly() -> None:
    assert plain("“child’s” – 999…\u00a0now") == '"child\'s" - 999... now'


def test_the_letters_texts_fit_their_fragments() -> None:
    short = render_sms(demo_letter(), "en", HARBOUR, short=True)
    long = render_sms(demo_letter(), "en", HARBOUR)
    assert (short.fragments, long.fragments) == (1, 2)
    assert short.outside_gsm == long.outside_gsm == ()
    assert long.text.startswith("Harbour School: ")


def test_a_text_without_a_known_school_starts_with_a_capital() -> None:
    assert render_sms(demo_letter(), "en", PersonalGaps()).text.startswith("Your child's school: ")


def test_a_letter_without_a_short_text_says_so() -> None:
    text = replace(demo_letter().english, sms_short=None)
    assert len(list(text.outside())) == 3
    with pytest.raises(TextMessageMissing):
        render_sms(replace(demo_letter(), texts={"en": text}), "en", HARBOUR, short=True)


def test_a_section_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        demo_letter().english.section("prize")
