"""The audit trail: it cannot be emptied, and anyone who gets round that is noticed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, City, adult
from tests.factories.each import each
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE, TWO = 900001, 900002
LATER = ("--since", "2999-01-01")
"""The events of a test have its time, and not the database's."""


@kept_city
def sent(city: City) -> None:
    """Two schools of two families, and a mailing to them: events of each school, and of the partnership."""
    for urn in (ONE, TWO):
        rows = [adult(f"P{n}", f"Ana{n} Ferris{urn}", EMAIL=f"ana{n}@{urn}.example.org") for n in (1, 2)]
        city.school(urn, rows)
    city.open()
    city.send()


@pytest.fixture
def superuser(database: Server) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who gets round every grant and trigger."""
    password = json.loads((database.folders.home / "roles.json").read_text())["postgres"]
    with psycopg.connect(database.dsn(Role.OWNER), user="postgres", password=password, autocommit=True) as one:
        one.execute("SET session_replication_role = replica")
        yield one


def types(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["audit-check", *words])


def event_of(superuser: psycopg.Connection[Any], chain: int, position: int) -> int:
    row = superuser.execute(
        "SELECT event_id FROM audit_auditlink WHERE chain = %s AND position = %s", [chain, position]
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditlink"])
@pytest.mark.parametrize("role", [Role.OWNER, Role.APP])
def test_nobody_empties_the_audit_trail(sent: City, database: Server, table: str, role: Role) -> None:
    with psycopg.connect(database.dsn(role)) as one, pytest.raises(psycopg.Error) as refused:
        one.execute(f"TRUNCATE {table}")
    if role is Role.OWNER:
        assert isinstance(refused.value, psycopg.errors.RestrictViolation)
    with psycopg.connect(database.dsn(Role.OWNER)) as one, pytest.raises(psycopg.errors.RestrictViolation):
        one.execute("TRUNCATE audit_auditevent, audit_auditlink RESTART IDENTITY CASCADE")


def test_a_trail_that_nobody_touched_is_intact(sent: City, superuser: psycopg.Connection[Any]) -> None:
    said = types()
    assert said.exit_code == 0, said.output
    [(events, chains)] = superuser.execute(
        "SELECT count(*), count(DISTINCT coalesce(school_id, 0)) FROM audit_auditevent"
    )
    assert f"intact: {events} events in {chains} chains" in said.output
    assert chains == 3
    [(loose,)] = superuser.execute(
        "SELECT count(*) FROM audit_auditevent e WHERE id NOT IN (SELECT event_id FROM audit_auditlink)"
    )
    assert loose == 0


@pytest.mark.parametrize(
    ("tampering", "why"),
    [
        ("UPDATE audit_auditevent SET actor = 'somebody else' WHERE id = %(event)s", "the event was changed"),
        ("UPDATE audit_auditevent SET actor_kind = 'person' WHERE id = %(event)s", "the event was changed"),
        ("UPDATE audit_auditevent SET actor_account = 7 WHERE id = %(event)s", "the event was changed"),
        ("UPDATE audit_auditevent SET at = at + interval '1 microsecond' WHERE id = %(event)s", "was changed"),
        ("UPDATE audit_auditevent SET detail = detail || '{\"more\": 1}' WHERE id = %(event)s", "was changed"),
        ("DELETE FROM audit_auditevent WHERE id = %(event)s", "the event is gone"),
        ("UPDATE audit_auditevent SET school_id = %(other)s WHERE id = %(event)s", "the event is gone"),
        ("UPDATE audit_auditlink SET digest = sha256('x') WHERE event_id = %(event)s", "the event was changed"),
        (
            "UPDATE audit_auditlink SET linked_at = linked_at - interval '1 day' WHERE event_id = %(event)s",
            "changed",
        ),
        ("UPDATE audit_auditlink SET txid = txid + 1 WHERE event_id = %(event)s", "the event was changed"),
        ("DELETE FROM audit_auditlink WHERE event_id = %(event)s", "its link is missing"),
        (
            "UPDATE audit_auditlink SET event_id = 0 WHERE event_id = %(event)s;"
            "UPDATE audit_auditlink SET event_id = %(event)s WHERE event_id = %(next)s;"
            "UPDATE audit_auditlink SET event_id = %(next)s WHERE event_id = 0",
            "the event was changed",
        ),
        (
            "UPDATE audit_auditlink SET position = 0 WHERE event_id = %(event)s;"
            "UPDATE audit_auditlink SET position = 2 WHERE event_id = %(next)s;"
            "UPDATE audit_auditlink SET position = 3 WHERE event_id = %(event)s",
            "it does not follow the event before it",
        ),
    ],
)
def test_the_first_event_that_does_not_hold_is_named(
    sent: City, superuser: psycopg.Connection[Any], tampering: str, why: str
) -> None:
    chain, other = sent.schools[ONE], sent.schools[TWO]
    named = {"event": event_of(superuser, chain, 2), "next": event_of(superuser, chain, 3), "other": other}
    for statement in tampering.split(";"):
        superuser.execute(statement, named)
    said = types()
    assert said.exit_code == 1, said.output
    assert f"The chain of school {ONE} breaks at place 2" in said.output
    assert why in said.output
    assert f"The chain of school {TWO} breaks" not in said.output or "school_id" in tampering
    assert "The chain of the partnership" not in said.output


def test_an_event_that_was_slipped_in_is_named(sent: City, superuser: psycopg.Connection[Any]) -> None:
    [(event,)] = superuser.execute(
        "INSERT INTO audit_auditevent (at, actor, action, subject_type, subject_id, detail) "
        "VALUES (now(), 'nobody', 'approve', 'letter', '1', '{}') RETURNING id"
    )
    said = types()
    assert said.exit_code == 1
    assert f"(event {event}): it was never linked" in said.output


def test_a_cut_end_shows_beside_the_heads_that_were_noted(
    sent: City, superuser: psycopg.Connection[Any], tmp_path: Path
) -> None:
    heads = tmp_path / "heads.txt"
    assert types("--write-heads", str(heads)).exit_code == 0
    assert types("--expect", str(heads)).exit_code == 0
    chain = sent.schools[TWO]
    [(last,)] = superuser.execute("SELECT max(position) FROM audit_auditlink WHERE chain = %s", [chain])
    event = event_of(superuser, chain, last)
    superuser.execute("DELETE FROM audit_auditevent WHERE id = %s", [event])
    superuser.execute("DELETE FROM audit_auditlink WHERE event_id = %s", [event])
    assert types().exit_code == 0
    said = types("--expect", str(heads))
    assert said.exit_code == 1
    assert f"The chain of school {TWO} breaks at place {last}: the chain ends here" in said.output


@pytest.fixture
def real(database: Server) -> Iterator[None]:
    """As where real letters go out: by the system's clock."""
    from django.conf import settings

    settings.EVERYFAMILY_CLOCK = "system"
    yield
    settings.EVERYFAMILY_CLOCK = "database"


