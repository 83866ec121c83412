"""The recording channel's carrier keeps to its script."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from everyfamily_demo.carrier_script import LATE, SCRIPTS, Fate, fate

MANY = 40_000


@pytest.mark.parametrize("channel", sorted(SCRIPTS))
def test_each_script_adds_up_to_ten_thousand(channel: str) -> None:
    assert sum(share.of_ten_thousand for share in SCRIPTS[channel]) == 10_000


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (
            "email",
            {"delivered": 0.925, "permanent-failure": 0.01, "temporary-failure": 0.005, None: 0.06},
        ),
        ("text", {"delivered": 0.935, "permanent-failure": 0.06, None: 0.005}),
        ("post", {"returned": 0.015, None: 0.985}),
        ("pupil post", {"delivered": 0.983, "permanent-failure": 0.017}),
    ],
)
def test_shares_come_out_as_written(channel: str, expected: dict[str | None, float]) -> None:
    counted = Counter(fate(channel, f"value-{n}", seed=7).event for n in range(MANY))
    assert set(counted) == set(expected)
    for event, share in expected.items():
        assert counted[event] / MANY == pytest.approx(share, abs=0.005), event


def test_the_same_value_meets_the_same_fate_whoever_asks() -> None:
    assert fate("email", "value", 7) == fate("email", "value", 7)


def test_another_seed_writes_another_script() -> None:
    first = [fate("email", f"value-{n}", 7) for n in range(500)]
    assert first != [fate("email", f"value-{n}", 8) for n in range(500)]


def test_a_temporary_failure_arrives_on_the_second_try() -> None:
    values = (f"value-{n}" for n in range(MANY))
    value = next(v for v in values if fate("email", v, 7).event == "temporary-failure")
    assert fate("email", value, 7, attempt=2).event == "delivered"


def test_a_permanent_failure_stays_one() -> None:
    values = (f"value-{n}" for n in range(MANY))
    value = next(v for v in values if fate("email", v, 7).event == "permanent-failure")
    assert fate("email", value, 7, attempt=2).event == "permanent-failure"


def test_a_few_receipts_come_after_an_email_already_counts_as_accepted() -> None:
    late = [f for n in range(MANY) if (f := fate("email", f"value-{n}", 7)).after >= LATE]
    assert 0.001 < len(late) / MANY < 0.006
    assert {f.event for f in late} == {"delivered"}


def test_post_is_never_reported_as_delivered_and_returns_within_fourteen_days() -> None:
    fates = [fate("post", f"value-{n}", 7) for n in range(MANY)]
    returned = [f for f in fates if f.event]
    assert {f.event for f in returned} == {"returned"}
    assert all(timedelta(days=7) <= f.after <= timedelta(days=9) for f in returned)


def test_silence_has_no_time() -> None:
    assert Fate(None, timedelta(0)) in {fate("email", f"value-{n}", 7) for n in range(500)}


def test_a_channel_without_a_script_is_an_error() -> None:
    with pytest.raises(KeyError):
        fate("pigeon", "value", 7)
