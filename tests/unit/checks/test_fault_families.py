"""Each family of faults finds its sentences, ignores near misses, and is not fooled by who is meant."""

from __future__ import annotations

import tomllib
from pathlib import Path

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.rules.harm.fault_families import _compiled as compiled
from everyfamily.checks.run.codes import RULES
from everyfamily.checks.text.prose import fold
from tests.factories.documents import make_document
from tests.factories.each import each
from tests.factories.letters import TODAY
from tests.factories.rule_lists import family_list

FAMILIES = {raw["code"]: raw for raw in family_list()}
CASES: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("fault_families_cases.toml").read_text(encoding="utf-8")
)
SENTENCES: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("sentences_of_letters.toml").read_text(encoding="utf-8")
)
FOUND = [(code, text) for code, cases in CASES.items() for text in cases["found"]]
STANDS = [(code, text) for code, cases in CASES.items() for text in cases["stands"]]


def _found(code: str, *lines: str) -> list[str]:
    context = CheckContext.of_document(make_document(lines), today=TODAY, about_harm=True)
    return [finding.words for finding in RULES[code].findings(context)]


def test_every_family_has_its_own_cases() -> None:
    assert set(CASES) == set(FAMILIES)
    assert all(cases["found"] and cases["stands"] for cases in CASES.values())


@each("code, text", FOUND)
def test_a_family_finds_its_shape_in_words_of_any_kind(code: str, text: str) -> None:
    assert _found(code, text)
    by_pattern = [p for p in FAMILIES[code]["patterns"] if compiled(p).search(fold(text).text)]
    assert not by_pattern or any(word in fold(text).text.lower() for word in FAMILIES[code]["needs"])


@each("code, text", STANDS)
def test_a_family_lets_a_near_miss_stand(code: str, text: str) -> None:
    assert _found(code, text) == []


@each("text", SENTENCES["faulty"])
def test_some_family_finds_a_fault_however_it_is_said(text: str) -> None:
    assert any(_found(code, text) for code in FAMILIES)


@each("text", SENTENCES["sound"])
def test_no_family_finds_a_fault_in_a_sound_sentence(text: str) -> None:
    assert {code: words for code in FAMILIES if (words := _found(code, text))} == {}


def test_the_line_above_a_list_is_part_of_what_an_item_says() -> None:
    assert _found("HM193", "Please do not:", "- confront the person who did it") == []
    assert _found("HM193", "Here is what you can do:", "- confront the person who did it")


def test_what_comes_after_but_is_not_denied() -> None:
    assert _found("HM190", "Do not shout, but take away their phone.")


def test_a_family_about_images_is_not_asked_of_a_letter_about_drugs() -> None:
    text = "Two pupils were ill after the use of drugs. Please email the pictures to the office."
    context = CheckContext.of_document(make_document([text]), today=TODAY)
    assert context.subject.kinds == ("drugs and vapes",)
    assert not list(RULES["HM192"].findings(context))
