"""Tries are counted for each who tries, in spans, and within a bounded memory."""

from __future__ import annotations

from everyfamily.core.tries import Tries


def test_the_try_after_the_last_is_too_many_until_the_span_is_over() -> None:
    tries = Tries(2, seconds=10)
    assert [tries.count("a", now) for now in (0.0, 1.0)] == [1, 2]
    assert tries.are_too_many("a", 9.9)
    assert tries.count("a", 9.9) == 3
    assert not tries.are_too_many("a", 10.0)
    assert tries.count("a", 10.0) == 1


def test_one_who_tries_does_not_count_for_another() -> None:
    tries = Tries(1, seconds=10)
    tries.count("a", 0)
    assert tries.are_too_many("a", 1)
    assert not tries.are_too_many("b", 1)


def test_the_longest_known_are_forgotten_first() -> None:
    tries = Tries(1, seconds=10, keep=3)
    for key in "abcd":
        tries.count(key, 0)
    assert [tries.are_too_many(key, 1) for key in "abcd"] == [False, True, True, True]
    assert len(tries._counted) == 3


def test_asking_counts_nothing() -> None:
    tries = Tries(1, seconds=10)
    assert not any(tries.are_too_many("a", 0) for _ in range(5))
    tries.count("a", 0)
    tries.forget()
    assert not tries.are_too_many("a", 0)