def test_a_cut_end_shows_though_nobody_kept_a_note(
    sent: City, superuser: psycopg.Connection[Any], real: None
) -> None:
    """Each check that finds the chains whole notes their heads outside the database; a restore sets the note aside."""
    from everyfamily.cli.operation.noted_heads import set_heads_aside

    note = sent.folder / "outbox" / "audit-heads"
    assert f"noted in {note}" in types(*LATER).output
    assert note.stat().st_mode & 0o777 == 0o600
    superuser.execute("DELETE FROM people_school WHERE id = %s", [sent.schools[TWO]])
    assert types(*LATER).exit_code == 0, "its events are there"
    for chain, shown in ((sent.schools[TWO], "a school that is gone"), (0, "the partnership")):
        [(last,)] = superuser.execute("SELECT max(position) FROM audit_auditlink WHERE chain = %s", [chain])
        event = event_of(superuser, chain, last)
        for table, column in (("audit_auditevent", "id"), ("audit_auditlink", "event_id")):
            superuser.execute(f"DELETE FROM {table} WHERE {column} = %s", [event])
        for _ in range(2):
            said = types(*LATER)
            assert said.exit_code == 1, "and the note is not written over"
            assert f"The chain of {shown}" in said.output
            assert f"breaks at place {last}: the chain ends here" in said.output
    set_heads_aside()
    assert types(*LATER).exit_code == 0
    assert note.with_name("audit-heads.before-restore").exists()


