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


def test_late_joiners_are_accounted_for_with_what_any_mailing_of_the_letter_did_for_them() -> None:
    # 2 corrects 1, 3 takes its place, and 4 and 5 gave 3 to late joiners.
    followed = {2: (1, "correction"), 3: (1, "replacement"), 4: (3, "joiners"), 5: (3, "joiners")}
    account = account_among(5, followed, 6)
    assert account == Account(5, (5, 3, 2, 4), None, 6, joiners=True)
    assert not account.is_of_all
    assert account_among(3, followed) == Account(3, (3, 2)), "the letter's own account has none of theirs"
