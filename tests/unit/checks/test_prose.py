"""How rules read English."""

from __future__ import annotations

import pytest

from everyfamily.checks.text.prose import fold, quotations, sentences, words
from tests.factories.each import each


def _sentences(text: str) -> list[str]:
    folded = fold(text).text
    return [folded[start:end] for start, end in sentences(folded)]


@each(
    "text, parts",
    [
        ("One. Two? Three", ["One.", "Two?", "Three"]),
        ("Call 9.30am to 5.30pm. Ask.", ["Call 9.30am to 5.30pm.", "Ask."]),
        ("Say: “I am worried.” Then wait.", ['Say: "I am worried."', "Then wait."]),
        ("Things, e.g. a phone. Done.", ["Things, e.g. a phone.", "Done."]),
        ("Bring:\n- a coat\n- a hat", ["Bring:", "- a coat", "- a hat"]),
        ("A line\nthat wraps. End.", ["A line\nthat wraps.", "End."]),
        ("Danger now: 999\nPolice: 101, any time", ["Danger now: 999", "Police: 101, any time"]),
        (
            "We have asked the schools of the city of Eastmere and\nWestbrook",
            ["We have asked the schools of the city of Eastmere and\nWestbrook"],
        ),
        ("Sam Okoro\nHead\n\nJo Bell\nChair of it", ["Sam Okoro", "Head", "Jo Bell", "Chair of it"]),
        ("A heading\n\nA paragraph", ["A heading", "A paragraph"]),
        ("Wait… Then", ["Wait…", "Then"]),
        ("   ", []),
        ("", []),
    ],
)
def test_text_splits_into_sentences(text: str, parts: list[str]) -> None:
    assert _sentences(text) == parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is not your child’s fault", 6),
        ("Call 0151 496 0120 or 0808 800 5000 today", 3),
        ("See families.eastmere.example/spring or write to a@example.org", 4),
        ("Ask ((school number)) now", 3),
        ("On 17 March 2027 at 9.30am", 6),
        ("Well-known, children's (and other) words", 5),
        ("— … !", 0),
    ],
)
def test_words_leave_numbers_and_addresses_out(text: str, count: int) -> None:
    assert len(words(fold(text).text)) == count


def test_folding_gives_one_spelling_and_keeps_places() -> None:
    text = "Child\u2019s\u00a0 \n phone\u00ad, \u06f9\u06f9\u06f9"
    folded = fold(text)
    assert folded.text == "Child's\nphone, 999"
    start = folded.text.index("999")
    assert text[slice(*folded.span(start, start + 3))] == "\u06f9\u06f9\u06f9"


def test_folding_of_plain_text_changes_no_place() -> None:
    assert fold("plain text").span(6, 10) == (6, 10)


def test_an_empty_span_has_a_place() -> None:
    assert fold("").span(0, 0) == (0, 0)
    assert fold("ab").span(1, 1) == (1, 1)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said “yes” and left", ["“yes”"]),
        ('He said "yes" and left', ['"yes"']),
        ("The ‘child’s part’ ended", ["‘child’s part’"]),
        ("A child’s and another child’s", []),
        ("An open “quotation", []),
    ],
)
def test_quotations_are_found_between_their_marks(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted
