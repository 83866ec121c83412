"""The fallback follows its table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from everyfamily.core.sending.fallback import (
    AttemptStatus,
    Channel,
    DeliveryState,
    Option,
    Policy,
    Step,
    Tried,
    in_order_of_wish,
    next_step,
)
from tests.factories.each import each
from tests.spec.tables import table

NOW = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)
RULES = table("fallback")["rule"]
CASES = [case for rule in RULES for case in rule["case"]]


def _way(key: str) -> Option:
    return Option(key, Channel(key.rstrip(" 0123456789")))


def _policy(row: dict[str, Any], wish: str) -> Policy:
    fields = {**row, **({"order": tuple(map(Channel, row["order"]))} if "order" in row else {})}
    return in_order_of_wish(Policy(**fields), wish)


@each("case", CASES)
def test_the_next_step_is_the_tables(case: dict[str, Any]) -> None:
    unknown = case.keys() - {
        "name",
        "policy",
        "wish",
        "ways",
        "tried",
        "state",
        "send",
        "wait",
        "sends_in",
        "shares_a_way",
    }
    assert not unknown
    tried = [
        Tried(key, _way(key).channel, AttemptStatus(status), NOW - timedelta(hours=hours))
        for key, status, hours in case.get("tried", [])
    ]
    policy = _policy(case.get("policy", {}), case.get("wish", ""))
    wait = case.get("wait")
    sends_from = NOW + timedelta(hours=case["sends_in"]) if "sends_in" in case else None
    shares = case.get("shares_a_way", False)
    ways = [_way(key) for key in case["ways"]]
    assert next_step(policy, ways, tried, NOW, sends_from=sends_from, shares_a_way=shares) == Step(
        DeliveryState(case["state"]),
        send=_way(case["send"]) if "send" in case else None,
        wait_until=NOW + timedelta(hours=wait) if wait is not None else None,
    )


def test_the_table_speaks_of_every_channel_status_and_state() -> None:
    cases = [case for rule in RULES for case in rule["case"]]
    assert {_way(key).channel for case in cases for key in case["ways"]} == set(Channel)
    assert {status for case in cases for _, status, _ in case.get("tried", [])} == set(AttemptStatus)
    # These two are set where the mailing is planned, not here.
    given_elsewhere = {DeliveryState.PLANNED, DeliveryState.STOPPED}
    assert {case["state"] for case in cases} == set(DeliveryState) - given_elsewhere
