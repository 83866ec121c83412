"""Databases that a demonstration or a test made: where they are, who made them, and how they are removed.

Each such home has a mark, written before its database is made. A home without the mark may hold a real database. It is
never listed for removal, and nothing here changes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.folders import (
    LOCK,
    MADE_FOR,
    ROOT_HOME,
    THROWAWAY,
    Folders,
    base_of,
    default_home,
    make_home,
    short_digest,
)
from everyfamily_postgres.os_user import NoServerUser, server_user
from everyfamily_postgres.postmaster import running_postmaster

DEMOS = "demos"
"""Folder for the demonstrations' homes, one for each checkout, in the usual place."""

type Maker = Literal["demo", "tests"]
_MAKERS: tuple[Maker, ...] = ("demo", "tests")


class HomeHoldsDatabase(EveryfamilyError):
    """A home without a mark already holds a database, which may be a real one."""

    code = "EF910"


@dataclass(frozen=True, slots=True)
class Throwaway:
    """A marked place: a home, or the folder under /var/lib/everyfamily/places with a home's database."""

    place: Path
    made_by: Maker
    made_for: Path
    """The checkout that made it."""
    running: bool
    bytes: int
    """What its files take on disk."""

    @property
    def is_orphan(self) -> bool:
        """Whether its checkout is gone, so that nothing will use it again."""
        return not self.made_for.exists()


def checkout() -> Path:
    """The folder of the running code. Two checkouts, or two installations, have two."""
    return Path(__file__).resolve().parents[1] / "everyfamily"


def demo_home(environment: Mapping[str, str]) -> Path:
    """The demonstration's home: `demo` in EVERYFAMILY_HOME, or otherwise a place only for this checkout."""
    usual = default_home(environment)
    if environment.get("EVERYFAMILY_HOME", "").strip():
        return usual / "demo"
    return usual / DEMOS / short_digest(checkout())


def mark(home: Path, made_by: Maker) -> None:
    """Mark a home before its database is made. If it is already marked, it stays as it is.

    Raises `HomeHoldsDatabase`, and `HomeNotReachable` if the home cannot be made.
    """
    home = make_home(home)
    if read_mark(home) is not None:
        return
    if holds_database(home):
        raise HomeHoldsDatabase(
            f"The folder {home} has a database that no demonstration made.",
            "Set EVERYFAMILY_HOME to another folder. Nothing was changed.",
        )
    adopt(home, made_by)


def adopt(home: Path, made_by: Maker) -> None:
    """Mark a home whose database is known to be a demonstration's, because the caller has looked into it."""
    for place in {home.resolve(), base_of(home.resolve())}:
        text = json.dumps({"made_by": made_by, "made_for": str(checkout())})
        (place / THROWAWAY).write_text(text + "\n", encoding="utf-8")


def holds_database(home: Path) -> bool:
    """Whether a database was made for this home, wherever it is."""
    return (base_of(home.expanduser().resolve()) / "data" / "PG_VERSION").exists()


def read_mark(place: Path) -> tuple[Maker, Path] | None:
    """Who made this place, and for which checkout. None without a mark, or if the mark is not ours.

    Anybody can leave anything in a temporary folder, so only what belongs to the caller counts.
    """
    file = place / THROWAWAY
    try:
        found = file.lstat()
        if place.is_symlink() or file.is_symlink() or {found.st_uid, place.lstat().st_uid} != {os.geteuid()}:
            return None
        kept = json.loads(file.read_text(encoding="utf-8"))
        made_by, made_for = kept["made_by"], Path(kept["made_for"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (made_by, made_for) if made_by in _MAKERS else None


def throwaways(environment: Mapping[str, str]) -> list[Throwaway]:
    """Every marked place of this user on this machine: next to the usual home, root's places, the temporary folder."""
    return [
        _described(place, *found, environment) for place in _places(environment) if (found := read_mark(place))
    ]


def remove(one: Throwaway) -> None:
    """Delete a place that has the mark and no running server. Otherwise raises `HomeHoldsDatabase`."""
    if read_mark(one.place) is None or one.running:
        raise HomeHoldsDatabase(
            f"The folder {one.place} is in use, or was not made by a demonstration or a test.",
            "Nothing was removed. Stop its server first, if it is one of yours.",
        )
    shutil.rmtree(one.place)


def remove_orphans(environment: Mapping[str, str]) -> None:
    """Delete demonstrations of checkouts that are gone, so that there are never more of them than checkouts."""
    for place in _places(environment):
        found = read_mark(place)
        # Most places are somebody's, and to describe one is to look at each of its files.
        if found is not None and found[0] == "demo" and not found[1].exists():
            one = _described(place, *found, environment)
            if not one.running:
                remove(one)


def _places(environment: Mapping[str, str]) -> Iterator[Path]:
    usual = default_home(environment)
    temporary = Path(environment.get("TMPDIR") or tempfile.gettempdir())
    folders = [usual, usual / DEMOS, temporary]
    if os.geteuid() == 0:
        folders.append(ROOT_HOME / "places")
    seen: set[Path] = set()
    for folder in folders:
        with contextlib.suppress(OSError):
            for place in sorted(folder.iterdir()):
                # A test's home may contain another one, for example the demonstration's.
                for deeper in (place, place / "db", place / "demo", place / "ef" / "demo"):
                    if deeper not in seen:
                        seen.add(deeper)
                        yield deeper


def _described(place: Path, made_by: Maker, made_for: Path, environment: Mapping[str, str]) -> Throwaway:
    return Throwaway(place, made_by, made_for, _is_running(place, environment), _bytes_in(place))


def _is_running(place: Path, environment: Mapping[str, str]) -> bool:
    """Whether a server works on it, or somebody is starting one. Changes nothing."""
    if _is_locked(place):
        return True
    if not holds_database(place):
        return False
    base = base_of(place)
    try:
        return running_postmaster(Folders(place, base, server_user(base / "data", environment))) is not None
    except NoServerUser:
        return False


def _is_locked(place: Path) -> bool:
    with contextlib.suppress(OSError):
        home = (
            Path((place / MADE_FOR).read_text(encoding="utf-8").strip()) if (place / MADE_FOR).exists() else place
        )
        with (home / LOCK).open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False


def _bytes_in(folder: Path) -> int:
    """What the files take on disk. A file that disappears meanwhile counts as nothing."""
    total = 0
    for here, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(here, name).lstat().st_blocks * 512
    return total
