"""The list of words is whole: every row runs, every alternative of its pattern finds something, none is slow."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.run.codes import RULES
from everyfamily.checks.text.prose import fold
from tests.factories.documents import make_document
from tests.factories.each import each
from tests.factories.letters import TODAY
from tests.factories.rule_lists import word_list

ROWS = {row["id"]: row for row in word_list()}
FOUND: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("harm_words_found.toml").read_text(encoding="utf-8")
)
IDS = (
    *(f"L{n:02}" for n in (*range(1, 26), *range(30, 36), *range(40, 53))),
    *(f"J{n:02}" for n in range(1, 14)),
    *(f"M{n:02}" for n in range(1, 11)),
)
"""The rows of the list of words as it was handed over, 64 of them, and M08 to M10, which old letters taught us."""
BY_PATTERN = each("row_id", [row_id for row_id in IDS if "looks" not in ROWS[row_id]])
HARM_RULES = [code for code in RULES if code.startswith("HM")]


def _code(row_id: str) -> str:
    first = {"L": 100, "M": 160, "J": 170}[row_id[0]]
    return f"HM{first + int(row_id[1:])}"


def _top_level(pattern: str) -> list[str]:
    """The alternatives of a pattern that no bracket encloses."""
    parts, depth, start = [], 0, 0
    for token in re.finditer(r"\\.|\[[^\]]*\]|[()|]", pattern):
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if token.group() == "|" and depth == 0:
            parts.append(pattern[start : token.start()])
            start = token.end()
    return [*parts, pattern[start:]]


def _is_one_group(inside: str) -> bool:
    """Whether no bracket of it closes before it opens: "a|b", and not "a)b(c"."""
    depth = 0
    for token in re.finditer(r"\\.|\[[^\]]*\]|[()]", inside):
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if depth < 0:
            return False
    return True


def _alternatives(pattern: str) -> Iterator[str]:
    """The top-level alternatives; of one that is a group of words between two borders, the words as well."""
    for part in _top_level(pattern):
        group = re.fullmatch(r"(\(\?-i:)?\\b\((?:\?:)?(.+)\)\\b\)?", part)
        inner = _top_level(group[2]) if group and _is_one_group(group[2]) else [part]
        flag = "(?-i:" if group and group[1] else "(?:"
        yield from (rf"\b{flag}{word})\b" for word in inner) if len(inner) > 1 else iter([part])


def _findings(code: str, *lines: str) -> list[str]:
    context = CheckContext.of_document(make_document(lines), today=TODAY, about_harm=True)
    return [finding.words for finding in RULES[code].findings(context)]


def test_every_row_of_the_list_is_there_with_its_code_and_runs() -> None:
    assert tuple(sorted(ROWS)) == tuple(sorted(IDS))
    assert {row_id: row["code"] for row_id, row in ROWS.items()} == {row_id: _code(row_id) for row_id in IDS}
    assert all(RULES[row["code"]].name == row["name"] for row in ROWS.values())
    assert {row["level"] for row in ROWS.values()} == {"stop", "check", "plain"}


@BY_PATTERN
def test_row_finds_its_example_and_passes_what_to_write_instead(row_id: str) -> None:
    row: dict[str, Any] = ROWS[row_id]
    assert _findings(row["code"], row["example"])
    assert not _findings(row["code"], row["instead"])


@BY_PATTERN
def test_row_finds_each_of_its_words(row_id: str) -> None:
    for words in FOUND[row_id]:
        assert _findings(ROWS[row_id]["code"], words), words


@BY_PATTERN
def test_row_that_needs_a_word_needs_one_in_all_that_it_finds(row_id: str) -> None:
    needed = ROWS[row_id].get("only_with", [""])
    assert needed
    for words in [*FOUND[row_id], ROWS[row_id]["example"]]:
        assert any(word in fold(words).text.lower() for word in needed), words


@BY_PATTERN
def test_every_alternative_finds_some_of_the_words(row_id: str) -> None:
    for alternative in _alternatives(ROWS[row_id]["pattern"]):
        pattern = re.compile(alternative, re.IGNORECASE)
        assert any(pattern.search(fold(words).text) for words in FOUND[row_id]), alternative


def test_the_list_of_words_to_find_names_rows_alone() -> None:
    assert set(FOUND) == {row_id for row_id in IDS if "looks" not in ROWS[row_id]}


@BY_PATTERN
def test_each_word_with_a_plain_one_of_its_own_is_told_that_one(row_id: str) -> None:
    for words, plain in ROWS[row_id].get("plain", {}).items():
        found = [found for found in FOUND[row_id] if found.lower().startswith(words)]
        assert found, words
        context = CheckContext.of_document(make_document(found), today=TODAY, about_harm=True)
        hints = [finding.hint for finding in RULES[ROWS[row_id]["code"]].findings(context)]
        assert hints == [f"Instead: {plain}."] * len(found)


def test_the_longest_beginning_decides_and_all_else_gets_the_suggestion() -> None:
    context = CheckContext.of_document(make_document(["Do not hesitate.", "Regarding this"]), today=TODAY)
    assert [finding.hint for finding in RULES["HM181"].findings(context)] == [
        "Instead: please call.",
        "Instead: about.",
    ]


HOSTILE = {
    "one word": "a" * 200_000,
    "words": "your child the more of these signs may not " * 4_000,
    "commas": "Signs include " + "a, " * 60_000,
    "lines": "Look out for:\n" + "x\n" * 60_000,
    "capitals": "Safeguarding Children And " * 8_000,
    "quotation marks": '"child porn" ' * 15_000,
    "strokes": "him/her " * 25_000,
    "tell them": "tell them then tell " * 10_000,
    "given": "giving got offered " * 10_000,
    "full stops": "someone. " * 22_000,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    # Half a second each: in `make test` those that these rules begin on most often.
    [
        pytest.param(name, marks=() if name in ("words", "commas", "given") else pytest.mark.nightly)
        for name in HOSTILE
    ],
)
def test_a_hostile_paragraph_is_read_in_time_by_all_rules_of_the_family(name: str) -> None:
    context = CheckContext.of_document(make_document([HOSTILE[name]]), today=TODAY, about_harm=True)
    began = time.process_time()
    for code in HARM_RULES:
        if not RULES[code].needs - context.provides:
            list(RULES[code].findings(context))
    assert time.process_time() - began < 3
