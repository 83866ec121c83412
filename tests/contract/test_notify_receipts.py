"""What GOV.UK Notify calls with, as plain bytes: who it is from, what it says, and what is no receipt."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.channels.notify.receipts import NotAReceipt, is_from_notify, read_receipt, read_returned_letter
from everyfamily.core.sending.fallback import AttemptStatus
from tests.contract.notify_service import Service, stamp
from tests.contract.rigs import NOW

TOKEN = "a token that only this test knows"
REFERENCE = str(uuid.uuid5(uuid.NAMESPACE_OID, "a receipt"))
LATER = NOW + timedelta(minutes=5)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def receipt(status: str = "delivered", **changed: object) -> bytes:
    """A receipt as the stand-in sends it."""
    service = Service(clock=lambda: NOW)
    one = service.take("email", REFERENCE, "adult-1@example.com", {})
    one.status = status
    service.stop()
    return json.dumps(service.receipt(one) | changed).encode()


def test_only_the_token_that_was_agreed_opens() -> None:
    assert is_from_notify(f"Bearer {TOKEN}", TOKEN)
    assert is_from_notify(f"bearer {TOKEN}", TOKEN)
    for other in ("", "Bearer", f"Basic {TOKEN}", TOKEN, f"Bearer  {TOKEN}", f"Bearer {TOKEN} ", "Bearer \udcff"):
        assert not is_from_notify(other, TOKEN)
    for other in ("", "Bearer", "Bearer "):
        assert not is_from_notify(other, "")


def test_a_receipt_is_read() -> None:
    [event] = read_receipt(receipt(completed_at=stamp(NOW)), LATER)
    assert (event.reference, event.status, event.occurred_at) == (REFERENCE, AttemptStatus.DELIVERED, NOW)
    [event] = read_receipt(receipt("permanent-failure", sent_at=None), LATER)
    assert (event.status, event.occurred_at) == (AttemptStatus.PERMANENT_FAILURE, LATER)
    assert "adult" not in repr(event)


def test_a_time_without_a_zone_is_utc_and_one_that_cannot_be_read_is_now() -> None:
    for given_time, expected in (("2027-03-02T08:59:00", NOW - timedelta(minutes=1)), ("soon", LATER)):
        [event] = read_receipt(receipt(completed_at=given_time), LATER)
        assert event.occurred_at == expected


@pytest.mark.parametrize("changed", [{"reference": None}, {"reference": "a batch"}, {"status": "teleported"}])
def test_what_is_not_ours_or_is_new_says_nothing(changed: dict[str, object]) -> None:
    assert read_receipt(receipt(**changed), LATER) == []  # type: ignore[arg-type]


def test_a_returned_letter_came_back_now() -> None:
    said = {"notification_id": "x", "reference": REFERENCE, "date_sent": stamp(NOW), "sent_by": None}
    [event] = read_returned_letter(json.dumps(said).encode(), LATER)
    assert (event.reference, event.status, event.occurred_at) == (REFERENCE, AttemptStatus.RETURNED, LATER)
    assert read_returned_letter(json.dumps(said | {"reference": None}).encode(), LATER) == []


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\xff", b"[" * 4000, b"null", b"[]", b"{}", receipt(notification_type="fax")),
        receipt().replace(b'"reference":', b'"reference": "another", "reference":'),
    ],
)
def test_what_is_no_receipt_is_refused(data: bytes) -> None:
    with pytest.raises(NotAReceipt):
        read_receipt(data, LATER)


@given(st.dictionaries(st.sampled_from(sorted(json.loads(receipt()))), ANYTHING) | ANYTHING)
def test_anything_is_a_receipt_or_refused(data: object) -> None:
    """Nothing else comes out: an error of another kind would have Notify call again and again."""
    body = json.dumps(json.loads(receipt()) | data if isinstance(data, dict) else data).encode()
    for read in (read_receipt, read_returned_letter):
        try:
            events = read(body, LATER)
        except NotAReceipt:
            continue
        assert len(events) <= 1
        assert all(event.occurred_at <= LATER for event in events)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_say_nothing(data: bytes) -> None:
    for read in (read_receipt, read_returned_letter):
        try:
            assert read(data, LATER) == []
        except NotAReceipt:
            continue
