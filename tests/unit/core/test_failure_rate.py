"""When so many messages fail that a person must look."""

from __future__ import annotations

import pytest

from everyfamily.core.sending.failure_rate import (
    AGAINST,
    FAILURES,
    FailureLimit,
    HourOfCalls,
    counted,
    too_many_failures,
)
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from tests.factories.each import each

LIMIT = FailureLimit(share=0.2, least=25)


def hour(called: int, failed: int, seen: int = 0, channel: Channel = Channel.EMAIL) -> HourOfCalls:
    return HourOfCalls(channel, called, failed, seen)


@each(
    "hours, over",
    [
        ([], False),
        ([hour(1000, 15)], False),
        ([hour(1000, 200)], False),
        ([hour(1000, 201)], True),
        ([hour(24, 24)], False),
        ([hour(30, 25)], True),
        ([hour(30, 26)], True),
        # A little each hour: the sum shows it.
        ([hour(20, 10), hour(20, 10), hour(20, 10)], True),
        # One bad hour in a good week.
        ([hour(50_000, 700), hour(400, 300)], True),
        # A person has looked.
        ([hour(1000, 400, 400)], False),
        ([hour(1000, 424, 400)], False),
        ([hour(1000, 700, 400)], True),
        # Two channels are two providers.
        ([hour(1000, 10), hour(20, 10), hour(20, 12, channel=Channel.TEXT)], False),
    ],
)
def test_the_limit(hours: list[HourOfCalls], over: bool) -> None:
    assert (too_many_failures(hours, LIMIT) is not None) is over


def test_it_says_of_what() -> None:
    found = too_many_failures([hour(1000, 10), hour(100, 60, channel=Channel.TEXT)], LIMIT)
    assert found == hour(100, 60, channel=Channel.TEXT)


def test_what_is_unknown_counts_against_the_provider_and_is_no_failure() -> None:
    assert {AttemptStatus.UNKNOWN} == AGAINST - FAILURES


@pytest.mark.parametrize(
    ("channel", "status", "before", "called", "failed"),
    [
        (Channel.EMAIL, AttemptStatus.ACCEPTED, 0, 1, 0),
        (Channel.TEXT, AttemptStatus.PERMANENT_FAILURE, 0, 1, 1),
        (Channel.POST, AttemptStatus.UNKNOWN, 0, 1, 1),
        (Channel.EMAIL, AttemptStatus.TECHNICAL_FAILURE, 5, 1, 1),
        (Channel.EMAIL, AttemptStatus.CREATED, 9, 0, 0),
        # The carrier is busy, and after the third hour it is not just busy.
        (Channel.EMAIL, AttemptStatus.REFUSED, 0, 0, 0),
        (Channel.EMAIL, AttemptStatus.REFUSED, 1, 0, 0),
        (Channel.EMAIL, AttemptStatus.REFUSED, 2, 1, 1),
        # What the school hands out says nothing about a provider.
        (Channel.PUPIL_POST, AttemptStatus.TECHNICAL_FAILURE, 0, 0, 0),
    ],
)
def test_what_a_call_counts(
    channel: Channel, status: AttemptStatus, before: int, called: int, failed: int
) -> None:
    found = counted([(channel, status, before)] * 2)
    assert [counts[channel.value] for counts in found] == [2 * called, 2 * failed]
    assert bool(found[0]) is bool(called)