def test_heads_that_were_noted_hold_while_the_trail_grows(sent: City, tmp_path: Path) -> None:
    from everyfamily.people.actions.schools.schools import attest_school

    heads = tmp_path / "heads.txt"
    types("--write-heads", str(heads))
    attest_school(sent.schools[ONE], by=Actor.typed("lead"), now=NOW)
    said = types("--expect", str(heads))
    assert said.exit_code == 0, said.output
    assert heads.stat().st_mode & 0o777 == 0o600


def record(school_id: int | None, **more: Any) -> None:
    from everyfamily.audit.actions import record_event

    record_event(
        action="test",
        by=Actor.typed("test"),
        subject_type="test",
        subject_id="",
        now=NOW,
        school_id=school_id,
        **more,
    )


@contextmanager
def elsewhere() -> Iterator[None]:
    """Connections of this thread are its own, and closed at its end."""
    from django.db import connections

    try:
        yield
    finally:
        connections.close_all()


def test_no_school_waits_for_another_nor_for_an_event_of_its_own_that_is_not_committed(sent: City) -> None:
    from everyfamily.people.database.tenancy import tenant

    done: list[int] = []

    def write(urn: int) -> None:
        with elsewhere(), tenant(sent.schools[urn]):
            record(sent.schools[urn])
        done.append(urn)

    with tenant(sent.schools[ONE]):
        record(sent.schools[ONE])
        for urn in (TWO, ONE):
            thread = threading.Thread(target=write, args=(urn,))
            thread.start()
            thread.join(timeout=60)
        assert done == [TWO, ONE]
    assert types().exit_code == 0


def test_many_at_once_make_one_chain(sent: City) -> None:
    from everyfamily.people.database.tenancy import tenant

    school, failed = sent.schools[ONE], []

    def write() -> None:
        try:
            with elsewhere():
                for _ in range(20):
                    with tenant(school):
                        record(school)
                        record(school)
        except Exception as problem:
            failed.append(problem)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    said = types()
    assert said.exit_code == 0, said.output


def test_one_school_does_not_read_anothers_links(sent: City, database: Server) -> None:
    with psycopg.connect(database.dsn(Role.APP)) as app:
        app.execute("SELECT set_config('everyfamily.school', %s, true)", [str(sent.schools[ONE])])
        chains = {row[0] for row in app.execute("SELECT DISTINCT chain FROM audit_auditlink")}
    assert chains == {0, sent.schools[ONE]}
    with psycopg.connect(database.dsn(Role.OWNER)) as owner:
        assert owner.execute("SELECT count(*) FROM audit_auditlink").fetchone() == (0,)


ADD = (
    "INSERT INTO audit_auditevent (at, actor, action, subject_type, subject_id, detail) "
    "VALUES (now(), 'test', 'test', 'test', '', '{}')"
)


@each(
    "forging",
    [
        "INSERT INTO audit_auditlink (event_id, chain, position, version, previous, digest) "
        "VALUES (999, 0, 999, 2, '', '')",
        "COPY audit_auditlink FROM stdin",
        "INSERT INTO audit_auditevent (id, at, actor, action, subject_type, subject_id, detail) "
        "VALUES (999, now(), 'test', 'test', 'test', '', '{}')",
        "CREATE TEMPORARY TABLE mine (LIKE public.audit_auditevent);"
        "CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION public.audit_link_new_event()",
        "SET ROLE everyfamily_owner",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER audit_linked",
    ],
)
def test_the_application_can_neither_write_a_link_nor_number_an_event(
    sent: City, database: Server, forging: str
) -> None:
    """What it may do is add events; the database ties them."""
    with psycopg.connect(database.dsn(Role.APP)) as app:
        *before, last = forging.split(";")
        for statement in before:
            app.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(last)


