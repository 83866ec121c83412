"""What a letter is called by its term."""

from __future__ import annotations

import pytest

from everyfamily.core.letter.terms import letter_name, letter_of_term


@pytest.mark.parametrize("term", ["spring term 2027", "Spring term 2027", "spring-2027"])
def test_a_letter_is_called_by_its_season(term: str) -> None:
    assert letter_of_term(term) == "spring letter"


def test_a_second_letter_of_a_term_is_told_apart() -> None:
    assert letter_of_term("spring term 2027, second letter") == "second spring letter"


def test_a_letter_for_late_joiners_says_so() -> None:
    assert letter_name("spring term 2027", "joiners") == "Spring letter, for children who joined since"
    assert letter_name("spring term 2027", "") == "Spring letter"
