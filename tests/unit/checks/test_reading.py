"""The two formulas, on sentences counted by hand."""

from __future__ import annotations

import pytest

from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.reading_grade import age, reading_of, sentences_of
from everyfamily.core.errors import SourceLocation


def _pieces(*lines: tuple[str, str]) -> list[Piece]:
    return [
        Piece(f"line {n}", kind, text, SourceLocation("letter.txt", n)) for n, (kind, text) in enumerate(lines, 1)
    ]


def test_words_syllables_and_long_words_are_those_counted_by_hand() -> None:
    # Parents are re-quest-ed to read ev-ery let-ter. / Ex-ploi-ta-tion is a-buse.
    reading = reading_of(
        sentences_of(_pieces(("paragraph", "Parents are requested to read every letter. Exploitation is abuse.")))
    )
    assert (reading.sentences, reading.words, reading.syllables, reading.long_words) == (2, 10, 19, 2)


def test_the_formulas_give_what_a_calculator_gives() -> None:
    reading = reading_of(
        sentences_of(_pieces(("paragraph", "Parents are requested to read every letter. Exploitation is abuse.")))
    )
    assert reading.grade == pytest.approx(0.39 * 5 + 11.8 * 1.9 - 15.59)
    assert reading.grade == pytest.approx(8.78)
    assert reading.smog == pytest.approx(8.8419, abs=0.0001)  # 1.043 times the root of 30, and 3.1291
    assert age(reading.grade) == 14


def test_items_count_alone_and_headings_greetings_numbers_and_addresses_do_not() -> None:
    pieces = _pieces(
        ("heading", "What you may notice"),
        ("paragraph", "Dear parent"),
        ("paragraph", "St Oswin's Academy, Mill Lane"),
        ("item", "goes missing"),
        ("item", "is scared"),
        ("paragraph", "Call 0151 496 0120 or see families.eastmere.example/spring today."),
        ("cell", "Monday to Friday."),
    )
    assert [s.words for s in sentences_of(pieces)] == [2, 2, 4]


def test_a_text_without_a_sentence_has_no_grade() -> None:
    reading = reading_of(sentences_of(_pieces(("heading", "A letter"))))
    assert (reading.grade, reading.smog) == (0, 0)


def test_another_language_is_not_counted() -> None:
    assert list(sentences_of([Piece("a", "paragraph", "Szanowni Państwo.", SourceLocation("a"), "pl")])) == []
