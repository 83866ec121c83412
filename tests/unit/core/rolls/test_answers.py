"""Answers in words: the first word counts, and a yes needs every other word to be known."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.values.repeated import furthest
from everyfamily.core.rolls.words import words
from tests.factories.each import each

SAID = {
    "yes": "Yes (shared)|Y - joint|Yes, 50/50|yes with dad|Yes - lives with me every other week|Yes.",
    "no": "no - lives with gran|N (lives with dad)|Nope|No longer|No, not any more",
    "unknown": "Prefer not to say|Not sure|Unsure!|No idea|(not known)|Don\u2019t know",
}
NEITHER = (
    "maybe|yes (see file)|Yes but not overnight|Yes - until the hearing|None|Please ring me first|?|"
    + "yes " * 60
)


@each("text, said", [(text, said) for said, texts in SAID.items() for text in texts.split("|")])
def test_responsibility_and_care_may_be_answered_in_words(text: str, said: str) -> None:
    assert words.yes_no_unknown()[text] == said


@pytest.mark.parametrize("text", NEITHER.split("|"))
def test_what_may_mean_something_else_is_neither(text: str) -> None:
    assert words.yes_no_unknown()[text] is None


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (("No", "None"), "No"),
        (("No", "Not sure"), "Not sure"),
        (("No", "Yes", "Not sure"), "Yes"),
        (("please ring me", "see file"), "see file"),
        (("", "No"), "No"),
        (("", ""), ""),
    ],
)
def test_of_several_answers_about_orders_the_furthest_counts(texts: tuple[str, ...], kept: str) -> None:
    assert furthest("COURT_ORDER", texts) == kept
