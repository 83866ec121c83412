"""The person is matched, never only the inbox or the address; of two rows the more careful value counts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from everyfamily.core.adults.same_adult import (
    Adult,
    adults_of,
    first_name,
    initial_agrees,
    initial_of,
    plain_name,
)
from everyfamily.core.contacts.recipients import PostalAddress
from everyfamily.core.rolls.model.roll_rows import DOUBT, IN_CARE, NOT_READABLE, NOT_SAID, RollRow
from tests.factories.each import each

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


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ("mother", "father", True),
        ("mother", "grandparent", True),
        ("father", "step-parent", True),
        ("mother", "mother", False),
        ("mother", "carer", False),
        ("father", "other", False),
        ("kinship carer", "grandparent", False),
    ],
)
def test_a_mother_and_a_father_of_one_name_are_two_people(one: str, other: str, two: bool) -> None:
    rows = [row("Sam Thorne", relationship=one, email="one@example.org"), row("Sam Thorne", relationship=other)]
    assert len(adults_of(rows)) == len(adults_of(rows[::-1])) == 1 + two
    both = [replace(each, mobile="07700900123") for each in rows]
    assert len(adults_of(both)) == 1, "somebody with the same number is one person under a wrong word"


def test_of_a_mother_and_a_father_of_one_name_the_other_waits_for_a_person() -> None:
    mother = row("Sam Thorne", relationship="mother", email="one@example.org")
    father = row("Sam Thorne", relationship="father", email="two@example.org", restriction="do not send")
    neither = row("Sam Thorne", relationship="other", email="three@example.org")
    held = [
        (each.cares["1"].restriction, each.cares["1"].restriction_reason)
        for each in adults_of([mother, father, neither])
    ]
    assert held == [("unknown", DOUBT), ("do not send", ""), ("do not send", "")]
    assert [each.cares["1"].restriction for each in adults_of([mother, replace(father, restriction="none")])] == [
        "none",
        "none",
    ]


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


@pytest.mark.parametrize(
    "name", ["a ferris", "ana ferris", "adam ferris", "a b ferris", "ana", "a", "b ferris", "ana moss", "нина oz"]
)
def test_initials_tell_the_same_as_the_names_themselves(name: str) -> None:
    others = ("a ferris", "ana ferris", "ana maria ferris", "bo ferris", "b ferris", "ana", "a", "н oz", "a moss")
    for other in others:
        (one, alone), (two, other_alone) = initial_of(name), initial_of(other)
        assert (bool(one) and one == two and alone != other_alone) is initial_agrees(name, other)


def test_a_first_name_and_an_initial_are_never_the_same_key() -> None:
    assert first_name("a ferris") == "a ferris"
    assert first_name("ana ferris") == "ana"


def test_a_second_inbox_is_the_adults_too_and_joins_their_rows() -> None:
    rows = [
        row("Ana Ferris", "1", email="ana@example.org", also=(("email", "work@example.com"),)),
        row("Ana Marsh", "2", email="work@example.com"),
    ]
    assert set(only(*rows).contacts) == {("email", "ana@example.org"), ("email", "work@example.com")}


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        (("none", ""), ("unknown", NOT_SAID), ("unknown", NOT_SAID)),
        (("unknown", NOT_SAID), ("unknown", NOT_READABLE), ("unknown", NOT_READABLE)),
        (("unknown", NOT_SAID), ("hold", ""), ("hold", "")),
    ],
)
def test_of_two_rows_the_reason_that_fewer_decisions_lift_stays(
    one: tuple[str, str], other: tuple[str, str], held: tuple[str, str]
) -> None:
    rows = [row("Joe Ferris", restriction=said[0], restriction_reason=said[1]) for said in (one, other)]
    for ordered in itertools.permutations(rows):
        care = only(*ordered).cares["1"]
        assert (care.restriction, care.restriction_reason) == held


def test_a_doubt_says_that_it_is_one() -> None:
    rows = [row("J Ferris", restriction="hold"), row("Joe Ferris", mobile="+447700900123")]
    reasons = {adult.name: adult.cares["1"].restriction_reason for adult in adults_of(rows)}
    assert reasons == {"J Ferris": "", "Joe Ferris": DOUBT}


@each("restriction", ["hold", "do not send"])
@each(
    "name, said, after",
    [
        ("Joe Ferris", ("none", ""), ("unknown", DOUBT)),
        ("Mr JOE FERRIS", ("unknown", NOT_SAID), ("unknown", DOUBT)),
        ("J. Ferris", ("none", ""), ("unknown", DOUBT)),
        ("Joe Ferris", ("hold", ""), ("hold", "")),
        ("Joel Ferris", ("none", ""), ("none", "")),
        ("Joe Marsh", ("none", ""), ("none", "")),
    ],
)
def test_the_name_of_somebody_restricted_waits_beside_any_child(
    restriction: str, name: str, said: tuple[str, str], after: tuple[str, str]
) -> None:
    rows = [
        row("Joe Ferris", "1", restriction=restriction, email="joe@example.org"),
        row(name, "2", restriction=said[0], restriction_reason=said[1], email="jf@example.net"),
    ]
    for ordered in itertools.permutations(rows):
        cares = {child: care for adult in adults_of(ordered) for child, care in adult.cares.items()}
        assert (cares["2"].restriction, cares["2"].restriction_reason) == after
        assert (cares["1"].restriction, cares["1"].restriction_reason) == (restriction, "")


def test_a_word_that_cannot_be_read_may_be_a_restriction() -> None:
    rows = [
        row("Joe Ferris", "1", restriction="unknown", restriction_reason=NOT_READABLE, email="joe@example.org"),
        row("Joe Ferris", "2", email="jf@example.net"),
    ]
    cares = {child: care for adult in adults_of(rows) for child, care in adult.cares.items()}
    assert (cares["2"].restriction, cares["2"].restriction_reason) == ("unknown", DOUBT)


@pytest.mark.parametrize("held", [("unknown", NOT_SAID), ("unknown", "")])
def test_only_somebody_restricted_makes_a_doubt_beside_another_child(held: tuple[str, str]) -> None:
    rows = [
        row("Joe Ferris", "1", restriction=held[0], restriction_reason=held[1], email="joe@example.org"),
        row("Joe Ferris", "2", email="jf@example.net"),
    ]
    cares = {child: care for adult in adults_of(rows) for child, care in adult.cares.items()}
    assert cares["2"].restriction == "none"


@each(
    "relationship, restriction, held",
    [
        ("mother", "none", ("hold", IN_CARE)),
        ("father", "unknown", ("hold", IN_CARE)),
        ("step-parent", "none", ("hold", IN_CARE)),
        ("grandparent", "none", ("hold", IN_CARE)),
        ("other", "none", ("hold", IN_CARE)),
        ("mother", "hold", ("hold", "")),
        ("father", "do not send", ("do not send", "")),
        ("kinship carer", "none", ("none", "")),
        ("carer", "none", ("none", "")),
        ("foster carer", "none", ("none", "")),
        ("social worker", "none", ("none", "")),
    ],
)
@each("how", ["said", "foster carer", "registered manager", "social worker"])
def test_the_birth_family_of_a_child_in_care_waits(
    relationship: str, restriction: str, held: tuple[str, str], how: str
) -> None:
    rows = [row("Ana Ferris", relationship=relationship, restriction=restriction), row("Ana Ferris", "2")]
    rows.append(RollRow(9, "1", "", "", in_care=True) if how == "said" else row("Fay Foster", relationship=how))
    ana = next(adult for adult in adults_of(rows) if "1" in adult.cares and adult.name == "Ana Ferris")
    assert (ana.cares["1"].restriction, ana.cares["1"].restriction_reason) == held


def test_only_the_child_in_care_holds_its_family() -> None:
    rows = [
        row("Ana Ferris", "1", email="ana@example.org", relationship="mother", in_care=True),
        row("Ana Ferris", "2", email="ana@example.org", relationship="mother"),
    ]
    assert {child: care.restriction for child, care in only(*rows).cares.items()} == {"1": "hold", "2": "none"}


def test_a_second_row_adds_what_the_first_does_not_say() -> None:
    first = row("Ana Ferris", email="ana@example.org", language="und")
    said = {"language": "pl", "format": "large print", "wishes": "text", "objects": True}
    second = row("Ana Ferris", "2", email="ana@example.org", **said)
    for rows in ((first, second), (second, first)):
        adult = only(*rows)
        assert (adult.language, adult.format, adult.wishes, adult.objects) == ("pl", "large print", "text", True)
    third = row("Ana Ferris", "3", email="ana@example.org", language="ur", format="standard", wishes="email")
    adult = only(second, third)
    assert (adult.language, adult.format, adult.wishes, adult.objects) == ("pl", "large print", "text", True)
    assert only(first, first).objects is False
