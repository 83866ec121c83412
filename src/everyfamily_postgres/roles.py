"""The database's roles: who owns the tables, who works with them, and who plans without reading values.

None is a superuser and none may bypass row-level security, so if a filter is forgotten, nothing is shown. The
migrations give rights to tables. Here are only the roles, their passwords and the database.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg import sql

from everyfamily.core.errors import EveryfamilyError

DATABASE = "everyfamily"
SUPERUSER = "postgres"
# The number changes with the set-up below, so that an older database gets what is new in it.
MARK = "everyfamily set-up 1"


class Role(StrEnum):
    """A login role of the database."""

    OWNER = "everyfamily_owner"
    """Owns the tables and runs the migrations; may create databases, for the tests."""
    APP = "everyfamily_app"
    """The program at work. It reads a school's rows only while that school is set."""
    PLANNER = "everyfamily_planner"
    """Plans a mailing across schools: ids, hashes, states and flags, never an encrypted value."""


class PasswordsMissing(EveryfamilyError):
    """The database is there, but the file with its roles' passwords is missing or damaged."""

    code = "EF906"


def load_passwords(path: Path, *, database_exists: bool) -> Mapping[str, str]:
    """Passwords by role name, including the superuser's. They are made and kept (0600) if there is no database yet.

    Raises `PasswordsMissing`.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in (SUPERUSER, *Role)}
    except FileNotFoundError:
        if not database_exists:
            return _new_passwords(path)
    except (ValueError, KeyError, TypeError):
        pass
    raise PasswordsMissing(
        f"The database is there, but its passwords in {path} are missing or damaged.",
        "Put that file back from a backup made together with the data.",
    )


def set_up(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Make the roles and the database, if that has not been done yet. `connection` is the superuser's, autocommit.

    It may be interrupted anywhere: the mark comes last, and every step can be repeated.
    """
    if _mark(connection) == MARK and not _is_open_to_all(connection):
        return
    for role in Role:
        _make_role(connection, role, passwords[role])
    connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(Role.OWNER)))
    _make_database(connection)
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    connection.execute(comment.format(sql.Identifier(DATABASE), sql.Literal(MARK)))


def _mark(connection: psycopg.Connection) -> str | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    row = connection.execute(query, [DATABASE]).fetchone()
    return row[0] if row else None


def _is_open_to_all(connection: psycopg.Connection) -> bool:
    """A restore leaves a database like this: made again, with the mark."""
    row = connection.execute("SELECT has_database_privilege('public', %s, 'CONNECT')", [DATABASE]).fetchone()
    return bool(row and row[0])


def _make_role(connection: psycopg.Connection, role: Role, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    # The verifier is made here, so that the password itself is never in a statement.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    statement = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}").format(
        verb, sql.Identifier(role), sql.Literal(verifier.decode())
    )
    connection.execute(statement)


def _make_database(connection: psycopg.Connection) -> None:
    database = sql.Identifier(DATABASE)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        create = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(create.format(database, sql.Identifier(Role.OWNER)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}")
    connection.execute(grant.format(database, sql.Identifier(Role.APP), sql.Identifier(Role.PLANNER)))
    # Imports stage their rows in temporary tables, because COPY into a table with row security is refused.
    temporary = sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}")
    connection.execute(temporary.format(database, sql.Identifier(Role.APP)))


def _new_passwords(path: Path) -> Mapping[str, str]:
    passwords = {name: secrets.token_urlsafe(32) for name in (SUPERUSER, *Role)}
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({str(name): password for name, password in passwords.items()}, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return {str(name): password for name, password in passwords.items()}
