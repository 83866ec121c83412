"""The words on one line, underlined, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.checks.model.finding import Finding, Severity
from everyfamily.checks.report.shown_words import columns, shown_words
from everyfamily.core.errors import SourceLocation

WIDTH = 76
WORDS = "putting themselves at risk"


def _finding(text: str, span: tuple[int, int] | None = None) -> Finding:
    start = text.find(WORDS)
    return Finding(
        code="HM103",
        name="child-as-the-risk",
        severity=Severity.ERROR,
        place=SourceLocation("a.txt"),
        text=text,
        span=span or (start, start + len(WORDS)),
        message="",
        hint="",
        url="",
        passage="line 1",
        language="en",
    )


def test_a_short_line_is_shown_whole() -> None:
    shown = shown_words(_finding(f"They are {WORDS}."), WIDTH)
    assert (shown.line, shown.marks) == (f"They are {WORDS}.", " " * 9 + "^" * len(WORDS))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("plain words " * 40, " and more" * 40),
        ("plain words " * 40, ""),
        ("", " and more" * 40),
        ("日本語" * 90 + " ", " 日本語" * 90),
        ("e\u0301" * 300 + " ", " e\u0301" * 300),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_a_long_line_is_cut_around_the_words(before: str, after: str) -> None:
    shown = shown_words(_finding(f"{before}{WORDS}{after}"), WIDTH)
    assert columns(shown.line) <= WIDTH
    assert shown.line.startswith("…") is (before != "")
    assert shown.line.endswith("…") is (after != "")
    assert shown.line[shown.start : shown.end] == WORDS
    assert len(shown.marks) == columns(shown.line[: shown.end])


def test_a_cut_stands_between_words() -> None:
    shown = shown_words(_finding("plain words " * 40 + WORDS + " and more" * 40), WIDTH)
    assert set(shown.line.strip("…").split()) == {"plain", "words", "and", "more", *WORDS.split()}


def test_the_line_is_filled_where_little_follows() -> None:
    shown = shown_words(_finding("plain words " * 40 + WORDS), WIDTH)
    assert columns(shown.line) > WIDTH - 20


def test_words_longer_than_the_line_are_underlined_to_its_end() -> None:
    text = "word " * 60
    shown = shown_words(_finding(text, (0, len(text) - 1)), WIDTH)
    assert shown.line.endswith("…")
    assert len(shown.marks) >= WIDTH - 20


def test_words_over_two_lines_are_shown_on_the_first() -> None:
    text = "They are putting\nthemselves at risk"
    shown = shown_words(_finding(text, (9, len(text))), WIDTH)
    assert (shown.line, shown.marks) == ("They are putting", " " * 9 + "^" * 7)


def test_marks_stand_under_wide_and_combined_letters_and_tabs() -> None:
    shown = shown_words(_finding(f"日本 e\u0301\t{WORDS}"), WIDTH)
    assert shown.marks.index("^") == 4 + 1 + 1 + 1
    assert "\t" not in shown.line


def test_a_line_from_right_to_left_has_no_marks_that_would_lie() -> None:
    assert shown_words(_finding(f"یہ {WORDS} ہے"), WIDTH).marks == ""


def test_no_sign_that_a_terminal_obeys_is_shown() -> None:
    shown = shown_words(_finding(f"\x1b[2J\u202e{WORDS}\x9b\u2028\x07"), WIDTH)
    assert not set(shown.line) & set("\x1b\u202e\x9b\u2028\x07")
    assert shown.line[shown.start : shown.end] == WORDS


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300), st.integers(20, 100))
def test_whatever_is_shown_fits_and_stays_on_one_line(text: str, one: int, other: int, width: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    shown = shown_words(_finding(text, (start, end)), width)
    assert columns(shown.line) <= width
    assert "\n" not in shown.line
    assert 0 <= shown.start <= shown.end <= len(shown.line)