def test_an_event_cannot_be_added_without_its_link_and_the_link_says_when_it_came_in(
    sent: City, database: Server, superuser: psycopg.Connection[Any]
) -> None:
    with psycopg.connect(database.dsn(Role.APP)) as app:
        app.execute("SET CONSTRAINTS ALL DEFERRED")
        app.execute("SET search_path = pg_temp, public")
        app.execute(ADD.replace("now()", "now() - interval '9 years'"))
    [(since,)] = superuser.execute(
        "SELECT now() - l.linked_at FROM audit_auditlink l JOIN audit_auditevent e ON e.id = l.event_id "
        "WHERE e.at < now() - interval '8 years' AND e.actor = 'test'"
    )
    assert since.total_seconds() < 600
    assert types().exit_code == 0


def test_a_table_of_the_same_name_does_not_take_the_links_in(sent: City, database: Server) -> None:
    with psycopg.connect(database.dsn(Role.APP)) as app:
        app.execute("CREATE TEMPORARY TABLE audit_auditlink (LIKE public.audit_auditlink)")
        app.execute(ADD)
    assert types().exit_code == 0


def test_the_events_of_an_older_database_are_linked_when_the_chains_begin(
    database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from everyfamily.audit.queries.chain import _LINKS
    from everyfamily.core.audit_chain import Link, follow

    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE DATABASE older")
    connections.databases["older"] = connections.databases["owner"] | {"NAME": "older"}
    try:
        MigrationExecutor(connections["older"]).migrate([("audit", "0001_initial")])
        password = json.loads((database.folders.home / "roles.json").read_text())["postgres"]
        dsn = database.dsn(Role.OWNER, "older")
        with psycopg.connect(dsn, user="postgres", password=password) as superuser:
            for school in (None, 7, 7, None):
                superuser.execute(
                    "INSERT INTO audit_auditevent (at, actor, action, subject_type, subject_id, school_id, detail) "
                    "VALUES (now(), 'test', 'test', 'test', '', %s, '{}')",
                    [school],
                )
        MigrationExecutor(connections["older"]).migrate([("audit", "0002_chain")])
        MigrationExecutor(connections["older"]).migrate([("audit", "0003_linked_by_the_database")])
        with connections["older"].cursor() as owner:
            # A later event follows one that was linked by an earlier version.
            owner.execute("ALTER TABLE audit_auditevent NO FORCE ROW LEVEL SECURITY")
            owner.execute(ADD)
        for later in ("0004_who_acts", "0005_access_changes"):
            MigrationExecutor(connections["older"]).migrate([("audit", later)])
            with connections["older"].cursor() as owner:
                owner.execute(ADD)
        with psycopg.connect(dsn, user="postgres", password=password) as superuser:
            rows = {chain: superuser.execute(_LINKS, [chain]).fetchall() for chain in (0, 7)}
            begun = superuser.execute(
                "SELECT detail FROM audit_auditevent WHERE action = 'begin audit chain'"
            ).fetchall()
        chains = {chain: follow(Link(*row) for row in rows[chain]) for chain in rows}
        assert {chain: (found.head.count, found.broken) for chain, found in chains.items()} == {
            0: (6, None),
            7: (2, None),
        }
        assert [row[2] for row in rows[0]] == [1, 1, 1, 2, 3, 4]
        assert begun == [({"older_events": 4, "last_older_event": 4},)]
    finally:
        connections["older"].close()
        del connections.databases["older"]
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP DATABASE older")


def test_an_event_moved_before_the_year_one_is_seen(city: City) -> None:
    """It would no longer be shown by `audit --since`, and its day and hour read the same."""
    from django.db import connections

    from everyfamily.reports.audit_chains import follow_every_chain

    city.school(900001)
    with connections["owner"].cursor() as owner:
        owner.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        owner.execute("ALTER TABLE audit_auditevent NO FORCE ROW LEVEL SECURITY")
        owner.execute(
            "UPDATE audit_auditevent SET at = (to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')"
            "::timestamptz"
        )
        owner.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
        owner.execute("ALTER TABLE audit_auditevent FORCE ROW LEVEL SECURITY")
    assert any(one.chain.broken for one in follow_every_chain({}))
