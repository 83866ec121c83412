"""Words of any system become the words that we keep."""

from __future__ import annotations

import csv
import tomllib

import langcodes
import pytest

from everyfamily.core.rolls.model.roll_rows import RELATIONSHIPS
from everyfamily.core.rolls.words import words
from tests.factories.each import each
from tests.repo.files import ROOT


@pytest.mark.parametrize("text", ["Yes", "y", "TRUE", "T", "1"])
def test_yes_is_written_in_many_ways(text: str) -> None:
    assert words.yes_no()[text] == words.yes_no_unknown()[text] == "yes"


@pytest.mark.parametrize("text", ["No", "n", "False", "F", "0"])
def test_no_is_written_in_many_ways(text: str) -> None:
    assert words.yes_no()[text] == words.yes_no_unknown()[text] == "no"


@pytest.mark.parametrize("text", ["maybe", "-", "2", "see file", "yes (see file)", "✓"])
def test_anything_else_is_neither(text: str) -> None:
    assert words.yes_no()[text] is None
    assert words.yes_no_unknown()[text] is None


def test_unknown_is_an_answer_where_a_person_may_not_know() -> None:
    assert words.yes_no_unknown()["Not Known"] == "unknown"
    assert words.yes_no()["unknown"] is None


@each(
    "text, kept",
    [
        ("Mother", "mother"),
        ("Mum", "mother"),
        ("PAM", "mother"),
        ("PAF", "father"),
        ("Step Mother", "step-parent"),
        ("step-father", "step-parent"),
        ("STF", "step-parent"),
        ("Nan", "grandparent"),
        ("Foster Mother", "foster carer"),
        ("FOF", "foster carer"),
        ("Special Guardian", "kinship carer"),
        ("SWR", "social worker"),
        ("Children's Home Manager", "registered manager"),
        ("OTH", "other"),
        ("Aunt", "other"),
        ("Parent", "other"),
    ],
)
def test_a_relationship_is_kept_under_its_own_word(text: str, kept: str) -> None:
    assert words.relationships()[text] == kept
    assert kept in RELATIONSHIPS


@pytest.mark.parametrize(
    "text",
    ["Doctor", "DOC", "Head Teacher", "HTR", "TCR", "Childminder", "CHM", "RLG", "Religious/Spiritual Contact"],
)
def test_some_contacts_are_no_parents_and_no_carers(text: str) -> None:
    assert words.relationships()[text] == words.NOT_A_PARENT_OR_CARER


def test_every_relationship_of_the_template_is_known() -> None:
    assert [words.relationships()[one.upper()] for one in RELATIONSHIPS] == list(RELATIONSHIPS)


@pytest.mark.parametrize(
    ("text", "code"), [("XYZ", True), ("GUA", True), ("xyz", False), ("ABCDE", False), ("A1", False)]
)
def test_a_short_code_that_no_table_has_is_told_from_a_word(text: str, code: bool) -> None:
    assert words.is_code(text) is code


@each(
    "text, tag",
    [
        ("pl", "pl"),
        ("PT-br", "pt-BR"),
        ("POL", "pl"),
        ("Polish", "pl"),
        ("panjabi", "pa"),
        ("Pashto/Pakhto", "ps"),
        ("PAT", "ps"),  # and not Papitalai, which BCP 47 spells alike
        ("BNG", "bn"),  # and not Benga
        ("Sorani Kurdish", "ckb"),
        ("English", "en"),
        ("ENB", "und"),
        ("OTB", "und"),
        ("REF", "und"),
        ("NOT", "und"),
        ("Information not obtained", "und"),
        ("und", "und"),
        ("Polish (some English)", "pl"),
        ("Some English, Polish", "pl"),
        ("English/Urdu", "en"),
        ("Urdu - interpreter needed", "ur"),
        ("Portuguese (Brazil)", "pt"),
        ("Br. Sign Language", "bfi"),
        ("Punjabi and English", "pa"),
        ("some English", None),
        ("No English", None),
        ("does not speak Polish", None),
        ("Polish or Lilliputian", None),
        ("a, " * 40, None),
        ("Lilliputian", None),
        ("ENB/OTB", None),
        ("sh-x-aaaaaaaa-bbbbbb", None),
        ("🙂", None),
    ],
)
def test_a_language_is_known_by_tag_code_or_english_name(text: str, tag: str | None) -> None:
    assert words.languages()[text] == tag


def test_the_census_codes_are_no_tags_and_each_says_where_it_is_from() -> None:
    path = ROOT / "src/everyfamily/core/rolls/words/languages.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    codes = [row["dfe_code"] for row in rows if row["dfe_code"]]
    assert len(codes) == len(set(codes)) > 45
    assert all(langcodes.tag_is_valid(row["bcp47"]) and row["provenance"] for row in rows)
    assert all(words.languages()[row["dfe_code"]] == row["bcp47"] for row in rows if row["dfe_code"])


def test_no_word_stands_for_two_things() -> None:
    held = tomllib.loads((ROOT / "src/everyfamily/core/rolls/words/words.toml").read_text(encoding="utf-8"))
    told = [word for listed in held["relationship"].values() for word in listed] + held["not_a_parent_or_carer"]
    answers = [word for answer in ("yes", "no", "unknown") for word in held[answer]]
    for listed in (told, answers):
        plain = [words.plain(word) for word in listed]
        assert all(plain)
        assert sorted(plain) == sorted(set(plain))
