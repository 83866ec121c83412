"""Asking carriers: who is asked for how long, and when "never had it" is an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from everyfamily.channels.errors import CarrierRefused
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.core.sending.restored import NEVER_HAD, PUT_BACK, SAID_HAD
from everyfamily.mailings.actions.sending import asking
from everyfamily.mailings.actions.sending.asking import MOST_SECONDS, UNKNOWN_FOR, Asking, never_had_it_counts
from everyfamily.mailings.models import LedgerEntry, Mailing

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Carrier:
    """Answers by reference; what it does not know it never had."""

    name = "stand-in"
    remembers: timedelta | None = None

    def __init__(
        self, known: Mapping[str, AttemptStatus | Exception], *, remembers: timedelta | None = None
    ) -> None:
        self.known = known
        self.remembers = remembers
        self.asked: list[str] = []

    def answers_for(self, channel: Channel) -> bool:
        return channel is Channel.EMAIL

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        self.asked.append(reference)
        answer = self.known.get(reference)
        if isinstance(answer, Exception):
            raise answer
        return DeliveryEvent(reference, answer, now - DAY, "a reason") if answer else None


def entry(
    number: int, status: str = "unknown", *, ago: timedelta = timedelta(hours=2), reason: str = ""
) -> LedgerEntry:
    mailing = Mailing(restored_to=NOW - 3 * DAY)
    return LedgerEntry(
        pk=number,
        status=status,
        channel="email",
        reference=f"{number}",
        mailing=mailing,
        reason=reason,
        changed_at=NOW - ago,
    )


def moved(
    monkeypatch: pytest.MonkeyPatch, carrier: Carrier, page: Sequence[LedgerEntry], asks: Asking | None = None
) -> list[tuple[int, AttemptStatus, str, datetime]]:
    found: list[Any] = []

    def hear(heard: Sequence[Any], now: datetime) -> list[int]:
        found.extend(heard)
        return [one[0] for one in heard]

    monkeypatch.setattr(asking, "hear", hear)
    monkeypatch.setattr(asking, "mirror_everywhere", lambda changed, now: None)
    monkeypatch.setattr(Asking, "_next_page", lambda self, channels, now: list(page))
    changed = (asks or Asking()).go_on({Channel.EMAIL: carrier}, NOW)
    assert changed == len(found)
    return found


def test_an_answer_is_heard_and_a_message_that_never_came_may_go_again(monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = Carrier({"1": AttemptStatus.DELIVERED, "4": AttemptStatus.ACCEPTED})
    page = [entry(1, "accepted"), entry(2), entry(3, "accepted"), entry(4)]
    assert [(number, status, at) for number, status, _, at in moved(monkeypatch, carrier, page)] == [
        (1, AttemptStatus.DELIVERED, NOW - DAY),
        (2, AttemptStatus.REFUSED, NOW),
        (4, AttemptStatus.ACCEPTED, NOW - DAY),
    ]
    assert [one[2] for one in moved(monkeypatch, Carrier({}), [entry(2)])] == [NEVER_HAD]


def test_a_carrier_that_is_silent_three_times_in_a_row_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = CarrierRefused("away", "Wait.")
    carrier = Carrier(
        {"1": silent, "2": silent, "3": AttemptStatus.DELIVERED, "4": silent, "5": silent, "6": silent}
    )
    moved(monkeypatch, carrier, [entry(number) for number in range(1, 9)])
    assert carrier.asked == ["1", "2", "3", "4", "5", "6"]


def test_it_goes_on_behind_the_last_one_that_it_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asks = Asking()
    moved(
        monkeypatch,
        Carrier({"9": CarrierRefused("away", "Wait.")}),
        [entry(7), entry(5, "accepted"), entry(9)],
        asks,
    )
    assert asks._after == {"unknown": 9, "accepted": 5}


def test_a_slow_carrier_keeps_no_worker_from_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([100.0, 100.0, 100.0 + MOST_SECONDS, 200.0])
    monkeypatch.setattr(asking, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    carrier = Carrier({})
    moved(monkeypatch, carrier, [entry(1), entry(2), entry(3)])
    assert carrier.asked == ["1"]


def test_nobody_is_asked_where_no_carrier_answers() -> None:
    assert Asking().go_on({Channel.POST: Carrier({})}, NOW) == 0


@pytest.mark.parametrize(
    ("reason", "ago", "remembers", "counts"),
    [
        ("", 100 * DAY, None, True),
        ("", timedelta(hours=2), 7 * DAY, True),
        ("", 7 * DAY - UNKNOWN_FOR - timedelta(seconds=1), 7 * DAY, True),
        ("", 7 * DAY - UNKNOWN_FOR, 7 * DAY, False),
        # Put back to three days ago: it may have gone at any time since then.
        (PUT_BACK, timedelta(hours=2), 7 * DAY, True),
        (PUT_BACK, timedelta(hours=2), 3 * DAY, False),
        (SAID_HAD, timedelta(hours=2), None, False),
    ],
)
def test_never_had_it_counts_while_the_carrier_would_remember(
    reason: str, ago: timedelta, remembers: timedelta | None, counts: bool
) -> None:
    assert never_had_it_counts(entry(1, ago=ago, reason=reason), Carrier({}, remembers=remembers), NOW) is counts
