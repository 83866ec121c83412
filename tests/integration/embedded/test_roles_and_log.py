"""Who may log in, with what rights, and what the log never says."""

from __future__ import annotations

import stat

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.mark.parametrize("role", [*Role, "postgres"])
def test_no_role_gets_in_without_its_password(server: Server, role: str) -> None:
    without = make_conninfo(host=str(server.socket_dir), dbname=server.database, user=role)
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(without, passfile="/dev/null")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(without, password="not-the-password")


@pytest.mark.parametrize("role", list(Role))
def test_no_role_may_pass_over_row_level_security(server: Server, role: Role) -> None:
    query = """SELECT rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolcreatedb
               FROM pg_roles WHERE rolname = current_user"""
    with psycopg.connect(server.url(role)) as connection:
        assert connection.execute(query).fetchone() == (False, False, False, False, role is Role.OWNER)


@pytest.mark.parametrize("role", [Role.APP, Role.PLANNER])
def test_only_the_owner_makes_tables(server: Server, role: Role) -> None:
    with (
        psycopg.connect(server.dsn(role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (number integer)")


@pytest.mark.parametrize("role", [Role.APP, Role.PLANNER])
def test_no_role_may_become_the_owner(server: Server, role: Role) -> None:
    with (
        psycopg.connect(server.dsn(role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"SET ROLE {Role.OWNER}")


def test_passwords_are_kept_as_scram_verifiers(server: Server) -> None:
    query = "SELECT current_setting('password_encryption'), current_setting('listen_addresses')"
    with psycopg.connect(server.dsn(Role.APP)) as connection:
        assert connection.execute(query).fetchone() == ("scram-sha-256", "")
    assert stat.S_IMODE(server.folders.passwords.stat().st_mode) == 0o600


def test_passwords_do_not_show_when_a_server_is_printed(server: Server) -> None:
    assert not any(password in repr(server) for password in server.roles.values())


def test_the_database_holds_every_script(server: Server) -> None:
    query = """SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale,
                      upper('é' COLLATE pg_c_utf8) FROM pg_database WHERE datname = current_database()"""
    with psycopg.connect(server.dsn(Role.APP)) as connection:
        assert connection.execute(query).fetchone() == ("UTF8", "b", "C.UTF-8", "É")


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("SELECT 'SECRET-VALUE'::uuid", psycopg.errors.InvalidTextRepresentation),
        ("INSERT INTO pair VALUES ('SECRET-VALUE'), ('SECRET-VALUE')", psycopg.errors.UniqueViolation),
        ("SELECT 'SECRET-VALUE' FROM no_such_table", psycopg.errors.UndefinedTable),
        (
            "DO $$ BEGIN RAISE EXCEPTION 'SECRET-VALUE' USING DETAIL = 'SECRET-VALUE'; END $$",
            psycopg.errors.RaiseException,
        ),
        ("DO $$ BEGIN RAISE WARNING 'SECRET-VALUE'; END $$", None),
    ],
)
def test_the_log_says_no_value_of_a_failed_statement(
    server: Server, statement: str, error: type[psycopg.Error] | None
) -> None:
    with psycopg.connect(server.dsn(Role.OWNER), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS pair (value text UNIQUE)")
        if error is None:
            connection.execute(statement)
        else:
            with pytest.raises(error):
                connection.execute(statement)
    log = "".join(path.read_text() for path in server.folders.log.iterdir())
    assert "ready to accept connections" in log
    assert "SECRET-VALUE" not in log
