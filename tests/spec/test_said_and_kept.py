"""Each sentence that says that something is not kept, not sent or closed is still said, and a test holds it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.spec.tables import table

ROOT = Path(__file__).parents[2]
SENTENCES = table("said_and_kept")["sentence"]


@cache
def _tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one["says"][:40])
def test_the_sentence_is_said_and_a_test_holds_it(sentence: dict[str, str]) -> None:
    text = (ROOT / "src/everyfamily" / sentence["where"]).read_text(encoding="utf-8")
    assert sentence["says"] in " ".join(text.replace('"\n', " ").split()), "say what is true now, with its test"
    file, _, name = sentence["held_by"].partition("::")
    assert name in _tests_of(file)


def test_twenty_sentences_are_held() -> None:
    assert len({one["says"] for one in SENTENCES}) >= 20
