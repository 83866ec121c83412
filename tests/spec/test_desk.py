"""Desks against what each role was promised (desk.toml)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.notices import IN_MAIL, URGENT, Notice, NoticeKind, notices_for
from everyfamily.core.desk.waiting import ABOUT, Item, Wait, waits_for
from everyfamily.core.permissions import OF_PEOPLE, SCOPES, Role, Scope, Standing, held_by
from tests.spec.tables import table

TODAY = date(2027, 3, 8)
ME = 7
CASES = table("desk")["case"]


def _wait(row: dict[str, Any], number: int) -> Wait:
    due = row.get("due")
    return Wait(
        Kind[row["kind"]],
        f"key {number}",
        None if due is None else TODAY + timedelta(days=due),
        count=row.get("count", 1),
        school_id=row.get("school"),
        body=row.get("body"),
        account=ME if row.get("own") else None,
        for_bodies=row.get("for_bodies", False),
        not_for=ME if row.get("asked") else None,
    )


def _shown(item: Item) -> str:
    count = f" {item.count}" if item.count > 1 else ""
    return f"{item.kind.name}{'!' if item.about.is_urgent else ''}{count}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_desk_has_what_it_was_promised(case: dict[str, Any]) -> None:
    role = Role(case["role"])
    standing = Standing(
        role,
        school_id=1 if SCOPES[role] is Scope.SCHOOL else None,
        body="police" if SCOPES[role] is Scope.BODY else None,
        sends_itself=case.get("sends_itself", False),
    )
    waits = [_wait(row, number) for number, row in enumerate(case["waits"])]
    assert [_shown(item) for item in waits_for(waits, held_by([standing]), ME)] == case["sees"]


@pytest.mark.parametrize("role", [role for role in Role if SCOPES[role] is not Scope.SCHOOL])
def test_nobody_beyond_a_school_sees_work_about_its_people(role: Role) -> None:
    held = held_by([Standing(role, body="police" if SCOPES[role] is Scope.BODY else None)])
    about_people = [Wait(kind, "x", school_id=1) for kind in Kind if ABOUT[kind].right in OF_PEOPLE]
    assert about_people
    assert waits_for(about_people, held) == []
    # And if a read forgot to say whose it is, it is nobody's.
    assert waits_for([Wait(wait.kind, "x") for wait in about_people], held) == []


def test_twelve_schools_are_one_kind_of_work_with_twelve_places() -> None:
    held = held_by([Standing(Role.LEAD, school_id=n) for n in range(12)])
    waits = [
        Wait(Kind.RESTRICTION, f"{n}", TODAY + timedelta(days=12 - n), count=2, school_id=n) for n in range(20)
    ]
    [item] = waits_for(waits, held)
    assert [wait.school_id for wait in item.waits] == list(range(11, -1, -1))
    assert (item.count, item.due_on) == (24, TODAY + timedelta(days=1))


def test_every_kind_has_words_and_a_title_that_takes_its_count() -> None:
    assert set(ABOUT) == set(Kind)
    for kind, about in ABOUT.items():
        assert ("{n}" in about.title) is bool(about.noun), kind
        assert about.in_mail.endswith("."), kind
        assert not any(sign.isdigit() for sign in about.in_mail.replace("There should be 2", "")), kind


def test_what_cannot_wait_has_its_words_for_an_email_without_a_number_or_a_name() -> None:
    assert set(IN_MAIL) == set(URGENT)
    for words in IN_MAIL.values():
        assert words.endswith(".")
        assert not any(sign.isdigit() for sign in words)


def test_news_of_a_key_is_for_everybody_of_its_body_and_for_nobody_else() -> None:
    at = datetime(2027, 3, 8, 9, tzinfo=UTC)
    made = Notice(NoticeKind.KEY_MADE, "key made 1", at, "A key was made", "Somebody made it.", body="police")
    for role, body, sees in (
        (Role.SIGNATORY, "police", True),
        (Role.DELEGATE, "police", True),
        (Role.SIGNATORY, "childrens-services", False),
        (Role.ADMINISTRATOR, None, False),
    ):
        assert bool(notices_for([made], held_by([Standing(role, body=body)]), ME)) is sees
