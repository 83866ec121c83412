"""How long personal values are kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from everyfamily.core.sending.keeping import ROLL_KEPT, PurgeReason, RollUse, purge_reason
from tests.factories.city import NOW
from tests.factories.each import each

LONG_AGO = NOW - ROLL_KEPT


def days(number: float) -> datetime:
    return NOW - timedelta(days=number)


@each(
    "in_use, closed_at, roll_at, reason",
    [
        (False, days(30), days(60), PurgeReason.MAILING_CLOSED),
        (False, days(29.9), days(60), None),
        # Closed long ago, and the same roll still: it is purged by the close.
        (False, days(500), days(600), PurgeReason.MAILING_CLOSED),
        # A newer roll waits for the next close.
        (False, days(30), days(10), None),
        (False, days(500), days(399), None),
        (False, days(500), days(400), PurgeReason.ROLL_IS_OLD),
        # A mailing that is not closed needs the roll, however old.
        (True, days(500), days(450), None),
        (True, None, days(600), None),
        # No mailing ever.
        (False, None, days(399), None),
        (False, None, LONG_AGO, PurgeReason.ROLL_IS_OLD),
        (False, None, None, None),
        # A mailing without any roll: nothing is there, and asking again changes nothing.
        (False, days(31), None, PurgeReason.MAILING_CLOSED),
    ],
)
def test_values_go_when_no_mailing_needs_them(
    in_use: bool, closed_at: datetime | None, roll_at: datetime | None, reason: PurgeReason | None
) -> None:
    assert purge_reason(RollUse(30, in_use, closed_at, roll_at), NOW) is reason


def test_a_roll_of_the_very_moment_of_the_close_belongs_to_what_was_closed() -> None:
    assert purge_reason(RollUse(0, False, NOW, NOW), NOW) is PurgeReason.MAILING_CLOSED
