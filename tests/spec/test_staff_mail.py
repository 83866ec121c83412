"""Email to staff and schools follows its table: what a call makes of it, what is done next, and when a run stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from everyfamily.channels import errors
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.sending.staff_mail import STATUSES, WAITS, MailFacts, Next, next_of, status_of_error, stops
from tests.factories.each import each
from tests.spec.tables import table

TABLE = table("staff_mail")
NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def span(words: str) -> timedelta:
    return timedelta(**{_UNITS[words[-1]]: int(words[:-1])})


@each("row", TABLE["answer"])
def test_a_call_makes_of_an_email_what_the_table_says(row: dict[str, Any]) -> None:
    if "said" in row:
        assert AttemptStatus(row["said"]) == row["status"]
    else:
        kind = getattr(errors, row["error"], None)
        assert status_of_error(kind.code if kind is not None else None) == row["status"]


def test_the_table_has_every_error_of_a_carrier_that_a_call_can_raise() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and kind.__module__ == errors.__name__
    }
    assert kinds - {row.get("error") for row in TABLE["answer"]} == {"AddressDoesNotFit"}


@each("row", TABLE["next"])
def test_an_email_is_sent_settled_or_left_as_the_table_says(row: dict[str, Any]) -> None:
    over = NOW + span(row["over"]) if "over" in row else None
    facts = MailFacts(row["status"], NOW - span(row["written"]), NOW - span(row["changed"]), over)
    assert next_of(facts, NOW) == row["then"]


def test_the_table_speaks_of_every_outcome_and_of_every_status_that_waits() -> None:
    assert {row["then"] for row in TABLE["next"]} == {str(one) for one in Next}
    assert {row["status"] for row in TABLE["next"]} >= {*WAITS, "sending", "unknown"}


def test_only_what_waits_is_ever_sent() -> None:
    long_ago = NOW - timedelta(days=2)
    sent = {one for one in STATUSES if next_of(MailFacts(one, long_ago, long_ago), NOW) is Next.SEND}
    assert sent == set(WAITS)


@each("row", TABLE["run"])
def test_a_run_stops_when_the_trouble_is_the_servers(row: dict[str, Any]) -> None:
    assert stops([AttemptStatus(one) for one in row["answers"]]) is row["stops"]
