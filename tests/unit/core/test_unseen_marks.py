"""Marks that nobody sees are taken out of what people type, and those that are part of writing stay."""

from __future__ import annotations

from everyfamily.core.text.beginnings import SHORT, beginning_of
from everyfamily.core.text.unseen_marks import UNSEEN, says_something, without_unseen
from tests.factories.each import each


@each(
    "typed, read",
    [
        ("Ring \u202e999\u202c now", "Ring 999 now"),
        ("a\u200bb\u2060c\ufeffd\u2066e\u2069f", "abcdef"),
        ("a\u2063b\U000e0041c\x07d\x9be", "abcde"),
        ("two\r\nlines\tand a tab", "two\r\nlines\tand a tab"),
        # Persian and Hindi need joiners, and a right-to-left line its direction marks.
        ("می\u200cخواهم क्\u200dष \u200fالف\u200e", "می\u200cخواهم क्\u200dष \u200fالف\u200e"),
        ("café, naïve, “quoted” – ½", "café, naïve, “quoted” – ½"),
    ],
)
def test_words_are_kept_as_a_person_reads_them(typed: str, read: str) -> None:
    assert without_unseen(typed) == read
    assert UNSEEN.search(read) is None


@each(
    "words, says",
    [("", False), (" \n\u00a0", False), ("\u200f\u200d\u00ad", False), ("?", True), ("\u200fا", True)],
)
def test_only_what_a_person_can_see_says_something(words: str, says: bool) -> None:
    assert says_something(words) is says


def test_a_long_text_is_shown_by_its_beginning() -> None:
    assert beginning_of("a" * SHORT) == "a" * SHORT
    assert beginning_of(f"{'a' * (SHORT - 1)} bcd") == f"{'a' * (SHORT - 1)}…"
