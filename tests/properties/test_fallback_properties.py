"""The fallback ends, never doubles, and does not care in which order receipts come."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from everyfamily.core.sending.fallback import (
    FAILED,
    RANK,
    UNDER_WAY,
    WHOLE_LETTER,
    AttemptStatus,
    Channel,
    DeliveryState,
    Option,
    Policy,
    Tried,
    in_order_of_wish,
    moves_forward,
    next_step,
)

START = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
ENDS = [status for status in AttemptStatus if status not in UNDER_WAY]
POLICIES = st.builds(
    Policy,
    order=st.permutations(list(Channel)).flatmap(
        lambda channels: st.integers(0, len(channels)).map(lambda n: tuple(channels[:n]))
    ),
    paper_after_text=st.booleans(),
    tries=st.integers(1, 4),
    retry_after=st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(days=2)]),
)
OPTIONS = st.lists(st.sampled_from(list(Channel)), max_size=7).map(
    lambda channels: [Option(f"{at} {channel}", channel) for at, channel in enumerate(channels)]
)


def run(
    policy: Policy, options: list[Option], fates: list[AttemptStatus], hours: list[int]
) -> tuple[list[Tried], DeliveryState]:
    """Send and wait as the mailing does, each attempt meeting the next fate; fails if it does not end."""
    tried: list[Tried] = []
    now = START
    for turn in range(policy.tries * len(options) * 3 + 2):
        step = next_step(policy, options, tried, now)
        assert step.send is None or step.wait_until is None
        if step.send is not None:
            assert step.state is DeliveryState.ON_ITS_WAY
            under_way = Tried(step.send.key, step.send.channel, AttemptStatus.SENDING, now)
            waiting = next_step(policy, options, [*tried, under_way], now)
            assert (waiting.send, waiting.state) in (
                (None, DeliveryState.ON_ITS_WAY),
                (None, DeliveryState.REACHED),
            )
            now += timedelta(hours=hours[turn % len(hours)])
            fate = fates[turn % len(fates)]
            tried.append(Tried(step.send.key, step.send.channel, fate, now))
        elif step.wait_until is not None:
            assert step.wait_until > now
            now = step.wait_until
        else:
            return tried, step.state
    raise AssertionError("it does not end")


@given(
    POLICIES,
    OPTIONS,
    st.lists(st.sampled_from(ENDS), min_size=1, max_size=12),
    st.lists(st.integers(0, 400), min_size=1, max_size=5),
)
@settings(max_examples=60)
def test_it_ends_and_tries_nothing_twice_that_was_taken_in(
    policy: Policy, options: list[Option], fates: list[AttemptStatus], hours: list[int]
) -> None:
    tried, state = run(policy, options, fates, hours)
    taken = Counter(t.key for t in tried if t.status is not AttemptStatus.REFUSED)
    assert max(taken.values(), default=0) <= 1
    assert max(Counter(t.key for t in tried).values(), default=0) <= policy.tries
    assert {t.channel for t in tried} <= set(policy.order)
    statuses = {t.status for t in tried}
    whole = {t.status for t in tried if t.channel in WHOLE_LETTER}
    assert (state is DeliveryState.REACHED) == (AttemptStatus.DELIVERED in whole)
    assert (state is DeliveryState.NO_CONTACT) == (not tried)
    if state is DeliveryState.ACCEPTED:
        assert AttemptStatus.ACCEPTED in whole
    if state is DeliveryState.TOLD_BY_TEXT:
        assert any(t.channel is Channel.TEXT and t.status is AttemptStatus.DELIVERED for t in tried)
    if state is DeliveryState.UNKNOWN:
        assert AttemptStatus.UNKNOWN in statuses
    if AttemptStatus.UNKNOWN in statuses:
        assert state not in (DeliveryState.FAILED, DeliveryState.RETURNED)


@given(POLICIES, OPTIONS, st.lists(st.sampled_from(ENDS), min_size=1, max_size=12))
@settings(max_examples=60)
def test_it_tries_every_way_before_it_gives_up(
    policy: Policy, options: list[Option], fates: list[AttemptStatus]
) -> None:
    failing = [status for status in fates if status in FAILED] or [AttemptStatus.PERMANENT_FAILURE]
    tried, _ = run(policy, options, failing, [1])
    assert {t.key for t in tried} == {option.key for option in options if option.channel in policy.order}
    order = [policy.order.index(t.channel) for t in tried]
    assert order == sorted(order)


@given(
    POLICIES,
    OPTIONS,
    st.lists(st.tuples(st.sampled_from(list(AttemptStatus)), st.integers(0, 500)), max_size=7),
    st.integers(0, 600),
)
@settings(max_examples=70)
def test_nothing_is_sent_while_an_attempt_is_under_way(
    policy: Policy, options: list[Option], fates: list[tuple[AttemptStatus, int]], later: int
) -> None:
    tried = [
        Tried(option.key, option.channel, status, START + timedelta(hours=hours))
        for option, (status, hours) in zip(options, fates, strict=False)
    ]
    step = next_step(policy, options, tried, START + timedelta(hours=later))
    if any(t.status in UNDER_WAY for t in tried):
        assert step.send is None
    if step.send is not None:
        before = [t for t in tried if t.key == step.send.key]
        assert all(t.status is AttemptStatus.REFUSED for t in before)


@given(st.data(), st.lists(st.sampled_from(list(AttemptStatus)), min_size=1, max_size=10))
@example(None, [AttemptStatus.TEMPORARY_FAILURE, AttemptStatus.TECHNICAL_FAILURE])
def test_any_order_of_receipts_ends_in_the_same_status(
    data: st.DataObject | None, heard: list[AttemptStatus]
) -> None:
    def final(receipts: list[AttemptStatus]) -> AttemptStatus:
        status = AttemptStatus.CREATED
        for receipt in receipts:
            if moves_forward(status, receipt):
                status = receipt
        return status

    other = data.draw(st.permutations(heard)) if data is not None else heard[::-1]
    assert final(heard) is final(other) is final([*other, *heard])


def test_post_that_came_back_has_the_last_word() -> None:
    assert len(set(RANK.values())) == len(RANK) == len(AttemptStatus)
    assert max(AttemptStatus, key=RANK.__getitem__) is AttemptStatus.RETURNED
    assert moves_forward(AttemptStatus.DELIVERED, AttemptStatus.RETURNED)
    assert not moves_forward(AttemptStatus.DELIVERED, AttemptStatus.DELIVERED)


@given(POLICIES, st.sampled_from(["", "email", "text", "paper", "pigeon"]))
def test_a_wish_changes_the_order_and_nothing_else(policy: Policy, wish: str) -> None:
    wished = in_order_of_wish(policy, wish)
    assert sorted(wished.order) == sorted(policy.order)
    assert in_order_of_wish(wished, wish) == wished
    assert (wished.paper_after_text, wished.tries) == (policy.paper_after_text, policy.tries)
