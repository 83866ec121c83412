"""Which roles one person may have together: every pair of roles, against what was promised."""

from __future__ import annotations

import itertools

import pytest

from everyfamily.core.permissions import GRANTED, SCOPES, Right, Role, Scope, Standing
from everyfamily.core.roles_together import RolesApart, require_together, too_few

OF_SCHOOLS = [role for role in Role if SCOPES[role] is Scope.SCHOOL]
OF_THE_PARTNERSHIP = [role for role in Role if SCOPES[role] is not Scope.SCHOOL]


def _standing(role: Role, body: str = "police") -> Standing:
    scope = SCOPES[role]
    return Standing(role, 1 if scope is Scope.SCHOOL else None, body if scope is Scope.BODY else None)


def _may(one: Role, other: Role) -> bool:
    answers = set()
    for new, held in ((one, other), (other, one)):
        try:
            require_together(_standing(new), [_standing(held)])
            answers.add(True)
        except RolesApart as problem:
            assert str(one) in problem.fact
            assert str(other) in problem.fact
            answers.add(False)
    assert len(answers) == 1, "the order in which roles are given makes no difference"
    return answers.pop()


def test_an_account_is_of_the_partnership_or_of_schools() -> None:
    assert [pair for pair in itertools.product(OF_SCHOOLS, OF_THE_PARTNERSHIP) if _may(*pair)] == []


def test_at_schools_one_person_may_have_any_roles() -> None:
    assert all(_may(*pair) for pair in itertools.product(OF_SCHOOLS, repeat=2))


def test_nobody_who_may_write_or_start_or_review_may_also_approve() -> None:
    others = {Right.WRITE_LETTERS, Right.START_MAILING, Right.REVIEW_LETTER, Right.INVITE_TO_PARTNERSHIP}
    for role in OF_THE_PARTNERSHIP:
        if GRANTED[role] & others:
            assert not _may(role, Role.SIGNATORY), role


def test_nobody_reviews_their_own_words_and_the_administrator_has_no_hand_in_letters() -> None:
    assert not _may(Role.AUTHOR, Role.REVIEWER)
    assert not _may(Role.ADMINISTRATOR, Role.AUTHOR)
    assert not _may(Role.ADMINISTRATOR, Role.COORDINATOR)


def test_what_breaks_no_rule_may_be_had_together() -> None:
    assert _may(Role.COORDINATOR, Role.AUTHOR)
    assert _may(Role.ADMINISTRATOR, Role.VIEWER)
    assert _may(Role.COORDINATOR, Role.VIEWER)


def test_one_person_approves_for_one_body() -> None:
    require_together(_standing(Role.SIGNATORY), [])
    with pytest.raises(RolesApart, match="each body approves for itself"):
        require_together(_standing(Role.SIGNATORY, "council"), [_standing(Role.SIGNATORY, "police")])


@pytest.mark.parametrize(
    ("administrators", "coordinators", "few"),
    [
        (0, 0, [Role.ADMINISTRATOR, Role.COORDINATOR]),
        (1, 2, [Role.ADMINISTRATOR]),
        (2, 1, [Role.COORDINATOR]),
        (2, 2, []),
    ],
)
def test_two_people_should_have_each_role_that_a_second_person_is_needed_for(
    administrators: int, coordinators: int, few: list[Role]
) -> None:
    assert too_few({Role.ADMINISTRATOR: administrators, Role.COORDINATOR: coordinators, Role.LEAD: 0}) == few
