"""The index and the pages say in plain words what each rule is for."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from everyfamily.checks.model.context import Need
from everyfamily.checks.report.reference import applies_to, explain, first_sentence, index, rule_page, rule_table
from everyfamily.checks.run.codes import FAMILIES, RULES

RULE = replace(RULES["RD001"], needs=frozenset(), only_about_harm=False, scope="letter")


@pytest.mark.parametrize(
    ("needs", "only_about_harm", "words"),
    [
        ((), False, "all letters"),
        ((), True, "letters about harm to children"),
        ((Need.ENGLISH,), True, "letters about harm to children, in English"),
        ((Need.LETTER,), False, "letters composed with everyfamily"),
        ((Need.SMS,), True, "letters composed with everyfamily about harm to children"),
        ((Need.REGISTER,), False, "letters, checked together with a partnership's register"),
    ],
)
def test_a_page_says_to_which_letters_it_applies(
    needs: tuple[Need, ...], only_about_harm: bool, words: str
) -> None:
    rule = replace(RULE, needs=frozenset(needs), only_about_harm=only_about_harm)
    assert applies_to(rule) == words
    assert f"\n\nApplies to {words}.\n\n" in rule_page(rule)
    of_words = replace(rule, scope="text")
    assert applies_to(of_words) == f"{words}, and to the parent site's pages"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("That it is short. In 25 words.", "That it is short."),
        ("That one rings 999 (day or night). Always.", "That one rings 999 (day or night)."),
        ("That a number, e.g. 0151 496 0120, is dialled.", "That a number, e.g. 0151 496 0120, is dialled."),
        ("One sentence", "One sentence"),
    ],
)
def test_the_index_shows_the_first_sentence(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_the_index_has_a_row_for_every_rule_in_its_family() -> None:
    text = index()
    for prefix, (_, heading) in FAMILIES.items():
        section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
        rows = re.findall(
            r"^\| \[(\w+)\]\(\1\.md\) \| [^|]+ \| (?:error|warning|advice) \| [\w, ]*\|$", section, re.M
        )
        assert rows == [code for code in RULES if code.startswith(prefix)]
    assert "A finding is a question for a person." in text


def test_a_terminal_is_not_overrun() -> None:
    assert max(map(len, rule_table(width=80).splitlines())) <= 80
    for code in RULES:
        longest = max(explain(code).splitlines(), key=len)
        assert len(longest) <= 80 or " " not in longest.strip().removeprefix("- "), longest
