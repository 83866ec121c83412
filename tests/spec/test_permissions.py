"""The table of rights against what the people of each role were promised (permissions.toml)."""

from __future__ import annotations

import pytest

from everyfamily.core.permissions import (
    GRANTED,
    OF_PEOPLE,
    ON_THE_FIRST_DAY,
    ROLE_WORDS,
    SCOPES,
    Held,
    Right,
    Role,
    Scope,
    Standing,
    held_by,
    roles_with,
)
from tests.spec.tables import table

TABLE = table("permissions")
PROMISES = [
    (kind == "may", Role(role), Right[right], row["because"])
    for kind in ("may", "must_not")
    for row in TABLE[kind]
    for role in row["roles"]
    for right in row["rights"]
]


def test_each_promise_about_a_role_is_kept() -> None:
    broken = [
        f"{role} {'may' if may else 'must not'} {right}: {because}"
        for may, role, right, because in PROMISES
        if (right in GRANTED[role]) is not may
    ]
    assert broken == []


def test_only_the_roles_that_were_promised_a_right_have_it() -> None:
    """A new role has none of these rights until somebody adds it to the table."""
    promised = {right: (sorted(row["roles"]), row["because"]) for row in TABLE["only"] for right in row["rights"]}
    broken = [
        f"{right}: {found}, and only {roles} should: {because}"
        for right, (roles, because) in promised.items()
        if (found := sorted(map(str, roles_with(Right[right])))) != roles
    ]
    assert broken == []


def test_the_table_says_of_each_right_once_whether_a_new_role_may_have_it() -> None:
    rights = [right for kind in ("only", "open") for row in TABLE[kind] for right in row["rights"]]
    assert sorted(rights) == sorted(right.name for right in Right)
    assert not {right.name for right in OF_PEOPLE} & {right for row in TABLE["open"] for right in row["rights"]}


def test_the_first_day_beside_a_lead_has_what_was_promised_and_nothing_else() -> None:
    (promised,) = TABLE["first_day"]
    new = Standing(Role.LEAD, school_id=1, on_first_day=True)
    assert sorted(right.name for right in new.rights) == sorted(promised["rights"])
    assert sorted(right.name for right in ON_THE_FIRST_DAY) == sorted(promised["rights"])


def test_every_role_has_rights_words_and_a_scope() -> None:
    assert set(GRANTED) == set(ROLE_WORDS) == set(SCOPES) == set(Role)


def test_every_right_is_somebodys() -> None:
    assert frozenset().union(*GRANTED.values()) == frozenset(Right)


def test_no_role_beyond_a_school_opens_a_vault() -> None:
    assert all(SCOPES[role] is Scope.SCHOOL for role, rights in GRANTED.items() if rights & OF_PEOPLE)


def test_a_role_counts_at_its_own_school_only() -> None:
    held = held_by([Standing(Role.LEAD, school_id=1), Standing(Role.OFFICE, school_id=2)])
    assert held.may(Right.ATTEST_ROLL, school_id=1)
    assert not held.may(Right.ATTEST_ROLL, school_id=2)
    assert held.may(Right.UPLOAD_ROLL, school_id=2)
    assert not held.may(Right.UPLOAD_ROLL, school_id=3)
    assert not held.may(Right.UPLOAD_ROLL)
    assert held.schools(Right.UPLOAD_ROLL) == {1, 2}
    assert held.schools(Right.ATTEST_ROLL) == {1}


def test_a_signatory_approves_for_their_own_body_only() -> None:
    held = held_by([Standing(Role.SIGNATORY, body="police")])
    assert held.may(Right.APPROVE_LETTER, body="police")
    assert not held.may(Right.APPROVE_LETTER, body="childrens-services")
    assert not held.may(Right.APPROVE_LETTER)


def test_what_a_body_may_do_in_the_partnership_is_not_what_a_school_may() -> None:
    assert held_by([Standing(Role.SIGNATORY, body="police")]).in_partnership(Right.SEE_LETTERS)
    assert held_by([Standing(Role.VIEWER)]).in_partnership(Right.SEE_LETTERS)
    assert not held_by([Standing(Role.LEAD, school_id=1)]).in_partnership(Right.SEE_SCHOOL)


def test_a_role_of_the_partnership_gives_nothing_inside_a_school() -> None:
    held = held_by([Standing(Role.COORDINATOR)])
    assert held.may(Right.SEE_COVERAGE)
    assert not held.may(Right.SEE_SCHOOL, school_id=1)


@pytest.mark.parametrize("right", sorted(OF_PEOPLE))
def test_a_school_that_sends_the_letter_itself_has_no_people_here(right: Right) -> None:
    held = held_by([Standing(Role.LEAD, school_id=1, sends_itself=True)])
    assert not held.may(right, school_id=1)
    assert held.may(Right.GET_KIT, school_id=1)
    assert held.may(Right.FILE_RETURN, school_id=1)


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not any(Held().anywhere(right) for right in Right)
