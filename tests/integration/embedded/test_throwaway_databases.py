"""A demonstration has its own place, what is left over is listed and removed, and a real database is neither."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from everyfamily_postgres import throwaway
from everyfamily_postgres.folders import POINTER, ROOT_HOME, THROWAWAY
from everyfamily_postgres.launcher import Server, find
from everyfamily_postgres.roles import Role
from everyfamily_postgres.throwaway import HomeHoldsDatabase, demo_home, mark, remove, throwaways
from tests.factories.homes import new_home

pytestmark = [pytest.mark.database, pytest.mark.slow]

Start = Callable[[Path], Server]


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder that stands for the usual home; short, for the socket's path."""
    folder = new_home()
    folder.mkdir(mode=0o711)
    yield folder
    for home in (folder, *(inside for inside in folder.iterdir() if inside.is_dir())):
        if (running := find(home)) is not None:
            running.stop()
        if (home / POINTER).exists():
            shutil.rmtree((home / POINTER).read_text().strip(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def demo(*words: str, home: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    return subprocess.run(
        [sys.executable, "-m", "everyfamily.cli.main", "demo", *words],
        cwd=cwd,
        env=kept | {"HOME": str(cwd), "EVERYFAMILY_HOME": str(home), "TMPDIR": str(cwd)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def places_of(home: Path) -> set[Path]:
    return {one.place for one in throwaways({"EVERYFAMILY_HOME": str(home)})}


def test_a_real_database_is_never_marked_listed_or_removed(temporary: Path, start_small: Start) -> None:
    real, show = temporary / "real", temporary / "show"
    start_small(real).stop()
    mark(show, "demo")
    start_small(show).stop()
    with pytest.raises(HomeHoldsDatabase):
        mark(real, "demo")
    found = [one for one in throwaways({"EVERYFAMILY_HOME": str(temporary)}) if temporary in one.place.parents]
    assert [one.place for one in found] == [show]
    assert found[0].bytes > 10_000_000
    remove(found[0])
    assert (real / "data" / "PG_VERSION").exists()
    assert not show.exists()


def test_a_database_in_use_is_listed_and_stays(temporary: Path, start_small: Start) -> None:
    show = temporary / "show"
    mark(show, "tests")
    start_small(show)
    (one,) = [one for one in throwaways({"EVERYFAMILY_HOME": str(temporary)}) if one.place == show]
    assert one.running
    with pytest.raises(HomeHoldsDatabase):
        remove(one)
    assert show.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's databases are moved out of a closed home")
def test_the_mark_goes_with_a_database_that_lies_elsewhere(temporary: Path, start_small: Start) -> None:
    closed = temporary / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    mark(home, "tests")
    server = start_small(home)
    place = server.folders.base
    assert place.parent == ROOT_HOME / "places"
    assert next(one for one in throwaways(dict(os.environ)) if one.place == place).running
    server.stop()
    shutil.rmtree(closed)
    (left,) = [one for one in throwaways(dict(os.environ)) if one.place == place]
    remove(left)
    assert not place.exists()


def test_a_mark_that_somebody_else_left_in_the_temporary_folder_counts_for_nothing(temporary: Path) -> None:
    trap, precious = temporary / "trap", temporary / "precious"
    precious.mkdir()
    (precious / THROWAWAY).write_text(json.dumps({"made_by": "demo", "made_for": "/nowhere"}))
    trap.symlink_to(precious)
    assert trap not in places_of(temporary)
    if os.geteuid() == 0:
        os.chown(precious / THROWAWAY, 65534, 65534)
        assert precious not in places_of(temporary)


def test_the_demo_refuses_a_real_database_in_its_place_and_leaves_it_whole(
    temporary: Path, tmp_path: Path, start_small: Start
) -> None:
    """Before, a demonstration emptied anything in the folder `demo` of EVERYFAMILY_HOME."""
    server = start_small(temporary / "demo")
    with psycopg.connect(server.dsn(Role.OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE people_school (urn integer, demonstration boolean)")
        owner.execute("INSERT INTO people_school VALUES (100001, false)")
    server.stop()
    done = demo("--no-serve", home=temporary, cwd=tmp_path)
    assert (done.returncode, "EF951" in done.stderr, str(temporary / "demo") in done.stderr) == (2, True, True)
    with psycopg.connect(start_small(temporary / "demo").dsn(Role.OWNER)) as owner:
        assert owner.execute("SELECT urn FROM people_school").fetchone() == (100001,)


def test_two_demos_on_one_database_say_where_why_and_how(
    temporary: Path, tmp_path: Path, start_small: Start
) -> None:
    mark(temporary / "demo", "demo")
    server = start_small(temporary / "demo")
    with psycopg.connect(server.dsn(Role.OWNER), autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(hashtextextended('everyfamily demo', 0))")
        done = demo("--no-serve", home=temporary, cwd=tmp_path)
    assert (done.returncode, "EF954" in done.stderr) == (2, True)
    assert str(temporary / "demo") in done.stderr
    assert "EVERYFAMILY_HOME" in done.stderr
    server.stop()


def test_the_command_lists_and_removes(temporary: Path, tmp_path: Path, start_small: Start) -> None:
    mark(temporary / "demo", "demo")
    start_small(temporary / "demo").stop()
    listed = demo("--list", home=temporary, cwd=tmp_path)
    assert (listed.returncode, f"{temporary / 'demo'}  made by a demonstration; stopped" in listed.stdout) == (
        0,
        True,
    )
    removed = json.loads(demo("--remove", "--json", home=temporary, cwd=tmp_path).stdout)
    assert [one["removed"] for one in removed if one["place"] == str(temporary / "demo")] == [True]
    assert not (temporary / "demo").exists()


def test_a_real_command_does_not_put_families_into_a_demonstrations_database(
    temporary: Path, tmp_path: Path
) -> None:
    mark(temporary, "demo")
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    done = subprocess.run(
        [sys.executable, "-m", "everyfamily.cli.main", "schools"],
        env=kept | {"HOME": str(tmp_path), "EVERYFAMILY_HOME": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "EF911" in done.stderr) == (2, True)
    assert not (temporary / "data").exists()


def test_a_new_demo_clears_away_those_of_checkouts_that_are_gone(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, checkout in (("gone", temporary / "deleted"), ("kept", temporary)):
        monkeypatch.setattr(throwaway, "checkout", lambda named=checkout: named)
        mark(temporary / name, "demo")
    throwaway.remove_orphans({"EVERYFAMILY_HOME": str(temporary), "TMPDIR": str(temporary)})
    assert {place.name for place in temporary.iterdir()} == {"kept"}


def test_each_checkout_has_a_place_of_its_own_and_a_named_home_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"HOME": "/home/ada", "XDG_DATA_HOME": ""}
    places = []
    for checkout in ("/src/one", "/src/two"):
        monkeypatch.setattr(throwaway, "checkout", lambda named=checkout: Path(named))
        places.append(demo_home(environment))
    assert len(set(places)) == 2
    assert {place.parent.name for place in places} == {"demos"}
    assert demo_home({**environment, "EVERYFAMILY_HOME": "/srv/letters"}) == Path("/srv/letters/demo")
