"""What may continue after a restore, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from everyfamily.core.sending.fallback import (
    AttemptStatus,
    Channel,
    DeliveryState,
    Option,
    Policy,
    Step,
    Tried,
    next_step,
)
from everyfamily.core.sending.restored import NEVER_HAD, NOT_WRITTEN, PUT_BACK, SAID_HAD, Held, Restored, held
from tests.factories.each import each

AT = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
NOW = AT + timedelta(days=30)
OPTIONS = [Option("contact:1", Channel.EMAIL), Option("contact:2", Channel.POST)]


def after(restored: str, *tried: tuple[AttemptStatus, str], now: datetime = NOW) -> Held:
    """What is done about an adult with an inbox and a home, if this much was tried, in that order."""
    attempts = [
        Tried(option.key, option.channel, status, AT) for option, (status, _) in zip(OPTIONS, tried, strict=False)
    ]
    step = next_step(Policy(), OPTIONS, attempts, now)
    return held(restored, step, attempts, [reason for _, reason in tried])


def test_without_a_restore_the_fallback_goes_on() -> None:
    assert after("", (AttemptStatus.PERMANENT_FAILURE, "")).step.send == OPTIONS[1]
    assert after("", (AttemptStatus.UNKNOWN, "")).step.send == OPTIONS[1]


@each("restored", list(Restored))
@each("now", [AT, NOW])
@each("status", list(AttemptStatus))
@each("reason", ["", PUT_BACK, NOT_WRITTEN, SAID_HAD])
def test_nothing_is_sent_by_itself(restored: str, now: datetime, status: AttemptStatus, reason: str) -> None:
    assert after(restored, now=now).step.send is None
    assert after(restored, (status, reason), now=now).step.send is None


def test_the_next_way_is_written_down_once() -> None:
    assert after(Restored.UNCERTAIN).write_unknown == OPTIONS[0]
    assert after(Restored.UNCERTAIN, (AttemptStatus.PERMANENT_FAILURE, "")).write_unknown == OPTIONS[1]
    for reason in (PUT_BACK, NOT_WRITTEN):
        found = after(Restored.UNCERTAIN, (AttemptStatus.UNKNOWN, reason))
        assert found.write_unknown is None
        assert found.step.state is DeliveryState.UNKNOWN


def test_what_a_carrier_took_in_is_waited_for_and_ends_by_itself() -> None:
    assert after(Restored.UNCERTAIN, (AttemptStatus.ACCEPTED, ""), now=AT).step.wait_until == AT + timedelta(
        hours=72
    )
    assert after(Restored.UNCERTAIN, (AttemptStatus.ACCEPTED, "")).step.state is DeliveryState.ACCEPTED
    assert after(Restored.HAD_IT, (AttemptStatus.DELIVERED, "")).step.state is DeliveryState.REACHED


def test_a_carrier_that_never_had_it_decides() -> None:
    found = after(Restored.UNCERTAIN, (AttemptStatus.REFUSED, NEVER_HAD))
    assert found.let_go
    assert found.step.send == OPTIONS[0]
    assert not after(Restored.HAD_IT, (AttemptStatus.REFUSED, NEVER_HAD)).let_go


def test_a_word_that_it_went_holds_where_no_restore_is_known_too() -> None:
    assert after("", (AttemptStatus.UNKNOWN, SAID_HAD)).step == Step(DeliveryState.UNKNOWN)
