"""What the partnership may see of news that came after a day's account, and when two days may both be exact."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from everyfamily.core.accounting.account_record import (
    FEWEST_SCHOOLS,
    LateNews,
    ShownNews,
    disclose_news,
    may_be_exact,
)
from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.published import Figure

DAY = date(2027, 3, 2)


def news(said: int, lost: int = 0, **gained: int) -> LateNews:
    return LateNews(DAY, said, {Outcome[name]: number for name, number in gained.items()}, lost)


def shown(said: int, now: int, gained: int | None, lost: int | None, *parts: tuple[Outcome, int]) -> ShownNews:
    return ShownNews(DAY, Figure(said), Figure(now), gained, lost, parts)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (news(100), None),
        (news(100, ACCEPTED=9), shown(100, 109, None, None)),
        (news(100, ACCEPTED=10), shown(100, 110, 10, 0, (Outcome.ACCEPTED, 10))),
        (news(100, lost=9), shown(100, 91, None, None)),
        (news(100, lost=10), shown(100, 90, 0, 10)),
        (news(100, lost=10, ACCEPTED=9), shown(100, 99, None, None)),
        (news(100, ACCEPTED=12, ON_ITS_WAY=3), shown(100, 115, 15, 0)),
        (
            news(100, ACCEPTED=12, ON_ITS_WAY=10),
            shown(100, 122, 22, 0, (Outcome.ACCEPTED, 12), (Outcome.ON_ITS_WAY, 10)),
        ),
        (news(100, ACCEPTED=12, ON_ITS_WAY=5, TOLD_BY_TEXT=5), shown(100, 122, 22, 0, (Outcome.ACCEPTED, 12))),
    ],
)
def test_no_part_is_named_that_shows_a_number_from_one_to_nine(
    said: LateNews, expected: ShownNews | None
) -> None:
    assert disclose_news(said, exact=True) == expected


def test_to_the_nearest_ten_only_two_totals_are_said_and_only_if_they_differ() -> None:
    assert disclose_news(news(100, ACCEPTED=4), exact=False) is None
    found = disclose_news(news(100, ACCEPTED=40), exact=False)
    assert found == ShownNews(DAY, Figure(100, exact=False), Figure(140, exact=False))
    assert disclose_news(None, exact=True) is None


def test_news_is_the_same_after_it_was_kept() -> None:
    one = news(100, lost=3, ACCEPTED=12, ON_ITS_WAY=0)
    assert one.as_json() == {"of": "2027-03-02", "said": 100, "gained": {"accepted": 12}, "lost": 3}
    assert LateNews.from_json(one.as_json()) == news(100, lost=3, ACCEPTED=12)
    assert LateNews.from_json({}) is None
    assert one.known_now == 109


@pytest.mark.parametrize(
    ("before", "now", "exact"),
    [
        (None, {"totals": [1], "marks": {}}, True),
        ({"totals": [1], "marks": None}, {"totals": [1], "marks": {}}, True),
        ({"totals": [1], "marks": None}, {"totals": [2], "marks": {}}, False),
        ({"totals": [1], "marks": {}}, {"totals": [2], "marks": None}, False),
        ({"totals": [1], "marks": {"a": 1, "b": 1}}, {"totals": [2], "marks": {"a": 2, "b": 2}}, False),
        (
            {"totals": [1], "marks": {"a": 1, "b": 1, "c": 1}},
            {"totals": [2], "marks": {"a": 2, "b": 2, "d": 1}},
            True,
        ),
        (
            {"totals": [1], "marks": {"a": 1, "b": 1, "c": 1}},
            {"totals": [2], "marks": {"a": 2, "b": 2, "c": 2}},
            True,
        ),
        (
            {"totals": [1], "marks": {"a": 1, "b": 1, "c": 1}},
            {"totals": [2], "marks": {"a": 2, "b": 2, "c": 1}},
            False,
        ),
    ],
)
def test_two_days_are_exact_if_three_schools_have_changed(before: Any, now: Any, exact: bool) -> None:
    assert FEWEST_SCHOOLS == 3
    assert may_be_exact(before, now) is exact
