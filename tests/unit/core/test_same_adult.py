"""The person is matched, never the inbox or the address alone; of two rows the more careful value counts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from everyfamily.core.recipients import PostalAddress
from everyfamily.core.roll import RollRow
from everyfamily.core.same_adult import Adult, adults_of, initial_agrees, plain_name

HOME = PostalAddress(("1 Lantern Row", "EM4 7QX"))


def row(name: str, pupil: str = "1", **values: object) -> RollRow:
    known = RollRow(2, pupil, "", "", name, "other", "yes", "yes", restriction="none")
    return replace(known, **values)  # type: ignore[arg-type]


def names(*rows: RollRow) -> list[list[str]]:
    return [list(adult.names) for adult in adults_of(rows)]


def only(*rows: RollRow) -> Adult:
    (adult,) = adults_of(rows)
    return adult


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Mrs. Zoë O’Neil", "zoe oneil"),
        ("Dr A.B. Ferris", "a b ferris"),
        ("Anne-Marie  FERRIS", "anne-marie ferris"),
        ("Mr", "mr"),
        ("’", "’"),
        ("Нина Öz", "нина oz"),
    ],
)
def test_a_name_is_compared_without_title_dots_and_accents(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("a ferris", "ana ferris", True),
        ("ana ferris", "a ferris", True),
        ("a moss", "ana ferris", False),
        ("ana moss", "adam moss", False),
        ("a moss", "a moss", False),
        ("a", "ana", False),
    ],
)
def test_an_initial_agrees_with_a_first_name_of_the_same_surname(one: str, other: str, agrees: bool) -> None:
    assert initial_agrees(one, other) is agrees


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Adam Moss", "Ana Moss"),
        ("A Moss", "Ana Ferris"),
        ("A Moss", "A Ferris"),
    ],
)
def test_an_inbox_and_an_initial_alone_never_join_two_people(first: str, second: str) -> None:
    rows = [row(first, "1", email="moss@example.org"), row(second, "2", email="moss@example.org")]
    assert len(names(*rows)) == len(names(*rows[::-1])) == 2


@pytest.mark.parametrize("second", ["Ms A. Ferris", "Ana Marsh", "ANA FERRIS"])
def test_an_inbox_and_a_first_name_join(second: str) -> None:
    rows = [row("Ana Ferris", "1", email="ana@example.org"), row(second, "2", email="ana@example.org")]
    assert set(only(*rows).cares) == set(only(*rows[::-1]).cares) == {"1", "2"}


def test_an_initial_that_may_be_either_of_two_is_neither() -> None:
    inbox = [row(name, str(at), email="f@example.org") for at, name in enumerate(("Ana Ferris", "Adam Ferris"))]
    assert len(names(*inbox, row("A Ferris", "3", email="f@example.org"))) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "j@example.org"}, {"mobile": "+447700900123"}),
        ({"email": "j@example.org"}, {"email": "joe@example.com"}),
        ({"email": "j@example.org"}, {"address": HOME}),
        ({"email": "j@example.org"}, {}),
    ],
)
def test_one_name_beside_one_child_is_one_adult_and_the_stricter_restriction_holds(
    one: dict[str, object], other: dict[str, object]
) -> None:
    rows = [row("Mr Joe Ferris", restriction="do not send", **one), row("Joe Ferris", **other)]
    for ordered in itertools.permutations(rows):
        adult = only(*ordered)
        assert adult.cares["1"].restriction == "do not send"
        assert len(adult.contacts) == len(one) + len(other)


@pytest.mark.parametrize("shared", [{"mobile": "+447700900123"}, {"address": HOME}])
def test_one_name_and_one_mobile_or_address_is_one_adult(shared: dict[str, object]) -> None:
    rows = [row("Joe Ferris", "1", email="j@example.org", **shared), row("Joe Ferris", "2", **shared)]
    assert set(only(*rows).cares) == {"1", "2"}


def test_a_shared_mobile_or_address_joins_no_two_names() -> None:
    assert (
        len(names(row("Joe Ferris", mobile="+447700900123", address=HOME), row("Ana Ferris", address=HOME))) == 2
    )


def test_one_name_beside_two_children_may_be_two_people() -> None:
    assert len(names(row("Joe Ferris", "1", email="j@example.org"), row("Joe Ferris", "2"))) == 2


def test_a_chain_of_rows_is_one_adult() -> None:
    rows = [
        row("Joe Ferris", "1", email="j@example.org"),
        row("Joe Ferris", "2", email="j@example.org", mobile="+447700900123"),
        row("Joe Ferris", "3", mobile="+447700900123", address=HOME),
        row("Joe Ferris", "4", address=HOME),
    ]
    for ordered in itertools.permutations(rows):
        assert set(only(*ordered).cares) == {"1", "2", "3", "4"}


@pytest.mark.parametrize(
    ("restriction", "held"), [("none", "none"), ("hold", "unknown"), ("do not send", "unknown")]
)
def test_who_may_be_a_restricted_adult_of_the_child_under_an_initial_waits(restriction: str, held: str) -> None:
    rows = [
        row("J Ferris", email="j@example.org", restriction=restriction),
        row("Joe Ferris", mobile="+447700900123"),
    ]
    for ordered in itertools.permutations(rows):
        cares = {adult.name: adult.cares["1"].restriction for adult in adults_of(ordered)}
        assert cares == {"J Ferris": restriction, "Joe Ferris": held}


def test_two_rows_that_differ_on_care_say_nothing_sure() -> None:
    rows = [row("Joe Ferris"), row("Joe Ferris", has_care="no", relationship="father", priority=2)]
    for ordered in itertools.permutations(rows):
        care = only(*ordered).cares["1"]
        assert (care.parental_responsibility, care.has_care) == ("yes", "unknown")
        assert (care.relationship, care.priority) == ("father", 2)


def test_a_row_without_an_adult_makes_none() -> None:
    assert adults_of([RollRow(2, "1", "", "")]) == []
