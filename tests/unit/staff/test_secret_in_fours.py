"""The secret of an authenticator, as somebody types it."""

from __future__ import annotations

from everyfamily.staff.templatetags.door_forms import in_fours


def test_a_secret_is_shown_in_groups_of_four() -> None:
    assert in_fours("JBSWY3DPEHPK3PXPAB") == "JBSW Y3DP EHPK 3PXP AB"
