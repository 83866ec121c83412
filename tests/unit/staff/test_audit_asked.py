"""The filters of the audit trail, as they are typed, and what its page says of the chain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from everyfamily.core.audit_words import Kind
from everyfamily.staff.audit.asked import asked_in
from everyfamily.staff.audit.chain_words import chain_words
from tests.factories.each import each


def test_days_are_londons_and_the_last_is_included() -> None:
    asked = asked_in({"since": "2027-03-28", "until": "2027-03-28"})
    assert asked.begins == datetime(2027, 3, 28, 0, tzinfo=UTC)
    # The clocks go forward on this day.
    assert asked.ends == datetime(2027, 3, 28, 23, tzinfo=UTC)


@each(
    "words", ["2027-02-30", "yesterday", "1 March 2027", "0001-01-01", "9999-12-31", "2027-03-01\0", "²0²7-01-01"]
)
def test_a_day_that_is_none_is_named_at_its_field(words: str) -> None:
    asked = asked_in({"since": words})
    assert [field for field, _ in asked.problems] == ["since"]
    assert asked.begins is None
    assert asked.typed[0] == words


def test_the_last_day_is_not_before_the_first() -> None:
    assert [field for field, _ in asked_in({"since": "2027-03-02", "until": "2027-03-01"}).problems] == ["until"]


def test_what_is_not_in_the_form_filters_nothing() -> None:
    assert asked_in({"kind": "'; --", "page": "7"}) == asked_in({})
    assert asked_in({"kind": "letters"}).kind is Kind.LETTERS


def test_a_name_is_short_and_printable() -> None:
    assert asked_in({"who": " Ada\u202e\0 Clarke " + "x" * 300}).who == ("Ada Clarke " + "x" * 300)[:80]


def test_filters_stay_in_the_address_of_the_next_page() -> None:
    asked = asked_in({"since": "2027-03-01", "who": "Ada & Ben", "kind": "letters"})
    assert asked.query(before=7) == "since=2027-03-01&who=Ada+%26+Ben&kind=letters&before=7"


NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@each(
    "broken_at, whole_at, values",
    [
        (None, None, {}),
        (None, NOON, {"whole_at": "midday on 1 March 2027"}),
        (None, NOON + timedelta(hours=2, minutes=12), {"whole_at": "2:12pm on 1 March 2027"}),
        (NOON, None, {"is_broken": True}),
        (NOON, NOON - timedelta(days=1), {"is_broken": True}),
        # A later check found every chain whole, so somebody has looked into it.
        (NOON, NOON + timedelta(days=1), {"whole_at": "midday on 2 March 2027"}),
    ],
)
def test_what_is_known_of_the_chain_is_the_newest_word_about_it(
    broken_at: datetime | None, whole_at: datetime | None, values: dict[str, object]
) -> None:
    assert chain_words(broken_at, whole_at) == values
