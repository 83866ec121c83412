"""The board of the year's plan: a letter is added, changed, moved and taken out, and nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.partnership.second_person import Watch
from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]

JANUARY = datetime(2027, 1, 5, 10, tzinfo=LONDON)
NEW = {
    "term": "spring-2027",
    "week": "2027-02-02",
    "topic": "criminal-exploitation",
    "about": "people who use children for crime",
    "beside": "",
}
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from everyfamily.mailings.installation import clock

    monkeypatch.setattr(clock, "now", lambda: JANUARY)
    with open_doors(tmp_path, EVERYFAMILY_PARTNERSHIP=PARTNERSHIP):
        yield


def _page(client: Any, where: str) -> str:
    answer = client.get(where, secure=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{16})"', page)
    assert found
    return found[1]


def _send(client: Any, where: str, **fields: str) -> Any:
    return client.post(where, {"seen": _seen(_page(client, "/year/plan/new/")), **fields}, secure=True)


def _plan() -> dict[str, tuple[str | None, str]]:
    from everyfamily.partnership.queries import in_force

    found = in_force()
    assert found is not None
    return {one.address: (one.topic, str(one.send_week)) for one in found.partnership.year_plan.letters}


def test_an_author_adds_moves_and_takes_out_a_letter_and_each_is_a_version() -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from everyfamily.partnership.queries import version_files, versions

    before = _plan()
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    assert "No letter in this half-term." in _page(author, "/year/plan/")
    assert _send(author, "/year/plan/new/", **NEW).status_code == 302
    assert _plan() == before | {"spring-2027-2": ("criminal-exploitation", "2027-02-02")}
    assert ProcrastinateJob.objects.filter(task_name="overtake_letters").exists(), "a letter may announce it"
    board = _page(author, "/year/plan/")
    assert "The plan is changed, and in force." in board
    assert "People who use children for crime" in board
    assert "Week of 1 February 2027" in board
    assert "Choose the pack, agree the partners" in board
    assert '<b class="state no">Late</b>' in board, "six weeks before its week are over"
    form = _page(author, "/year/plan/spring-2027-2/")
    assert 'value="2027-02-02"' in form
    moved = {**NEW, "term": "summer-2027", "week": "2027-06-15"}
    assert _send(author, "/year/plan/spring-2027-2/", **moved).status_code == 302
    assert _plan() == before | {"summer-2027-2": ("criminal-exploitation", "2027-06-15")}
    assert _send(author, "/year/plan/summer-2027-2/take-out/").status_code == 302
    assert _plan() == before
    found = versions()
    assert [one.by for one in found] == ["Tom Rydal"] * 3
    files = version_files(found[0].id)
    assert files is not None
    assert files.text.split() == PARTNERSHIP.read_text(encoding="utf-8").split(), (
        "with its comments and its order"
    )
    viewer = signed_in(Role.VIEWER, "Vera Lund")
    page = _page(viewer, "/year/plan/")
    assert "Change, move or take out" not in page
    assert "Add a letter" not in page


def test_what_is_refused_is_said_at_its_field_and_the_words_stay() -> None:
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    for change, field, words in (
        ({"week": "2027-05-11"}, "week", "This day is not in the spring term 2027."),
        ({"week": "soon"}, "week", "Give a day"),
        ({"topic": "../packs"}, "topic", "Choose a topic of the list."),
        ({"term": "spring-2031"}, "term", "Choose a term that the plan has."),
        ({"topic": "child-sexual-exploitation"}, "topic", "Another letter of this term has this topic."),
        ({"about": ""}, "about", "Say what it is about."),
        ({"beside": "child-sexual-exploitation"}, "beside", "There is no full letter on this topic"),
    ):
        answer = _send(author, "/year/plan/new/", **(NEW | change))
        page = answer.content.decode()
        assert (answer.status_code, words in page) == (422, True), change
        assert f'id="{field}-error"' in page
        assert change.get("about", NEW["about"]) in page
    assert _send(author, "/year/plan/spring-2040/", **NEW, seen="").status_code == 409
    assert author.get("/year/plan/spring-2040/", secure=True).status_code == 404
    same = {"term": "spring-2027", "week": "2027-03-02", "topic": "child-sexual-exploitation"}
    same |= {"about": "child sexual exploitation", "beside": ""}
    assert _send(author, "/year/plan/spring-2027/", **same).status_code == 302
    assert "Nothing was changed" in _page(author, "/year/plan/")


def test_somebody_who_changed_the_plan_meanwhile_costs_nobody_their_words() -> None:
    tom, una = signed_in(Role.AUTHOR, "Tom Rydal"), signed_in(Role.AUTHOR, "Una Marsh")
    opened = _seen(_page(tom, "/year/plan/spring-2027/"))
    changed = {"term": "spring-2027", "topic": "child-sexual-exploitation", "beside": ""}
    hers = {**changed, "week": "2027-03-09", "about": "child sexual exploitation"}
    his = {**changed, "week": "2027-03-16", "about": "adults who exploit children"}
    assert _send(una, "/year/plan/spring-2027/", **hers).status_code == 302
    answer = tom.post("/year/plan/spring-2027/", {**his, "seen": opened}, secure=True)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed the plan meanwhile" in page
    assert "It goes in the week of 8 March 2027." in page
    assert 'value="adults who exploit children"' in page
    assert _plan()["spring-2027"][1] == "2027-03-09"
    assert tom.post("/year/plan/spring-2027/", {**his, "seen": _seen(page)}, secure=True).status_code == 302
    assert _plan()["spring-2027"][1] == "2027-03-16"
    # The same form once more: what it asks for is there already.
    assert tom.post("/year/plan/spring-2027/", {**his, "seen": _seen(page)}, secure=True).status_code == 302
    opened = _seen(_page(tom, "/year/plan/new/"))
    for _ in range(2):
        assert tom.post("/year/plan/new/", {**NEW, "seen": opened}, secure=True).status_code == 302
    assert list(_plan()).count("spring-2027-2") == 1
    assert "spring-2027-3" not in _plan()
    gone = _seen(_page(tom, "/year/plan/spring-2027-2/"))
    assert _send(una, "/year/plan/spring-2027-2/take-out/").status_code == 302
    answer = tom.post("/year/plan/spring-2027-2/", {**NEW, "week": "2027-02-09", "seen": gone}, secure=True)
    assert "If you go on, it is added again." in answer.content.decode()
    assert 'action="/year/plan/new/"' in answer.content.decode()


def test_a_letter_on_which_work_has_begun_stays_in_its_term() -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.letters.actions.sealed_letters import mark_done

    author = signed_in(Role.AUTHOR, "Tom Rydal")
    assert _send(author, "/year/plan/new/", **NEW).status_code == 302
    mark_done("spring-2027-2", "prepare", by=Actor.typed("Tom Rydal"), now=JANUARY)
    before = _plan()
    for address, words in (("spring-2027-2", "Work on this letter has begun"), ("spring-2027", "a later letter")):
        answer = _send(author, f"/year/plan/{address}/take-out/")
        assert (answer.status_code, words in answer.content.decode()) == (409, True)
    assert _plan() == before


def test_the_topic_of_a_letter_that_is_being_written_stays() -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.letters.actions.drafts import begin

    by = Actor.typed("Tom Rydal")
    own = {"reference": "ES-2703-K7R4", "by": by, "now": JANUARY}
    begin("child-sexual-exploitation", "spring-2027", date(2027, 3, 1), **own)  # type: ignore[arg-type]
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    other = NEW | {"week": "2027-03-09"}
    answer = _send(author, "/year/plan/spring-2027/", **other)
    assert (answer.status_code, "so its topic stays" in answer.content.decode()) == (422, True)
    same = other | {"topic": "child-sexual-exploitation"}
    assert _send(author, "/year/plan/spring-2027/", **same).status_code == 302
    assert _send(author, "/year/plan/spring-2027/take-out/").status_code == 409


def test_a_change_of_settings_that_waits_is_decided_first() -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.core.partnership.versions import files_at, files_given
    from everyfamily.partnership.actions import propose

    files, _ = files_at(PARTNERSHIP)
    text = files.text.replace('name = "Tom Garrowby"', 'name = "Ruth Calder"')
    given = files_given(text.encode(), files.file, {}, dict(files.drawings))
    propose(*given, Actor.typed("Ines Ortega"), JANUARY, watch=Watch(False))
    author = signed_in(Role.AUTHOR, "Tom Rydal")
    answer = _send(author, "/year/plan/new/", **NEW)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has asked for a change already." in page
    assert NEW["about"] in page
    assert "spring-2027-2" not in _plan()


def test_the_board_asks_few_questions_and_is_small() -> None:
    from django.db import connections

    author = signed_in(Role.AUTHOR, "Tom Rydal")
    for n, day in enumerate(("01-12", "01-19", "01-26", "02-02", "02-23", "03-09")):
        topic = ("summer", "criminal-exploitation", "nude-images-and-ai", "harmful-groups-online",
                 "groups-that-make-children-hurt", "online-grooming-and-blackmail")[n]  # fmt: skip
        new = NEW | {"week": f"2027-{day}", "topic": topic, "about": f"{topic} {n}"}
        assert _send(author, "/year/plan/new/", **new).status_code == 302
    _page(author, "/year/plan/")
    for where in ("/year/plan/", "/year/plan/spring-2027/", "/year/"):
        found: list[str] = []

        def note(execute: Any, sql: str, *rest: Any, found: list[str] = found) -> Any:
            found.append(sql)
            return execute(sql, *rest)

        with connections["default"].execute_wrapper(note):
            page = _page(author, where)
        assert len([sql for sql in found if "simulatedclock" not in sql]) <= MOST_QUERIES, where
        assert len(page.encode()) < 60_000
