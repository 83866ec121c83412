"""The year's plan in a browser: its days for everybody in the partnership, and two steps that an author marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]

JANUARY = datetime(2027, 1, 20, 10, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from everyfamily.mailings.installation import clock

    monkeypatch.setattr(clock, "now", lambda: JANUARY)
    with open_doors(tmp_path, EVERYFAMILY_PARTNERSHIP=PARTNERSHIP):
        yield


def words_of(answer: Any) -> str:
    """The words of a page's main part."""
    assert answer.status_code == 200
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def test_an_author_sees_what_is_due_and_says_when_it_is_done() -> None:
    from django.test import override_settings

    author = signed_in(Role.AUTHOR, "Tom Rydal")
    words = words_of(author.get("/year/", secure=True))
    assert "1 step is due." in words
    assert "Monday 18 January. Who: author. It is done" in words
    assert "The first half of the spring term 2027 has no letter." in words
    assert "There is no pack" not in words, "packs are not looked at here"
    assert "Prepare a planned letter" in words_of(author.get("/", secure=True))
    done = {"address": "spring-2027", "step": "prepare"}
    assert author.post("/year/done/", done, secure=True).status_code == 302
    words = words_of(author.get("/year/", secure=True))
    assert "It is written down that this is done." in words
    assert "No step is due now." in words
    for wrong in ({"address": "spring-2030", "step": "prepare"}, {"address": "spring-2027", "step": "send"}):
        assert author.post("/year/done/", wrong, secure=True).status_code == 404
    with override_settings(EVERYFAMILY_PARTNERSHIP=""):
        assert "There is no plan yet" in words_of(author.get("/year/", secure=True))


def test_others_in_the_partnership_see_the_plan_and_mark_nothing() -> None:
    viewer = signed_in(Role.VIEWER, "Vera Lund")
    words = words_of(viewer.get("/year/", secure=True))
    assert "1 step is due." in words
    assert "It is done" not in words
    assert "Download the report of 2026-27" in words
    report = viewer.get("/year/report/?of=2026-27", secure=True)
    assert report.headers["Content-Disposition"] == 'attachment; filename="letters-of-2026-27.html"'
    assert "No letter in 2026-27" in report.content.decode()
    done = {"address": "spring-2027", "step": "prepare"}
    assert viewer.post("/year/done/", done, secure=True).status_code == 403


def test_a_coordinator_reviews_a_letter_in_three_parts(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.queries.reviews import review_of

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    mailing = city.open()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(weeks=4))
    una = signed_in(Role.COORDINATOR, "Una Marsh")
    where = f"/year/reviews/{mailing}/"

    def types(**fields: Any) -> Any:
        return una.post(where, fields, secure=True)

    assert "Review it" in words_of(una.get("/", secure=True))
    assert f"Review of letter {REFERENCE}" in words_of(una.get("/year/", secure=True))
    assert types(part="calls", door="local", day="2027-03-03", count="41").status_code == 302
    asked = {"got-yes": "6", "clear-yes": "5", "clear-no": "1", "felt-prepared": "6"}
    assert types(part="parents", parents="6", **asked).status_code == 302
    words = words_of(una.get(where, secure=True))
    assert "only how many chose what" in words
    assert "41 in all" in words
    assert types(part="changes", change=["week", "languages"]).status_code == 302
    assert "The review is complete" in words_of(una.get(where, secure=True))
    found = review_of(mailing)
    assert (found.parents, found.answers["clear"]) == (6, {"yes": 5, "partly": 0, "no": 1})
    for wrong in (
        {"part": "calls", "door": "careline", "day": "2027-03-03", "count": "1"},
        {"part": "calls", "door": "local", "day": "yesterday", "count": "1"},
        {"part": "calls", "door": "local", "day": "2027-03-03", "count": "Mrs Ferris rang"},
        {"part": "parents", "parents": "6", "got-yes": "7"},
        {"part": "parents", "parents": "3"},
        {"part": "changes"},
    ):
        answer = types(**wrong)
        assert answer.status_code == 422, wrong
        assert "There is a problem" in answer.content.decode()
        assert "Ferris" not in answer.content.decode()
    assert review_of(mailing) == found
    assert una.get("/year/reviews/999/", secure=True).status_code == 404
