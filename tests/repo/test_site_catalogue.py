"""The catalogues of the parent site hold every word that its pages say, and nothing half done."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from everyfamily.parentsite.furniture import furniture_languages
from everyfamily.parentsite.words import FOOT, NAVIGATION, NEEDS, TERMS
from tools.docs.site_catalogue import HERE, POT, catalogue, words

TAGS = [tag for tag in furniture_languages() if tag != "en"]
_PLACE = re.compile(r"\{(\w*)\}")


def file_of(tag: str) -> Path:
    return HERE / "locale" / tag / "LC_MESSAGES" / "site.po"


@cache
def po(tag: str) -> Catalog:
    return read_po(BytesIO(file_of(tag).read_bytes()), locale=tag)


def test_the_catalogue_is_current() -> None:
    out = BytesIO()
    write_po(out, catalogue(), width=0, include_lineno=False, omit_header=True)
    assert POT.read_bytes() == out.getvalue(), "run `make docs`"


def test_the_tool_finds_what_templates_and_code_say() -> None:
    found = {said for _, said in words()}
    assert {"Leave this page", "Any time, day or night", "Numbers last checked: {day}."} <= found
    assert {*NAVIGATION.values(), *FOOT.values(), *NEEDS.values(), *TERMS.values()} <= found


def test_nothing_is_said_that_the_tool_cannot_read() -> None:
    """A word in a variable would not be in the catalogue: these few say labels that words.py marks."""
    said = re.compile(r"\bsay\(\s*(?![\"'])([^)]*)\)")
    found = {
        (file.name, match[1])
        for file in [*HERE.glob("templates/*.html"), *HERE.glob("*.py")]
        for match in said.finditer(file.read_text(encoding="utf-8"))
        if not match[1].startswith(
            ("self", "block.", "s.card", "s.heading", "s.paragraphs", "view.written", "text", "english")
        )
    }
    assert found == {
        ("views.py", "label"),
        ("views.py", "NEEDS[route.id]"),
        ("views.py", "TERMS[season], year=year"),
    }


@pytest.mark.parametrize("tag", TAGS)
def test_every_language_has_every_word_and_none_besides(tag: str) -> None:
    ours = {str(one.id) for one in catalogue() if one.id}
    assert {str(one.id) for one in po(tag) if one.id} == ours


@pytest.mark.parametrize("tag", TAGS)
def test_no_word_is_empty_or_unsure(tag: str) -> None:
    for one in po(tag):
        assert one.string, one.id
        assert not one.fuzzy, one.id
    assert not po(tag).obsolete


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_has_the_places_of_its_english(tag: str) -> None:
    for one in po(tag):
        if one.id:
            assert sorted(_PLACE.findall(str(one.string))) == sorted(_PLACE.findall(str(one.id))), one.id
            assert not re.search(r"[{}]", _PLACE.sub("", str(one.string))), one.id


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_is_a_plain_line(tag: str) -> None:
    for one in po(tag):
        if one.id:
            words_of = str(one.string)
            assert words_of == words_of.strip(), one.id
            assert not re.search(r"[<>\n\u202a-\u202e\u2066-\u2069]", words_of), one.id


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_is_not_its_english(tag: str) -> None:
    same = {str(one.id) for one in po(tag) if one.id and str(one.string) == str(one.id)}
    assert same <= {"Menu"}, same


@pytest.mark.parametrize("tag", TAGS)
def test_a_translation_has_the_digits_of_its_english(tag: str) -> None:
    for one in po(tag):
        if one.id:
            digits = [re.findall(r"\d+", text) for text in (str(one.string), str(one.id))]
            assert sorted(digits[0]) == sorted(digits[1]), one.id
