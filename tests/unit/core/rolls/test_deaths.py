"""A death is about the adult next to it, unless the words say whose it is."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.closing.deaths import Own, name_says_died, says_died, without_others
from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.core.rolls.model.sheet import Line, Sheet
from everyfamily.core.rolls.rows import roll_of
from tests.factories.each import each

FATHER = Own.of({"ADULT_NAME": "Mr Joe Sample", "RELATIONSHIP": "Dad"})


def read(*rows: dict[str, str]) -> Roll:
    columns = frozenset(name for row in rows for name in row)
    lines = tuple(Line(number, {"PUPIL_ID": "7"} | row) for number, row in enumerate(rows, start=2))
    return roll_of(Sheet("test", columns, lines), file="roll.csv", urn=900001)


MOTHER = {"ADULT_NAME": "Una Sample", "RELATIONSHIP": "Mum", "COURT_ORDER": "F", "NOTES": ""}
OF_FATHER = {"ADULT_NAME": "Joe Sample", "RELATIONSHIP": "Dad", "COURT_ORDER": "F", "NOTES": ""}


@each(
    "text",
    [
        *("Deceased", "DECEASED 02/2026", "deceased - June 2024", "Father (deceased)", "Dad passed away 2024"),
        *("R.I.P.", "Died of cancer 2020", "Joe died in 2020", "Dec\u2019d", "deceased father", "Father - RIP"),
        *("He has died", "Passed on 3rd May 2021", "Sadly passed away last year"),
    ],
)
def test_a_death_is_the_adults_own(text: str) -> None:
    assert says_died(text, FATHER)


@each(
    "text",
    [
        *(
            "Mother deceased",
            "recently bereaved",
            "Widower (wife deceased)",
            "Deceased - no contact with family",
            "",
        ),
        *("passed on message", "his brother died", "Deceased pupil", "may have died", "if he died"),
    ],
)
def test_a_possibility_or_another_persons_death_is_not(text: str) -> None:
    assert not says_died(text, FATHER)


def test_a_grandfathers_death_is_not_the_grandmothers() -> None:
    nan = Own.of({"ADULT_NAME": "Vi Sample", "RELATIONSHIP": "Nan"})
    assert says_died("Gran died 2020", nan)
    assert without_others("Grandad died 2020. Do not ring", nan) == (" Do not ring", {"grandparent"})


def test_beside_somebody_who_may_be_either_nothing_is_taken_out() -> None:
    parent = Own.of({"ADULT_NAME": "Vi Sample", "RELATIONSHIP": "Parent"})
    assert without_others("Mother deceased", parent) == ("Mother deceased", set())


@pytest.mark.parametrize(
    ("name", "died"),
    [
        *(("Mr Joe Sample (Deceased)", True), ("Joe Sample RIP", True), ("R.I.P. Joe Sample", True)),
        *(("Joe Sample dec'd", True), ("Rip Sample", False), ("JOE RIP SAMPLE", False), ("Joe Sample", False)),
        ("Joe Sample (deceased) *NO CONTACT*", False),
    ],
)
def test_a_name_may_say_so(name: str, died: bool) -> None:
    assert name_says_died(name) is died
    roll = read(MOTHER, OF_FATHER | {"ADULT_NAME": name})
    assert ("ADULT_DIED" in [one.code for one in roll.set_aside]) is died


@pytest.mark.parametrize(
    "cells",
    [
        *({"NOTES": "Deceased 02/2026"}, {"RELATIONSHIP": "Father (deceased)"}, {"RELATIONSHIP": "Dad - RIP"}),
        *(
            {"MOBILE": "deceased"},
            {"ADULT_NAME": "", "ADULT_FORENAME": "Joe", "ADULT_SURNAME": "Sample (deceased)"},
        ),
    ],
)
def test_an_adult_who_has_died_is_not_taken_and_closes_nobody(cells: dict[str, str]) -> None:
    roll = read(MOTHER, OF_FATHER | cells)
    assert [(row.adult_name, row.restriction) for row in roll.rows] == [("Una Sample", "none"), ("", "unknown")]
    assert [one.code for one in roll.set_aside] == ["ADULT_DIED"]


def test_other_words_beside_an_adult_who_has_died_count_for_the_child() -> None:
    roll = read(MOTHER, OF_FATHER | {"NOTES": "Deceased", "ADDRESS": "Do not disclose"})
    assert roll.rows[0].restriction_reason == "not readable"


def test_anothers_death_closes_the_other_alone() -> None:
    roll = read(MOTHER | {"NOTES": "Father died 2020"}, OF_FATHER)
    assert [row.restriction for row in roll.rows] == ["none", "unknown"]
    roll = read(MOTHER | {"NOTES": "Father died 2020. No contact with his family"}, OF_FATHER)
    assert [row.restriction for row in roll.rows] == ["unknown", "unknown"]
