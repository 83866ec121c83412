"""The example in docs/howto/add-a-rule.md works as it is printed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from everyfamily.checks.model.rule import MESSAGE_LIMIT, Rule
from everyfamily.checks.model.rule_pages import page_in
from everyfamily.checks.rules.harm.blaming_words import Row, rule_of
from everyfamily.checks.run.codes import RULES
from everyfamily.checks.run.runner import run
from everyfamily.core.files.data_tables import row_of
from tests.checks.cases import context_of
from tests.factories.rule_lists import word_list

PAGE = (Path(__file__).parents[3] / "docs/howto/add-a-rule.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def _block(language: str, holding: str) -> str:
    return next(text for kind, text in BLOCKS if kind == language and holding in text)


@pytest.fixture
def rule() -> Rule:
    space: dict[str, object] = {"__name__": "shouted_words"}
    exec(_block("python", "RULE ="), space)
    made = space["RULE"]
    assert isinstance(made, Rule)
    return made


def test_the_page_of_the_example_is_one(rule: Rule) -> None:
    text = _block("markdown", "## What it checks")
    page = page_in(text, "the example")
    assert text.startswith(f"# {rule.code} {rule.name}\n")
    assert (page.example, page.evidence, page.status, page.since) == ("READ THIS NOW", (), "preview", "2026.3")


def test_the_cases_of_the_example_hold(rule: Rule) -> None:
    cases = tomllib.loads(_block("toml", "[[fails]]"))
    assert cases["rule"] == rule.code
    (fails,), (passes,) = cases["fails"], cases["passes"]
    found = run(context_of(fails), rules={rule.code: rule}).findings
    assert [finding.words for finding in found] == [fails["words"]]
    assert len(found[0].message) <= MESSAGE_LIMIT
    assert run(context_of(passes), rules={rule.code: rule}).findings == ()


def test_the_row_of_the_example_finds_its_own_example(rule: Rule) -> None:
    row = tomllib.loads(_block("toml", "[[row]]"))["row"][0]
    made = rule_of(row_of(Row, row, "the page"))
    assert [f.code for f in run(context_of({"text": row["example"]}), rules={made.code: made}).findings] == [
        "HM153"
    ]
    assert run(context_of({"text": row["instead"]}), rules={made.code: made, **RULES}).findings == ()


def test_the_codes_of_the_example_are_free(rule: Rule) -> None:
    assert rule.code not in RULES
    assert "HM153" not in {row["code"] for row in word_list()}
