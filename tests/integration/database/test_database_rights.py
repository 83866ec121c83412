"""Only the database's own roles may connect to it, also after a dump was restored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from everyfamily_postgres.binaries import programs_folder
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]

_OPEN = (
    "SELECT has_database_privilege('public', %s, 'CONNECT'), has_database_privilege('public', %s, 'TEMPORARY')"
)


@pytest.fixture
def superuser(database: Server) -> Iterator[psycopg.Connection[Any]]:
    password = json.loads(database.folders.passwords.read_text())["postgres"]
    with psycopg.connect(database.dsn(Role.OWNER), user="postgres", password=password, autocommit=True) as one:
        yield one
        one.execute(f"ALTER DATABASE {database.database} OWNER TO {Role.OWNER}")
        one.execute(f"REVOKE ALL ON DATABASE {database.database} FROM PUBLIC")


def is_open(superuser: psycopg.Connection[Any], name: str) -> bool:
    row = superuser.execute(_OPEN, [name, name]).fetchone()
    assert row is not None
    return any(row)


def prepared(server: Server, database: str) -> subprocess.CompletedProcess[str]:
    """A command on your own PostgreSQL: only the three addresses."""
    addresses = {
        "DATABASE_URL": server.dsn(Role.APP, database),
        "EVERYFAMILY_OWNER_URL": server.dsn(Role.OWNER, database),
        "EVERYFAMILY_PLANNER_URL": server.dsn(Role.PLANNER, database),
    }
    command = [sys.executable, "-m", "everyfamily.cli.main", "schools"]
    return subprocess.run(command, env=os.environ | addresses, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("migrates", [True, False])
def test_a_start_closes_a_database_that_is_open_to_all(
    superuser: psycopg.Connection[Any], database: Server, monkeypatch: pytest.MonkeyPatch, migrates: bool
) -> None:
    from everyfamily.config import database_rights
    from everyfamily.config.start import prepare

    said: list[str] = []
    # Setting the log up again, as a start does, removes a test's own handlers.
    monkeypatch.setattr(database_rights, "refused", lambda event, **facts: said.append(event))
    superuser.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {database.database} TO PUBLIC")
    assert is_open(superuser, database.database)
    prepare(migrate=migrates)
    assert not is_open(superuser, database.database)
    assert said == ["database-was-open-to-all"]
    prepare(migrate=migrates)
    assert said == ["database-was-open-to-all"]


def test_the_pages_say_that_it_is_open_and_leave_it_to_the_next_command(
    superuser: psycopg.Connection[Any], database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.config import database_rights
    from everyfamily.config.start import prepare_pages

    said: list[str] = []
    monkeypatch.setattr(database_rights, "refused", lambda event, **facts: said.append(event))
    monkeypatch.delenv("EVERYFAMILY_OWNER_URL")
    prepare_pages()
    assert said == []
    superuser.execute(f"GRANT CONNECT ON DATABASE {database.database} TO PUBLIC")
    prepare_pages()
    assert said == ["database-open-to-all"]
    assert is_open(superuser, database.database)


def test_a_dump_that_was_put_back_is_closed_by_the_first_command(
    city: City, superuser: psycopg.Connection[Any], database: Server
) -> None:
    city.school(900001, [adult("P1", "Ana Testing", EMAIL="ana@example.org")])
    password = json.loads(database.folders.passwords.read_text())["postgres"]
    where = ["-h", str(database.socket_dir), "-U", "postgres"]
    with_password = os.environ | {"PGPASSWORD": password}
    dump = city.folder / "everyfamily.dump"
    subprocess.run(
        [str(programs_folder(database.folders) / "pg_dump"), *where, "-Fc", "-f", str(dump), database.database],
        env=with_password,
        check=True,
    )
    superuser.execute(f"CREATE DATABASE put_back OWNER {Role.OWNER}")
    try:
        subprocess.run(
            [str(programs_folder(database.folders) / "pg_restore"), *where, "-d", "put_back", str(dump)],
            env=with_password,
            check=True,
        )
        assert is_open(superuser, "put_back")
        said = prepared(database, "put_back")
        assert said.returncode == 0, said.stderr
        assert "900001" in said.stdout
        assert not is_open(superuser, "put_back")
        # What the tables' own grants refuse came back with them.
        with psycopg.connect(database.dsn(Role.APP, "put_back"), autocommit=True) as app:
            for refused in (
                "INSERT INTO audit_auditlink (event_id, chain, position, version, previous, digest) "
                "VALUES (999, 0, 999, 2, '', '')",
                "UPDATE audit_auditevent SET actor = 'x'",
                "DELETE FROM people_schoolkey",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(refused)
            app.execute("CREATE TEMPORARY TABLE mine (LIKE public.audit_auditevent)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(
                    "CREATE TRIGGER t AFTER INSERT ON mine EXECUTE FUNCTION public.audit_link_new_event()"
                )
        with (
            psycopg.connect(database.dsn(Role.PLANNER, "put_back"), autocommit=True) as planner,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            planner.execute("SELECT name FROM people_parent")
    finally:
        superuser.execute("DROP DATABASE put_back WITH (FORCE)")


def test_where_the_owner_may_not_it_says_so_and_goes_on(
    superuser: psycopg.Connection[Any], database: Server
) -> None:
    superuser.execute(f"ALTER DATABASE {database.database} OWNER TO postgres")
    superuser.execute(f"GRANT CONNECT ON DATABASE {database.database} TO PUBLIC")
    said = prepared(database, database.database)
    assert said.returncode == 0
    assert "EF422: Every role of this PostgreSQL server may connect" in said.stderr
    assert "event=database-open-to-all code=EF422" in said.stderr
    assert f"OWNER TO {Role.OWNER}" in said.stderr


def test_the_embedded_server_closes_it_too_although_its_mark_is_there(
    superuser: psycopg.Connection[Any], database: Server
) -> None:
    from everyfamily_postgres.launcher import start

    superuser.execute(f"GRANT CONNECT ON DATABASE {database.database} TO PUBLIC")
    start(database.home)
    assert not is_open(superuser, database.database)
