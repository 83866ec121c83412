"""When a school's first lead can be invited, and which code lets them in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from everyfamily.core.school_invitations import (
    CODE_LASTS,
    MOST_CODES,
    MOST_TRIES,
    CodeNotRight,
    SchoolNotInvitable,
    TooManyCodes,
    require_another_code,
    require_code,
    require_invitable,
)

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["012345", " 012 345 ", "012-345"])
def test_the_code_may_be_typed_with_spaces(typed: str) -> None:
    require_code(typed, "012345", asked_at=NOW, tries=MOST_TRIES - 1, now=NOW + CODE_LASTS - timedelta(seconds=1))


@pytest.mark.parametrize("typed", ["", "12345", "0123456", "543210", "０12345", "None"])
def test_any_other_code_is_refused(typed: str) -> None:
    with pytest.raises(CodeNotRight, match="not right, or there is a newer one"):
        require_code(typed, "012345", asked_at=NOW, tries=0, now=NOW)


@pytest.mark.parametrize(("tries", "later"), [(MOST_TRIES, timedelta()), (0, CODE_LASTS)])
def test_the_right_code_is_refused_after_too_many_tries_or_too_late(tries: int, later: timedelta) -> None:
    with pytest.raises(CodeNotRight, match="has ended"):
        require_code("012345", "012345", asked_at=NOW, tries=tries, now=NOW + later)


def test_an_invitation_has_only_so_many_codes() -> None:
    require_another_code(MOST_CODES - 1)
    with pytest.raises(TooManyCodes):
        require_another_code(MOST_CODES)


def test_only_an_open_school_with_a_mailbox_and_without_a_lead_is_invited() -> None:
    require_invitable(mailbox="office@hill.example", has_lead=False, is_open=True)
    for mailbox, has_lead, is_open in (
        ("", False, True),
        ("a@b.example", True, True),
        ("a@b.example", False, False),
    ):
        with pytest.raises(SchoolNotInvitable):
            require_invitable(mailbox=mailbox, has_lead=has_lead, is_open=is_open)
