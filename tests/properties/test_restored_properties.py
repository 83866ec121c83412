"""After a restore nothing is sent without a person's word or a carrier's, whatever was tried by then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.sending.fallback import (
    AttemptStatus,
    Channel,
    DeliveryState,
    Option,
    Policy,
    Tried,
    next_step,
)
from everyfamily.core.sending.restored import (
    NEVER_HAD,
    NOT_WRITTEN,
    PUT_BACK,
    SAID_HAD,
    TO_DECIDE,
    Held,
    Restored,
    held,
)

NOW = datetime(2027, 3, 30, 9, 0, tzinfo=UTC)
OPTIONS = [
    Option("contact:1", Channel.EMAIL),
    Option("contact:2", Channel.TEXT),
    Option("contact:3", Channel.POST),
    Option("pupil:4", Channel.PUPIL_POST),
]
reasons = st.sampled_from(["", PUT_BACK, NOT_WRITTEN, SAID_HAD, NEVER_HAD, "gone"])
histories = st.lists(
    st.tuples(st.sampled_from(OPTIONS), st.sampled_from(list(AttemptStatus)), reasons, st.integers(0, 60)),
    max_size=6,
)


def after(restored: str, ways: list[Option], history: list[tuple[Option, AttemptStatus, str, int]]) -> Held:
    """What is done about an adult with these ways, if this much was tried, each this many days ago."""
    tried = [
        Tried(option.key, option.channel, status, NOW - timedelta(days=days))
        for option, status, _, days in history
    ]
    return held(restored, next_step(Policy(), ways, tried, NOW), tried, [reason for *_, reason, _ in history])


@given(st.lists(st.sampled_from(OPTIONS), unique=True), histories)
def test_nothing_goes_to_an_adult_who_is_uncertain_but_by_the_carriers_own_word(
    ways: list[Option], history: list[tuple[Option, AttemptStatus, str, int]]
) -> None:
    done = after(Restored.UNCERTAIN, ways, history)
    if done.let_go:
        *_, (_, status, reason, _) = history
        assert (status, reason) == (AttemptStatus.REFUSED, NEVER_HAD)
    else:
        assert done.step.send is None


@given(st.lists(st.sampled_from(OPTIONS), unique=True), histories)
def test_nothing_at_all_goes_to_an_adult_of_whom_a_person_said_that_they_had_it(
    ways: list[Option], history: list[tuple[Option, AttemptStatus, str, int]]
) -> None:
    done = after(Restored.HAD_IT, ways, history)
    assert (done.step.send, done.write_unknown, done.let_go) == (None, None, False)


@given(st.lists(st.sampled_from(OPTIONS), unique=True), histories)
def test_what_waits_for_a_person_is_written_down_once_and_nobody_is_lost(
    ways: list[Option], history: list[tuple[Option, AttemptStatus, str, int]]
) -> None:
    done = after(Restored.UNCERTAIN, ways, history)
    waits = any(status is AttemptStatus.UNKNOWN and reason in TO_DECIDE for _, status, reason, _ in history)
    if done.write_unknown is not None:
        assert done.write_unknown in ways
        assert not waits
    # Whoever would have been sent something is asked about, or is waited for: none ends without an answer.
    fallback = after("", ways, [one for one in history if one[2] != SAID_HAD])
    if fallback.step.send is not None and not done.let_go and not any(one[2] == SAID_HAD for one in history):
        asked = done.write_unknown is not None or waits
        assert asked or done.step.state in (DeliveryState.ON_ITS_WAY, DeliveryState.UNKNOWN)
