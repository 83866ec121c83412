"""Pages of decisions: another school's rows are not there, and a page costs the same however long the list is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, adult
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in
from tests.integration.database.test_decision_pages import HOMES, ROWS, changed, links, rows

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

OWN, OTHERS = 900001, 900002
UNKNOWN = {"RESTRICTION": "", "PARENTAL_RESPONSIBILITY": "", "HAS_CARE": ""}
MOST_QUERIES, MOST_BYTES = 15, 60_000


@pytest.fixture(autouse=True)
def _doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def test_another_schools_rows_are_not_there_in_an_address_or_a_form(city: City) -> None:
    """Every number of another school, in place of an own one: 404 or refused, and not a row of theirs changes."""
    from everyfamily.people.actions.decided.shared_homes import shared_ways

    own = city.school(OWN, [adult("X1", "Zed Own", RESTRICTION="")])
    theirs = city.school(OTHERS, [*ROWS, *[one | {"PUPIL_ID": one["PUPIL_ID"] + "h"} for one in HOMES]])
    city.import_rows(OTHERS, ROWS[:-1], NOW + timedelta(days=1))
    [way, *_] = shared_ways(theirs, now=NOW)
    before = rows(theirs)
    client = signed_in(Role.LEAD, "Una Marsh", school_id=own)
    at = f"/schools/{OWN}/"
    mine = links(own)["Zed Own"]
    wrong = []

    def tried(path: str, expected: set[int], **said: object) -> None:
        for method in ("get", "post") if not said else ("post",):
            status = getattr(client, method)(at + path, said, secure=True).status_code
            if status not in expected:
                wrong.append((path, method, said, status))

    for one in links(theirs).values():
        child, grown, link = one.pupil_id, one.parent_id, one.pk
        tried(f"restrictions/{link}/", {404})
        tried(f"restrictions/{link}/", {404}, answer="may", seen="x")
        tried(f"restrictions/?class_of={child}", {404})
        tried(f"restrictions/several/?year_of={child}", {404})
        tried("restrictions/several/", {409}, which="ticked", answer="may", reason="x", link=f"{link}.x")
        tried(f"parents/?class_of={child}", {404})
        tried("parents/", {404}, link=f"{link}.x", answer="no")
        tried("children/leavers/", {404}, child=f"{child}.x", answer="left", on="2026-03-02")
        tried("children/leavers/", {404}, child=f"{child}.x", answer="here")
        for page in ("", "left/", "died/", f"adults/{grown}/"):
            tried(f"children/{child}/{page}", {404})
        tried(f"children/{child}/left/", {404}, answer="left", on="2026-03-02", seen="x")
        tried(f"children/{child}/died/", {404}, checked="yes", seen="x")
        tried(f"children/{child}/died/mistake/", {404}, x="x")
        tried(f"children/{child}/adults/{grown}/", {404}, act="objects")
        tried(f"children/{mine.pupil_id}/adults/{grown}/", {404}, act="objects")
        tried(f"children/{mine.pupil_id}/left/", {404}, answer="left", on="2026-03-02", also=f"{child}.x")
    for shut in (way.shut, way.way):
        tried(f"restrictions/homes/{way.way}/{shut}/", {404}, answer="two")
        tried(f"restrictions/homes/{mine.pk}/{shut}/", {404}, answer="two")
    tried("children/", {422}, own_id="P4")
    assert wrong == []
    assert changed(theirs, before) == {}


PAGES = (
    *(
        "restrictions/",
        "restrictions/?reason=not-said",
        "restrictions/?show=must-not",
        "restrictions/?show=stale",
    ),
    *("restrictions/several/", "restrictions/homes/", "restrictions/homes/?show=sure", "parents/"),
    "restrictions/homes/?show=apart",
    *("parents/?show=said", "children/", "children/leavers/"),
)


def _costs(client: Client, urn: int, school: int) -> dict[str, tuple[int, int]]:
    """Page -> queries and bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = links(school)
    one = found["Ana aa"]
    doubted = found["B Marsh"]
    pages = [
        *PAGES,
        f"restrictions/?class_of={one.pupil_id}&year_of={one.pupil_id}",
        f"restrictions/several/?class_of={one.pupil_id}",
        f"restrictions/{one.pk}/",
        f"restrictions/{doubted.pk}/?class_of={one.pupil_id}",
        *(f"children/{one.pupil_id}/{page}" for page in ("", "left/", "died/", f"adults/{one.parent_id}/")),
    ]
    costs = {}
    client.get(f"/schools/{urn}/restrictions/several/", secure=True)  # whose form begins the session's token
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"/schools/{urn}/{page}", secure=True)
        assert answer.status_code == 200, page
        name = "".join("#" if letter.isdigit() else letter for letter in page)
        asked = [one for one in queries if one["sql"] not in ("BEGIN", "COMMIT")]
        costs[name.replace("##", "#").replace("##", "#")] = (len(asked), len(answer.content))
    return costs


def test_a_page_costs_no_more_at_ten_times_the_rows(city: City) -> None:
    def many(count: int) -> list[dict[str, str]]:
        letters = "abcdefghijklmnopqrstuvwxyz"
        names = [f"Ana {letters[n // 26]}{letters[n % 26]}" for n in range(count)]
        return [
            adult(f"P{n}", name, CLASS=f"{n % 30}B", YEAR_GROUP=str(n % 12), EMAIL=f"a{n}@example.org", **UNKNOWN)
            for n, name in enumerate(names)
        ]

    closed = [adult("Q1", "Bo Marsh", RESTRICTION="do not send"), adult("Q2", "B Marsh", RESTRICTION="")]
    few = city.school(OWN, [*many(30), *closed])
    lots = city.school(OTHERS, [*many(300), *closed])
    for urn, count in ((OWN, 30), (OTHERS, 300)):
        city.import_rows(urn, [*many(count)[: count - count // 5], *closed], NOW + timedelta(days=1))
    here = _costs(signed_in(Role.LEAD, "Una Marsh", school_id=few), OWN, few)
    there = _costs(signed_in(Role.LEAD, "Sam Ferris", school_id=lots), OTHERS, lots)
    assert {page: cost[0] for page, cost in here.items()} == {page: cost[0] for page, cost in there.items()}
    assert {page: cost for page, cost in there.items() if cost[0] > MOST_QUERIES or cost[1] > MOST_BYTES} == {}
