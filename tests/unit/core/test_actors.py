"""Who acts."""

from __future__ import annotations

import pytest

from everyfamily.core.actors import LONGEST, WORKING, Actor, ActorKind


@pytest.mark.parametrize("name", ["Una Marsh", "Ana de Vries", "una marsh"])
def test_two_words_that_are_no_role_are_a_person(name: str) -> None:
    assert Actor.typed(name).is_person


@pytest.mark.parametrize("name", ["Una", "", "school office", "designated safeguarding lead", "Una Admin"])
def test_a_role_or_one_word_is_no_person(name: str) -> None:
    assert not Actor.typed(name).is_person


def test_only_an_account_makes_a_person_who_signed_in() -> None:
    assert Actor(ActorKind.PERSON, "Una", account=7).is_person
    assert not Actor(ActorKind.PERSON, "Una Marsh").is_person


def test_the_product_and_a_link_are_no_person_whatever_their_words() -> None:
    assert not WORKING.is_person
    assert not Actor.worker("letter withdrawn").is_person
    assert not Actor.link(12).is_person


def test_the_text_is_one_line_that_the_tables_hold() -> None:
    assert Actor.typed(" Una \n Marsh ").text == "Una Marsh"
    assert Actor.link(12).text == "link 12"
    assert len(Actor.typed("x" * 200).text) == LONGEST
