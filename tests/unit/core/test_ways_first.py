"""Ways that are named first are tried first, in their order: those of a wrong letter, by its correction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from everyfamily.core.sending.fallback import (
    AttemptStatus,
    Channel,
    DeliveryState,
    Option,
    Policy,
    Tried,
    next_step,
)

NOW = datetime(2027, 3, 4, 10, tzinfo=UTC)
EMAIL, TEXT, POST = (
    Option("contact:1", Channel.EMAIL),
    Option("contact:2", Channel.TEXT),
    Option("contact:3", Channel.POST),
)
POLICY = Policy(first=("contact:9", "contact:2", "contact:3"))
"""Contact point 9 is gone; by the school's own order email would come first."""


def tried(option: Option, status: AttemptStatus, ago: timedelta = timedelta()) -> Tried:
    return Tried(option.key, option.channel, status, NOW - ago)


def test_the_first_way_that_is_still_there_is_tried_first() -> None:
    assert next_step(POLICY, [EMAIL, TEXT, POST], [], NOW).send == TEXT


def test_then_the_next_of_them_and_then_the_schools_own_order() -> None:
    failed = tried(TEXT, AttemptStatus.PERMANENT_FAILURE)
    assert next_step(POLICY, [EMAIL, TEXT, POST], [failed], NOW).send == POST
    returned = tried(POST, AttemptStatus.RETURNED)
    assert next_step(POLICY, [EMAIL, TEXT, POST], [failed, returned], NOW).send == EMAIL


def test_whoever_was_told_by_text_is_not_told_so_again() -> None:
    told = (
        tried(EMAIL, AttemptStatus.PERMANENT_FAILURE),
        tried(Option("contact:8", Channel.TEXT), AttemptStatus.DELIVERED),
    )
    assert next_step(POLICY, [EMAIL, TEXT, POST], told, NOW).send == POST


def test_a_channel_that_the_school_does_not_use_any_more_is_used_all_the_same() -> None:
    email_alone = Policy(order=(Channel.EMAIL,), first=("contact:3",))
    assert next_step(email_alone, [EMAIL, POST], [], NOW).send == POST


def test_nothing_is_tried_twice() -> None:
    all_failed = [tried(one, AttemptStatus.PERMANENT_FAILURE) for one in (EMAIL, TEXT, POST)]
    assert next_step(POLICY, [EMAIL, TEXT, POST], all_failed, NOW).state is DeliveryState.FAILED
