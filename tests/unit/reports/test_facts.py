"""Whose letters count for an account: the mailing's own, and for a replacement those of the correction beside it."""

from __future__ import annotations

import pytest

from everyfamily.reports.facts import Account, account_among

WRONG, CORRECTION, REPLACEMENT, AGAIN, REPLACED_AGAIN = 1, 2, 3, 4, 5
FOLLOWED = {
    CORRECTION: (WRONG, "correction"),
    REPLACEMENT: (WRONG, "replacement"),
    AGAIN: (CORRECTION, "correction"),
}


@pytest.mark.parametrize(
    ("mailing", "followed", "expected"),
    [
        (WRONG, FOLLOWED, Account(WRONG, (WRONG,))),
        (CORRECTION, FOLLOWED, Account(CORRECTION, (CORRECTION,), (WRONG,))),
        (AGAIN, FOLLOWED, Account(AGAIN, (AGAIN,), (CORRECTION, WRONG))),
        (REPLACEMENT, {REPLACEMENT: (WRONG, "replacement")}, Account(REPLACEMENT, (REPLACEMENT,))),
        (
            REPLACEMENT,
            {CORRECTION: (WRONG, "correction"), REPLACEMENT: (WRONG, "replacement")},
            Account(REPLACEMENT, (REPLACEMENT, CORRECTION)),
        ),
        (REPLACEMENT, FOLLOWED, Account(REPLACEMENT, (REPLACEMENT, AGAIN))),
        (
            REPLACED_AGAIN,
            {REPLACEMENT: (WRONG, "replacement"), REPLACED_AGAIN: (REPLACEMENT, "replacement")},
            Account(REPLACED_AGAIN, (REPLACED_AGAIN,)),
        ),
    ],
)
def test_whose_letters_count(mailing: int, followed: dict[int, tuple[int, str]], expected: Account) -> None:
    assert account_among(mailing, followed) == expected
