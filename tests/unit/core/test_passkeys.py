"""What a passkey must be."""

from __future__ import annotations

import pytest

from everyfamily.core.passkeys import ANY, DEVICE_BOUND, PasskeyIsCopied, require_kept_as, tidy_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("work laptop", "work laptop"),
        ("  key \n on my\tring ", "key on my ring"),
        ("lap\u202etop\u200b", "lap top"),
        ("x" * 300, "x" * 40),
        ("\u202e", "Passkey"),
        ("", "Passkey"),
    ],
)
def test_a_name_is_one_line_that_hides_nothing(typed: str, kept: str) -> None:
    assert tidy_name(typed, "Passkey") == kept


def test_a_copied_passkey_is_refused_only_where_the_partnership_says_so() -> None:
    require_kept_as(ANY, may_be_copied=True)
    require_kept_as(DEVICE_BOUND, may_be_copied=False)
    with pytest.raises(PasskeyIsCopied):
        require_kept_as(DEVICE_BOUND, may_be_copied=True)
