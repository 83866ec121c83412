"""A kept account is the one that was shown, and late news gives no small number of children away."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.accounting.account_record import (
    LateNews,
    disclose_news,
    may_be_exact,
    shown_as_json,
    shown_from_json,
    totals_as_json,
)
from everyfamily.core.accounting.coverage import SMALL, Outcome
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.reports.queries import CityCoverage
from everyfamily.reports.wording import news_sentence
from tests.properties.test_disclosure_properties import cities

pytestmark = pytest.mark.slow

NEWS = st.builds(
    LateNews,
    of=st.just(date(2027, 3, 8)),
    said=st.integers(0, 50_000),
    gained=st.dictionaries(st.sampled_from(list(Outcome)[1:]), st.integers(0, 40)),
    lost=st.integers(0, 40),
)


@given(cities(), st.booleans())
@settings(max_examples=50)
def test_what_was_shown_comes_back_equal(whole: CityCoverage, exact: bool) -> None:
    shown = disclose(whole, exact=exact)
    assert shown_from_json(json.loads(json.dumps(shown_as_json(shown)))) == shown


@given(cities())
@settings(max_examples=25)
def test_the_totals_add_up(whole: CityCoverage) -> None:
    kept = json.loads(json.dumps(totals_as_json(whole.total)))
    assert sum(kept["outcomes"].values()) == kept["children"]
    assert sum(kept["reasons"].values()) == kept["outcomes"]["not_reached"]


@given(NEWS)
def test_late_news_comes_back_and_adds_up(news: LateNews) -> None:
    back = LateNews.from_json(json.loads(json.dumps(news.as_json())))
    assert back is not None
    assert back.known_now == news.known_now == news.said + sum(news.gained.values()) - news.lost
    assert LateNews.from_json({}) is None


@given(NEWS, st.booleans())
def test_no_part_of_late_news_is_a_small_number_or_leaves_one(news: LateNews, exact: bool) -> None:
    shown = disclose_news(news, exact=exact)
    if shown is None:
        return
    parts = [number for _, number in shown.came_from]
    assert all(number >= SMALL for number in parts)
    for number in (shown.gained, shown.lost, (shown.gained or 0) - sum(parts) if parts else None):
        assert number is None or number == 0 or number >= SMALL
    assert exact or (shown.said.number % 10, shown.known_now.number % 10, shown.gained) == (0, 0, None)
    assert news_sentence(shown).startswith("Reached on 8 March: ")


@pytest.mark.parametrize(
    ("before", "now", "exact"),
    [
        (None, {"totals": 1, "marks": None}, True),
        ({"totals": 1, "marks": None}, {"totals": 1, "marks": None}, True),
        ({"totals": 1, "marks": {"1": "a"}}, {"totals": 2, "marks": None}, False),
        ({"totals": 1, "marks": None}, {"totals": 2, "marks": {"1": "a"}}, False),
        ({"totals": 1, "marks": {"1": "a", "2": "b"}}, {"totals": 2, "marks": {"1": "c", "2": "d"}}, False),
        ({"totals": 1, "marks": {"1": "a", "2": "b"}}, {"totals": 2, "marks": {"1": "c", "3": "d"}}, True),
    ],
)
def test_figures_are_exact_only_where_a_difference_is_of_three_schools(
    before: dict[str, object] | None, now: dict[str, object], exact: bool
) -> None:
    assert may_be_exact(before, now) is exact


@given(st.booleans())
def test_no_news_is_not_said(exact: bool) -> None:
    assert disclose_news(None, exact=exact) is None
    assert disclose_news(LateNews(date(2027, 3, 8), 41_200, {}, 0), exact=exact) is None


def test_the_sentence_says_both_totals_and_what_became_of_the_difference() -> None:
    def said(lost: int, exact: bool = True, **gained: int) -> str | None:
        news = LateNews(date(2027, 3, 8), 41_200, {Outcome(name): n for name, n in gained.items()}, lost)
        shown = disclose_news(news, exact=exact)
        return shown and news_sentence(shown)

    assert said(0, accepted=12, on_its_way=5) == (
        "Reached on 8 March: 41,200 as shown then; 41,217 with what was heard since: 17 more."
    )
    assert said(11, accepted=12, on_its_way=15) == (
        "Reached on 8 March: 41,200 as shown then; 41,216 with what was heard since: 27 more (12 counted as accepted "
        "and 15 as on their way), and 11 fewer, whose letter had come back."
    )
    assert said(3, accepted=20) == "Reached on 8 March: 41,200 as shown then; 41,217 with what was heard since."
    assert said(0, exact=False, accepted=3) is None
    assert said(0, exact=False, accepted=9) == (
        "Reached on 8 March: about 41,200 as shown then; about 41,210 with what was heard since."
    )
