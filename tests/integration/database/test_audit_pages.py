"""The audit trail in a browser: sentences, filters, pages, the table, and never a school's events."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.city import City, adult
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def _event(action: str = "set pace", by: str = "Ines Ortega", at: datetime = NOON, **more: Any) -> None:
    from everyfamily.audit.actions import record_event

    values = {"subject_type": "provider", "subject_id": "smtp", "detail": {"per_minute": 60}} | more
    record_event(action=action, by=Actor.typed(by), now=at, **values)


def _page(client: Any, query: str = "") -> str:
    answer = client.get(f"/audit/{query}", secure=True)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_an_event_is_a_sentence_with_who_and_when() -> None:
    _event()
    page = _page(signed_in(Role.VIEWER))
    assert "<b>Ines Ortega</b> set the pace of provider smtp to 60 a minute" in page
    assert "Monday 1 March 2027" in page
    assert '<span class="at">midday</span>' in page
    assert '<span class="how">by a command</span>' in page


def test_it_names_letters_mailings_and_people() -> None:
    ada = signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    _event("let in again", subject_type="account", subject_id=ada.account, detail={})  # type: ignore[attr-defined]
    assert "let Ada Clarke in again" in _page(ada)


def test_what_was_done_about_a_schools_people_is_on_no_page_of_the_partnership() -> None:
    from everyfamily.people.database.tenancy import tenant

    with tenant(1):
        _event("opt out", subject_type="parent", subject_id=17, school_id=1, detail={"channel": "text"})
    client = signed_in(Role.VIEWER)
    assert "adult 17" not in _page(client)
    assert "adult 17" not in _page(client, "?kind=rolls")
    table = client.post("/audit/table/", secure=True)
    assert b"adult 17" not in b"".join(table.streaming_content)  # type: ignore[attr-defined]


def test_filters_leave_what_was_asked_for() -> None:
    _event(by="Ines Ortega")
    _event(
        "seal letter", by="Ben Frost", at=NOON + timedelta(days=1), subject_type="letter", subject_id=9, detail={}
    )
    client = signed_in(Role.VIEWER)
    for query in ("?who=frost", "?kind=letters", "?since=2027-03-02", "?since=2027-03-02&until=2027-03-02"):
        page = _page(client, query)
        assert "<b>Ben Frost</b>" in page, query
        assert "<b>Ines Ortega</b>" not in page, query
    page = _page(client, "?until=2027-03-01")
    assert "<b>Ines Ortega</b>" in page and "<b>Ben Frost</b>" not in page
    assert "Nothing like that is in the audit trail." in _page(client, "?who=nobody")


def test_a_day_that_is_none_is_said_in_the_form() -> None:
    answer = signed_in(Role.VIEWER).get("/audit/?since=2027-02-30", secure=True)
    assert answer.status_code == 422
    assert 'href="#since"' in answer.content.decode()


def test_pages_follow_each_other_without_a_gap_or_a_repetition() -> None:
    for number in range(130):
        # Many in the same moment, as a job writes them.
        _event(at=NOON + timedelta(seconds=number // 40), detail={"per_minute": number})
    client = signed_in(Role.VIEWER)
    seen: list[int] = []
    query = "?who=ines"
    for _ in range(3):
        page = _page(client, query)
        seen += [int(part.split(" ")[0]) for part in page.split("smtp to ")[1:]]
        query = page.split('<a class="govuk-link" href="')[-1].split('"')[0].replace("&amp;", "&")
    assert seen == list(range(129, -1, -1))


@pytest.mark.parametrize("before", ["-1", "0", "x", "9" * 30, "²", "1 OR 1=1", ""])
def test_a_page_that_was_never_offered_begins_with_the_newest(before: str) -> None:
    _event()
    assert "<b>Ines Ortega</b>" in _page(signed_in(Role.VIEWER), f"?before={before}")


def test_a_schools_event_is_no_place_to_go_on_from() -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    _event()
    with tenant(1):
        _event(at=NOON - timedelta(days=1), school_id=1)
        of_a_school = AuditEvent.objects.get(school_id=1).pk
    assert "<b>Ines Ortega</b>" in _page(signed_in(Role.VIEWER), f"?before={of_a_school}")


def _table(client: Any, **filters: str) -> list[dict[str, str]]:
    answer = client.post("/audit/table/", filters, secure=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_table_has_the_same_events_and_no_formula() -> None:
    _event(by="=HYPERLINK(1)", detail={"per_minute": 60, "why": "a, b\n“c”"})
    _event(by="Ben Frost", at=NOON + timedelta(days=40))
    rows = _table(signed_in(Role.VIEWER), kind="running", until="2027-03-31")
    assert [(row["day"], row["time"], row["who"], row["how"]) for row in rows] == [
        ("2027-03-01", "12:00:00", "'=HYPERLINK(1)", "by a command")
    ]
    assert sorted(rows[0]["details"].split("; ")) == ["per minute: 60", "why: a, b\n“c”"]
    assert rows[0]["what"] == "set the pace of provider smtp to 60 a minute"


def test_a_long_table_comes_whole() -> None:
    from everyfamily.audit.models import AuditEvent

    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=NOON, actor="Ines Ortega", action="set pace", subject_type="provider", subject_id=str(number)
        )
        for number in range(2_500)
    )
    rows = _table(signed_in(Role.VIEWER), who="ines")
    assert sorted(int(row["number"]) for row in rows) == list(range(2_500))


def test_who_took_the_table_is_in_the_trail_and_a_link_takes_none() -> None:
    client = signed_in(Role.VIEWER, "Vera Moss")
    assert client.get("/audit/table/", secure=True).status_code == 405
    _table(client, since="2027-03-01", who="Ines Ortega")
    page = _page(client)
    assert "<b>Vera Moss</b> downloaded the audit trail" in page
    # The name that was looked for is a person's, and is not kept.
    assert "Ines Ortega" not in page
    from everyfamily.audit.queries.events import events

    last = events(None)[0]
    assert (last.actor_kind, last.detail) == (ActorKind.PERSON, {"since": "2027-03-01"})


def test_ten_times_the_events_take_the_same_few_reads() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.VIEWER)
    _event()
    _page(client, "?kind=running")
    counts = []
    for _ in range(2):
        for number in range(12 if not counts else 108):
            _event(detail={"per_minute": number})
        with CaptureQueriesContext(connection) as reads:
            _page(client, "?kind=running")
        counts.append(len(reads))
    assert counts[0] == counts[1] <= 15, [one["sql"][:90] for one in reads]


def _school(urn: int) -> int:
    from everyfamily.people.models import School

    return School.objects.create(urn=urn, name=f"School {urn}", kind="primary", phase="primary", sends="us").pk


def test_a_school_sees_what_was_done_about_its_people_and_nothing_of_another_school() -> None:
    from everyfamily.people.database.tenancy import tenant

    for urn, number in ((900001, 17), (900002, 23)):
        school = _school(urn)
        with tenant(school):
            values = {"subject_type": "parent", "subject_id": number, "detail": {"channel": "text"}}
            _event("opt out", school_id=school, **values)
    _event()
    lead = signed_in(Role.LEAD, "Lea Marsh", school_id=_id_of(900001))
    page = lead.get("/schools/900001/audit/", secure=True).content.decode()
    assert "adult 17" in page
    assert "adult 23" not in page and "pace" not in page
    assert lead.get("/schools/900002/audit/", secure=True).status_code == 404
    assert lead.post("/schools/900002/audit/table/", secure=True).status_code == 404
    rows = list(
        csv.DictReader(
            StringIO(
                b"".join(
                    lead.post("/schools/900001/audit/table/", secure=True).streaming_content  # type: ignore[attr-defined]
                ).decode("utf-8-sig"),
                newline="",
            )
        )
    )
    assert sorted(row["what"] for row in rows) == [
        "downloaded the audit trail",
        "recorded that adult 17 wants nothing by text",
    ]


def test_a_school_is_offered_only_what_its_trail_may_have() -> None:
    import re

    from everyfamily.core.audit_words import AT_A_SCHOOL

    school = _school(900001)
    page = signed_in(Role.LEAD, school_id=school).get("/schools/900001/audit/", secure=True).content.decode()
    assert set(re.findall(r'<option value="([^"]+)"', page)) == {str(kind) for kind in AT_A_SCHOOL}


def test_a_schools_table_is_read_although_the_process_opens_nothing_by_itself() -> None:
    from everyfamily.people.database import access
    from everyfamily.people.database.tenancy import tenant

    school = _school(900001)
    with tenant(school):
        _event("opt out", school_id=school, subject_type="parent", subject_id=17, detail={})
    lead = signed_in(Role.LEAD, school_id=school)
    before = list(access._unless_opened)
    access.nothing_unless_opened()
    try:
        answer = lead.post("/schools/900001/audit/table/", secure=True)
        assert b"adult 17" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    finally:
        access._unless_opened[:] = before


def _id_of(urn: int) -> int:
    from everyfamily.people.queries import school_by_urn

    return school_by_urn(urn).id


def test_the_newest_page_is_read_by_the_index_and_not_by_sorting_the_trail() -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from everyfamily.audit.models import AuditEvent
    from everyfamily.audit.queries.events import events

    AuditEvent.objects.bulk_create(
        AuditEvent(at=NOON + timedelta(seconds=number), actor="Ines Ortega", action="set pace", subject_type="x")
        for number in range(3_000)
    )
    with CaptureQueriesContext(connection) as reads:
        events(None, limit=51)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {reads[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "audit_page" in plan and "Sort" not in plan, plan


def test_a_broken_chain_is_said_on_the_page_before_anything_else() -> None:
    from everyfamily.work.models import Verification

    broken = {"broken": ["The chain breaks."], "failed_code": "EF000", "failed_fact": "1 chain does not hold."}
    Verification.objects.create(state="failed", asked_by="Vera Moss", asked_at=NOON, ended_at=NOON, **broken)
    page = _page(signed_in(Role.VIEWER))
    assert "The trail does not hold." in page and 'href="/audit/verify/"' in page


def test_a_school_reads_its_own_id_of_a_child_and_nobody_reads_our_number(city: City) -> None:
    from everyfamily.core.actors import Actor
    from everyfamily.people.actions.keeping.key_destruction import destroy_school_key
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id, record_death

    school = city.school(900001, [adult("S-20417", "Ana Ferris"), adult("S-20418", "Bo Ferris")])
    city.import_rows(900001, [adult("S-20417", "Ana Ferris", RESTRICTION="hold"), adult("S-20418", "Bo Ferris")])
    died = pupil_by_own_id(school, "S-20418", now=NOON)
    record_death(school, pupil=died, by=Actor.typed("Una Marsh"), now=NOON)
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=school)
    page = lead.get("/schools/900001/audit/", secure=True).content.decode()
    assert "changed who may have the letter about child S-20417" in page
    assert "recorded that a child has died" in page, "nothing of a child who died is kept"
    assert page.count("<dt>our number for the child</dt>") == 1
    table = b"".join(lead.post("/schools/900001/audit/table/", secure=True).streaming_content).decode()  # type: ignore[attr-defined]
    assert "about a child" in table and "S-20417" not in table, "a file is handed on"
    office = signed_in(Role.OFFICE, "Olly Office", school_id=school)
    assert office.get("/schools/900001/audit/", secure=True).status_code in (200, 403)
    una, ada = Actor.typed("Una Marsh"), Actor.typed("Ada Clarke")
    destroy_school_key(school, by=una, agreed_by=ada, now=NOON)
    page = lead.get("/schools/900001/audit/", secure=True).content.decode()
    assert "changed who may have the letter about a child" in page
