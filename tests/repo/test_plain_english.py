"""Some turns of phrase that are never plain English do not come back (CONTRIBUTING, "How to write")."""

from __future__ import annotations

import re

import pytest

from tests.repo.files import ROOT, repository_files

NEVER = {
    r"\b(?:had|has|have|knew|knows?) (?:it|them|him|her|none) not\b": "did not have it",
    r"\b(?:needs|says|knows|takes|bears|keeps|holds|changes|stays|goes|comes) not\b": "does not need",
    r"\banew\b": "again",
    r"\b(?:whosoever|whomever|thereof|therein|whereupon|hitherto|henceforth|whence|lest|albeit)\b": "today's words",
    r"\bthe one who asks\b": "the caller",
    r"\bof whom\b": "a sentence of its own",
    r"(?:^|[.:;] )Else (?!where)": "otherwise",
    r", else (?!if\b)": "or otherwise",
    r"\bOf (?:an?|each|every|the|these|those) (?:\w+ ){1,4}(?:nothing|nobody|no|none|is|are)\b": "nothing about it",
    r"\bwhat (?:an?|each|every|it|that|this) (?:\w+ ){0,4}comes? to\b": "what it means",
    r"\bstands? (?:in(?! for\b)|on|at|there|here|above|below|behind|before|beside|under|between|by)\b": "is in",
    r"\blies? (?:in|at|beside|below|outside|elsewhere|there)\b": "is in",
    r"\bfor (?:that|this|it) alone\b": "only for this",
    r"\bno other than\b": "only",
    r"\bbut for (?:an?|one|the|what|its)\b": "except",
}
"""What is never right, and what to write instead."""

LEFT_AS_THEY_ARE = {
    "CONTRIBUTING.md",  # it names such phrases in order to advise against them
}

WORDS_OF_OTHERS = (
    "src/everyfamily/checks/",
    "src/everyfamily/core/rolls/layout/",
    "src/everyfamily/core/rolls/words/",
)
"""Tables of what is looked for in letters and in rolls."""

_FOUND = re.compile("|".join(NEVER))
_COMMENT_SIGN = re.compile(r"^\s*# ", re.MULTILINE)


def _faults(name: str, text: str) -> list[str]:
    flat = " ".join(text.split())
    return [f"{name}: ...{flat[max(0, hit.start() - 30) : hit.end() + 20]}..." for hit in _FOUND.finditer(flat)]


def _is_prose(name: str) -> bool:
    return name.endswith(".md") and not name.startswith(("packs/", "tests/"))


def _is_said_by_us(name: str) -> bool:
    is_table = name.endswith((".toml", ".txt")) and not name.startswith(WORDS_OF_OTHERS)
    return name.startswith("src/") and (name.endswith(".py") or is_table)


def test_the_docs_keep_to_plain_english() -> None:
    faults = []
    for path in repository_files():
        name = path.relative_to(ROOT).as_posix()
        if _is_prose(name) and name not in LEFT_AS_THEY_ARE:
            faults += _faults(name, path.read_text(encoding="utf-8"))
    assert not faults, "\n".join(faults)


@pytest.mark.slow
def test_docstrings_comments_and_messages_keep_to_plain_english() -> None:
    faults = []
    for path in repository_files():
        name = path.relative_to(ROOT).as_posix()
        if _is_said_by_us(name) and name not in LEFT_AS_THEY_ARE:
            faults += _faults(name, _COMMENT_SIGN.sub("", path.read_text(encoding="utf-8")))
    assert not faults, "\n".join(faults)


def test_such_a_phrase_is_found() -> None:
    for phrase in (
        "Send to everybody who had it not.",
        "The values are sealed anew.",
        "The digest stands in the record.",
        "Else a rotation in between leaves values that do not open.",
        "Of a correction nothing is closed here.",
    ):
        assert _faults("x", phrase), phrase
    for phrase in (
        "The English stands in for a missing translation.",
        "Anything else is refused.",
        "It is needed.",
    ):
        assert not _faults("x", phrase), phrase
