"""Lists by pages: what a screen shows page by page is the whole list, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

LATER = NOW + timedelta(days=1)
URNS = (900001, 900002, 900003)


def pages(ask: Callable[..., list[Any]], key: Callable[[Any], int]) -> list[Any]:
    """All pages of two, each asked for after the last row of the one before."""
    found: list[Any] = []
    while page := ask(after=key(found[-1]) if found else 0, limit=2):
        assert len(page) <= 2
        assert page[0] not in found
        found += page
    return found


def test_the_pages_of_a_list_are_the_whole_list(city: City) -> None:
    from everyfamily.mailings.queries.returns import return_standings
    from everyfamily.people.actions.decided.responsibility import unclear_links
    from everyfamily.people.actions.decided.restrictions import links_to_review
    from everyfamily.people.actions.keeping.leavers import proposed_leavers
    from everyfamily.people.queries import school_standings
    from everyfamily.reports.families import FIRST, families_of, family_page

    rows = [
        adult(
            f"P{n}",
            f"Ana {'abcdefghijkl'[n]}",
            CLASS="7B" if n % 2 else "7A",
            RESTRICTION="",
            PARENTAL_RESPONSIBILITY="",
            HAS_CARE="",
        )
        for n in range(12)
    ]
    school = city.school(URNS[0], rows, attests=False)
    for urn in URNS[1:]:
        city.school(urn, sends="school")
    city.open()

    whole = links_to_review(school, now=NOW)
    assert len(whole) == 12
    assert pages(lambda **page: links_to_review(school, now=NOW, **page), lambda one: one.link) == whole
    unclear = unclear_links(school, now=NOW)
    assert len(unclear) == 12
    assert pages(lambda **page: unclear_links(school, now=NOW, **page), lambda one: one.link) == unclear
    assert len(pages(school_standings, lambda one: one.urn)) == 3
    assert pages(school_standings, lambda one: one.urn) == school_standings()
    returns = return_standings(city.mailing)
    assert [one.urn for one in returns] == list(URNS[1:])
    assert pages(lambda **page: return_standings(city.mailing, **page), lambda one: one.urn) == returns

    seen, after = [], FIRST
    while after is not None:
        lines, after = family_page(city.mailing, school, NOW, after=after, limit=5)
        seen += lines
    assert seen == list(families_of(city.mailing, school, NOW))
    assert len(seen) == 12

    city.import_rows(URNS[0], rows[5:], LATER)
    leavers = proposed_leavers(school, now=LATER)
    assert [one.class_name for one in leavers] == ["7A"] * 3 + ["7B"] * 2
    assert pages(lambda **page: proposed_leavers(school, now=LATER, **page), lambda one: one.pupil) == leavers
