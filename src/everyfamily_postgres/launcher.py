"""Start, reuse and stop the embedded PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.binaries import major_version, programs_folder
from everyfamily_postgres.configuration import write_configuration
from everyfamily_postgres.folders import (
    SOCKET_NAME,
    Folders,
    base_of,
    default_home,
    locked,
    make_closed,
    make_home,
    prepare,
)
from everyfamily_postgres.postmaster import clear_stale_locks, running_postmaster
from everyfamily_postgres.roles import DATABASE, SUPERUSER, Role, load_passwords, set_up
from everyfamily_postgres.time_limits import set_time_limits

PORT = int(SOCKET_NAME.rsplit(".", 1)[1])

RETRY_SECONDS = 5.0
# Long enough for a big database to recover after a crash.
START_SECONDS = 300
STOP_SECONDS = 120
READY_SECONDS = 30.0


class ServerDidNotStart(EveryfamilyError):
    """PostgreSQL could not be started. Its log says why."""

    code = "EF907"


class ServerDidNotStop(EveryfamilyError):
    """PostgreSQL did not stop in time."""

    code = "EF908"


class OtherMajorVersion(EveryfamilyError):
    """The data was made by another major version of PostgreSQL."""

    code = "EF909"


@dataclass(frozen=True, slots=True)
class Server:
    """A running embedded PostgreSQL, and how each role connects to it."""

    home: Path
    socket_dir: Path
    database: str
    roles: Mapping[Role, str] = field(repr=False)
    """Each role's password."""
    folders: Folders = field(repr=False)

    def dsn(self, role: Role, database: str | None = None) -> str:
        """Connection string for psycopg and libpq, password included: not for a log."""
        return make_conninfo(
            host=str(self.socket_dir),
            port=PORT,
            dbname=database or self.database,
            user=str(role),
            password=self.roles[role],
        )

    def url(self, role: Role, database: str | None = None) -> str:
        """The same as a URL, as in `DATABASE_URL`, password included: not for a log."""
        host = quote(str(self.socket_dir), safe="")
        password = quote(self.roles[role], safe="")
        return f"postgresql://{role}:{password}@/{database or self.database}?host={host}&port={PORT}"

    @property
    def is_running(self) -> bool:
        """Whether the server is running now. Somebody else may have stopped it."""
        return running_postmaster(self.folders) is not None

    def stop(self) -> None:
        """Stop the server cleanly. Connections are cut, and their open transactions are rolled back.

        Does nothing if it is not running. Raises `ServerDidNotStop`.
        """
        with locked(self.home):
            _stop(self.folders)


def start(home: Path | None = None, *, settings: Mapping[str, str] | None = None) -> Server:
    """Find the running server of `home`, or start it, making the database first if there is none.

    `home` defaults to EVERYFAMILY_HOME and then to the usual place (see `folders`). `settings` are PostgreSQL's own and
    overrule ours. A server that is already running keeps its settings. Processes that start at the same time wait for
    each other. Raises an `EveryfamilyError` with the reason if it cannot run.
    """
    home = make_home(home or default_home(os.environ))
    with locked(home):
        folders = prepare(home, os.environ)
        exists = (folders.data / "PG_VERSION").exists()
        passwords = load_passwords(folders.passwords, database_exists=exists)
        if exists:
            _check_version(folders)
        else:
            _make_data(folders, passwords[SUPERUSER])
        _ensure_running(folders, settings or {})
        with _superuser(folders, passwords[SUPERUSER]) as connection:
            set_up(connection, passwords)
            set_time_limits(connection)
    return _server(folders, passwords)


def find(home: Path | None = None) -> Server | None:
    """The server of `home` if it is running, or None. Starts nothing."""
    home = (home or default_home(os.environ)).expanduser().resolve()
    if not (base_of(home) / "data").is_dir():
        return None
    folders = prepare(home, os.environ)
    if running_postmaster(folders) is None:
        return None
    return _server(folders, load_passwords(folders.passwords, database_exists=True))


def _server(folders: Folders, passwords: Mapping[str, str]) -> Server:
    roles = {role: passwords[role] for role in Role}
    return Server(folders.home, _socket_dir(folders), DATABASE, roles, folders)


