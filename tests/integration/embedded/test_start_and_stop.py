"""A server is found again, comes back after a crash, and believes no foreign process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from everyfamily_postgres.launcher import OtherMajorVersion, Server, find
from everyfamily_postgres.roles import PasswordsMissing, Role
from tests.integration.embedded.crashes import kill_hard, pid_of

pytestmark = [pytest.mark.database, pytest.mark.slow]

Start = Callable[[Path], Server]


@pytest.fixture
def foreign_process() -> Iterator[int]:
    """A living process that is no database."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.kill()


def write_rows(server: Server, rows: int) -> None:
    """Write rows, each acknowledged on its own, the last left open in a transaction."""
    connection = psycopg.connect(server.dsn(Role.OWNER), autocommit=True)
    connection.execute("CREATE TABLE kept (number integer PRIMARY KEY)")
    for number in range(rows):
        connection.execute("INSERT INTO kept VALUES (%s)", [number])
    connection.execute("BEGIN")
    connection.execute("INSERT INTO kept VALUES (-1)")
    kill_hard(server)
    connection.close()


def kept_rows(server: Server) -> list[int]:
    with psycopg.connect(server.dsn(Role.OWNER)) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")]


def test_a_second_start_finds_the_first_server(used_home: Path, start_small: Start) -> None:
    first = start_small(used_home)
    second = start_small(used_home)
    assert (pid_of(second), second.dsn(Role.APP)) == (pid_of(first), first.dsn(Role.APP))


def test_two_starts_at_once_make_one_server(home: Path) -> None:
    command = [sys.executable, "-m", "everyfamily_postgres", "start"]
    environment = {**os.environ, "EVERYFAMILY_HOME": str(home)}

    def run_start(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(run_start, range(3)))
    assert [run.returncode for run in runs] == [0, 0, 0], [run.stderr for run in runs]
    assert len({run.stdout for run in runs}) == 1


def test_acknowledged_rows_survive_a_kill(used_home: Path, start_small: Start) -> None:
    server = start_small(used_home)
    write_rows(server, 200)
    assert not server.is_running
    again = start_small(used_home)
    assert kept_rows(again) == list(range(200))


def test_a_lock_file_that_names_a_foreign_process_does_not_block(
    used_home: Path, start_small: Start, foreign_process: int
) -> None:
    server = start_small(used_home)
    server.stop()
    folders = server.folders
    lines = f"{foreign_process}\n{folders.data}\n1790000000\n5432\n{folders.run}\n\n\nready\n"
    for stale in (folders.data / "postmaster.pid", folders.run / ".s.PGSQL.5432.lock"):
        stale.write_text(lines)
    assert not server.is_running
    assert find(used_home) is None
    again = start_small(used_home)
    assert again.is_running
    assert pid_of(again) != foreign_process


def test_a_server_whose_socket_was_taken_away_is_started_again(used_home: Path, start_small: Start) -> None:
    server = start_small(used_home)
    before = pid_of(server)
    (server.socket_dir / ".s.PGSQL.5432").unlink()
    again = start_small(used_home)
    assert pid_of(again) != before
    with psycopg.connect(again.dsn(Role.APP)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_stopping_is_clean_and_can_be_repeated(used_home: Path, start_small: Start) -> None:
    server = start_small(used_home)
    server.stop()
    server.stop()
    assert not server.is_running
    assert find(used_home) is None
    assert not (server.folders.data / "postmaster.pid").exists()


def test_an_unfinished_data_folder_is_made_again(used_home: Path, start_small: Start) -> None:
    server = start_small(used_home)
    server.stop()
    folders = server.folders
    folders.data.rename(folders.unfinished_data)
    assert start_small(used_home).is_running


def test_data_of_another_major_version_are_left_alone(used_home: Path, start_small: Start) -> None:
    server = start_small(used_home)
    server.stop()
    version = server.folders.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(OtherMajorVersion, match="PostgreSQL 17"):
            start_small(used_home)
        assert version.read_text() == "17\n"
    finally:
        version.write_text(before)


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_without_its_passwords_a_database_is_not_opened(used_home: Path, start_small: Start, damage: str) -> None:
    server = start_small(used_home)
    server.stop()
    passwords = server.folders.passwords
    before = passwords.read_text()
    # The same file, with its owner and its rights, is put back.
    aside = passwords.rename(passwords.with_name("aside"))
    if damage == "damaged":
        passwords.write_text(before[: len(before) // 2])
    try:
        with pytest.raises(PasswordsMissing, match="missing or damaged"):
            start_small(used_home)
    finally:
        aside.replace(passwords)


def test_the_command_line_starts_tells_and_stops(home: Path) -> None:
    def run(command: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "everyfamily_postgres", command],
            env={**os.environ, "EVERYFAMILY_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.splitlines()[0]

    assert run("status") == (3, "The database is not running.")
    assert not home.exists()
    assert run("start")[0] == 0
    assert run("status")[0] == 0
    assert run("stop") == (0, "The database has stopped.")
    assert run("stop") == (0, "The database was not running.")
