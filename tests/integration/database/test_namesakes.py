"""Who may be the adult whom a person or a file closes is held too: at the same moment, and with a task for a person."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
ANA = adult("P3", "Ana Quill", EMAIL="ana@example.org")
JOE = adult("P1", "Joe Ferris", EMAIL="joe@example.org", RELATIONSHIP="father")
ELSEWHERE = adult("P2", "Joe Ferris", EMAIL="other@example.org", RELATIONSHIP="father")


def held(city: City) -> list[tuple[str, str]]:
    """(restriction, reason) of every link, oldest first."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        return list(Care.objects.order_by("id").values_list("restriction", "restriction_reason"))


def close(city: City, number: int) -> int:
    """Close the link at this place, oldest first; returns how many were held with it."""
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(city.schools[URN]):
        link = list(Care.objects.order_by("id").values_list("id", flat=True))[number]
    school = city.schools[URN]
    return review_restriction(
        school, link=link, decision="do not send", by=Actor.typed("Una Marsh"), now=NOW
    ).also_held


@contextmanager
def beside(*acts: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Threads for the acts; yields what starts them and waits until each is over or waits for a lock."""
    from django.db import connections

    problems: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]

    def start() -> None:
        for thread in threads:
            thread.start()
        while sum(thread.is_alive() for thread in threads) > waiting():
            time.sleep(0.01)

    yield start
    for thread in threads:
        thread.join(60)
    assert problems == []


def waiting() -> int:
    """Sessions that wait for a lock."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def test_nobody_slips_in_under_the_name_while_it_is_being_closed(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that brings a namesake was read before the decision, and is committed after it."""
    from everyfamily.people.actions.rolls import rolls

    city.school(URN, [JOE, ANA])
    settle = rolls.settle_tasks
    with beside(lambda: close(city, 0)) as start:

        def settle_while(*words: object, **more: object) -> object:
            start()
            return settle(*words, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(rolls, "settle_tasks", settle_while)
        city.import_rows(URN, [JOE, ANA, ELSEWHERE])
    assert held(city) == [("do not send", ""), ("none", ""), ("unknown", "doubt")]


def test_an_import_and_a_decision_do_not_wait_for_each_other(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both change both links: the file has written the first one when the decision begins with the second."""
    from everyfamily.people.database import bulk

    rows = [JOE, ELSEWHERE, ANA]
    city.school(URN, rows)
    in_pages = bulk._in_pages
    with beside(lambda: close(city, 1)) as start:

        def in_two(statement: object, rows: object) -> int:
            rows = list(rows)  # type: ignore[call-overload]
            text = statement.as_string(None)  # type: ignore[attr-defined]
            if len(rows) > 1 and text.startswith('UPDATE "people_care"'):
                written = in_pages(statement, rows[:1])  # type: ignore[arg-type]
                start()
                return written + in_pages(statement, rows[1:])  # type: ignore[arg-type]
            return in_pages(statement, rows)  # type: ignore[arg-type]

        monkeypatch.setattr(bulk, "_in_pages", in_two)
        city.import_rows(URN, [row | {"RELATIONSHIP": "mother"} for row in rows])
    assert held(city) == [("unknown", "doubt"), ("do not send", ""), ("none", "")]


def test_two_who_close_the_same_name_at_once_do_not_wait_for_each_other(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.people.actions.decided import restrictions

    city.school(URN, [JOE, ELSEWHERE])
    hold = restrictions.hold_namesakes
    with beside(lambda: close(city, 1)) as start:

        def hold_while(*words: object, **more: object) -> object:
            monkeypatch.setattr(restrictions, "hold_namesakes", hold)
            start()
            return hold(*words, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(restrictions, "hold_namesakes", hold_while)
        close(city, 0)
    assert [restriction for restriction, _ in held(city)] == ["do not send", "do not send"]


def test_each_family_that_is_held_so_is_somebodys_task(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    city.school(URN, [JOE, ELSEWHERE, ANA])
    assert close(city, 0) == 1
    with tenant(city.schools[URN]):
        [task] = RollTask.objects.filter(closed_at=None)
        assert (task.kind, task.parent_id, task.owner) == ("restriction", 2, "Designated safeguarding lead")
    assert close(city, 0) == 0
    with tenant(city.schools[URN]):
        assert RollTask.objects.count() == 1


def test_who_may_be_somebody_who_objects_waits_for_a_person_too(city: City) -> None:
    """Ana objects under one name and inbox, and is listed under another with her second child."""
    from everyfamily.people.actions.decided.objections import record_objection

    first = adult("P1", "Ana Ferris", EMAIL="ana@example.org")
    school = city.school(URN, [first, first | {"PUPIL_ID": "P2"}, JOE | {"PUPIL_ID": "P1"}])
    assert record_objection(school, adult=1, by=Actor.typed("office"), now=NOW)
    married = {"ADULT_NAME": "Ana Marsh"}
    city.import_rows(URN, [first | married | {"PUPIL_ID": "P2", "EMAIL": "ana.new@example.org"}])
    city.import_rows(URN, [first | married, JOE | {"PUPIL_ID": "P1"}])
    city.open()
    city.send()
    assert {line["to"] for line in city.outbox()} == {"joe@example.org"}
    assert ("unknown", "doubt") in held(city)


@pytest.mark.parametrize("how", ["a file", "the office"])
def test_an_objection_holds_the_same_name_at_another_address(city: City, how: str) -> None:
    from everyfamily.people.actions.decided.objections import record_objection

    said = {"OBJECTS": "yes"} if how == "a file" else {}
    school = city.school(URN, [JOE | said, ELSEWHERE, ANA])
    if how == "the office":
        record_objection(school, adult=1, by=Actor.typed("office"), now=NOW)
    assert held(city) == [("none", ""), ("unknown", "doubt"), ("none", "")], (
        "the objection itself is no restriction"
    )


@pytest.mark.parametrize("name", ["Joe Ferris", "J Ferris"])
def test_a_file_that_closes_somebody_holds_the_name_also_where_it_has_no_row_of_it(city: City, name: str) -> None:
    """The child at the other address is missing from the file, and stays on the roll until somebody says."""
    city.school(URN, [ELSEWHERE | {"ADULT_NAME": name}, ANA])
    city.open()
    city.import_rows(URN, [ANA, JOE | {"RESTRICTION": "do not send"}])
    assert held(city) == [("unknown", "doubt"), ("none", ""), ("do not send", "")]
    city.send()
    assert [line["to"] for line in city.outbox()] == ["ana@example.org"]


def test_a_former_name_and_a_former_home_are_not_forgotten(city: City) -> None:
    """Somebody who is kept away takes another name and moves; later somebody is listed with another child under the old
    one."""
    was = {"RESTRICTION": "do not send", "EMAIL": "joe@example.org", "ADDRESS_1": "5 Lantern Row"}
    joe = adult("P1", "Joe Ferris", POSTCODE="EM4 7QX", **was)
    city.school(URN, [joe, ANA])
    moon = joe | {"ADULT_NAME": "Joe Moon", "ADDRESS_1": "9 Mill Road"}
    city.import_rows(URN, [moon, ANA])
    city.import_rows(URN, [moon, ANA])
    at_home = ANA | {"ADDRESS_1": "5, LANTERN ROW", "POSTCODE": "EM4 7QX"}
    city.import_rows(URN, [moon, at_home, ELSEWHERE])
    assert held(city) == [("do not send", ""), ("none", ""), ("unknown", "doubt")]
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[URN]), connection.cursor() as cursor:
        cursor.execute("SELECT is_shared FROM people_way WHERE channel = 'post' ORDER BY id")
        # Joe's own two, and Ana's.
        assert cursor.fetchall() == [(True,), (True,), (True,)]


@pytest.mark.parametrize("then", ["under another name", "gone"])
def test_a_doubt_about_a_former_name_is_not_lost_in_the_file_that_raises_it(city: City, then: str) -> None:
    """Joe Ferris is now called Joe Moon, or is gone from the file, when a Joe Ferris is closed with another child."""
    city.school(URN, [JOE, ANA])
    newer = [] if then == "gone" else [JOE | {"ADULT_NAME": "Joe Moon"}]
    beside = adult("P1", "Bo Marsh", EMAIL="bo@example.org")
    file = [*newer, beside, ANA, ELSEWHERE | {"RESTRICTION": "do not send"}]
    for _ in range(2):
        city.import_rows(URN, file)
        assert held(city)[0] == ("unknown", "doubt")
        assert ("do not send", "") in held(city)