def _check_version(folders: Folders) -> None:
    found = (folders.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != str(major_version()):
        raise OtherMajorVersion(
            f"The data in {folders.data} were made by PostgreSQL {found}, and this is {major_version()}.",
            "Dump them with the everyfamily that made them (pg_dump), and load the dump into a new home.",
        )


def _make_data(folders: Folders, password: str) -> None:
    """Make the complete data folder and then move it into place, so that a crash in between leaves nothing behind."""
    if folders.unfinished_data.exists():
        shutil.rmtree(folders.unfinished_data)
    make_closed(folders.unfinished_data, folders.account)
    password_file = folders.base / "initdb-password"
    password_file.unlink(missing_ok=True)
    try:
        password_file.touch(mode=0o600, exist_ok=False)
        password_file.write_text(password, encoding="utf-8")
        os.chown(password_file, folders.account.uid, folders.account.gid)
        command = [
            *(str(programs_folder(folders) / "initdb"), "-D", str(folders.unfinished_data)),
            *("--username", SUPERUSER, "--pwfile", str(password_file), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C"),
            # Sorting and letter case come from PostgreSQL itself, so that a change of the machine's C library cannot
            # put an index out of order.
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            "--no-instructions",
        ]
        done = folders.account.run(command, timeout=START_SECONDS)
    finally:
        password_file.unlink(missing_ok=True)
    if done.returncode != 0:
        raise ServerDidNotStart(
            f"PostgreSQL could not make its data folder in {folders.base}: {_last_line(done.stdout)}.",
            "Check that the disk has room and the folder can be written to, and start again.",
        )
    folders.unfinished_data.rename(folders.data)


def _ensure_running(folders: Folders, settings: Mapping[str, str]) -> None:
    running = running_postmaster(folders)
    if running is not None and running.has_socket:
        return
    if running is not None:
        _stop(folders)  # somebody took its socket away: it is running, but nobody can reach it
    clear_stale_locks(folders)
    write_configuration(folders, settings)
    log = folders.log / "start.log"
    command = [
        *(str(programs_folder(folders) / "pg_ctl"), "start", "-D", str(folders.data), "-s"),
        *("-w", "-t", str(START_SECONDS), "-l", str(log)),
        *("-o", f"-c {shlex.quote(f'config_file={folders.configuration}')}"),
    ]
    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        done = folders.account.run(command, timeout=START_SECONDS + 30)
        if done.returncode == 0:
            return
        # PostgreSQL still counts a killed server that nobody has reaped yet as alive.
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)
        clear_stale_locks(folders)
    raise ServerDidNotStart(
        f"PostgreSQL did not start: {_last_line(done.stdout)}.",
        f"Its own messages are in {log}. Solve the problem that they name, and start again.",
    )


def _stop(folders: Folders) -> None:
    if running_postmaster(folders) is None:
        return
    command = [
        *(str(programs_folder(folders) / "pg_ctl"), "stop", "-D", str(folders.data), "-s"),
        *("-w", "-t", str(STOP_SECONDS), "-m", "fast"),
    ]
    with contextlib.suppress(subprocess.TimeoutExpired):
        folders.account.run(command, timeout=STOP_SECONDS + 30)
    if running_postmaster(folders) is not None:
        raise ServerDidNotStop(
            f"PostgreSQL was asked to stop and is still at work after {STOP_SECONDS} seconds.",
            "Wait and stop it again. Its data are safe.",
        )


@contextlib.contextmanager
def _superuser(folders: Folders, password: str) -> Iterator[psycopg.Connection]:
    """The superuser's connection, as soon as the server accepts one."""
    conninfo = make_conninfo(
        host=str(_socket_dir(folders)),
        port=PORT,
        dbname="postgres",
        user=SUPERUSER,
        password=password,
        connect_timeout=10,
    )
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            connection = psycopg.connect(conninfo, autocommit=True)
            break
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or "password" in str(error):
                raise ServerDidNotStart(
                    f"PostgreSQL runs but takes no connection: {_last_line(str(error))}.",
                    f"Look at its log in {folders.log}.",
                ) from error
            time.sleep(0.1)
    with connection:
        yield connection


def _socket_dir(folders: Folders) -> Path:
    running = running_postmaster(folders)
    return running.socket_dir if running and running.socket_dir else folders.run


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it said nothing"
