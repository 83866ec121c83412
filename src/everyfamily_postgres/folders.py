"""Where the embedded database keeps its files: one home that holds data, log, socket and programs.

As an ordinary user, everything belongs to that user and is closed to others (0700). As root, the home belongs to root
and others may pass through it but not list it (0711), while `data`, `log` and `run` belong to the server's account and
are closed to others. The rights of a folder that exists are never changed, and least of all those of its parents.

A home that the server's account cannot enter (root's own home, a closed parent) still works. The database is then in
its own folder under /var/lib/everyfamily/places, and the file `database-folder` in the home names that folder. So if a
home is deleted, it starts again from nothing, and its old data stay where they are.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.os_user import OsUser, server_user

ROOT_HOME = Path("/var/lib/everyfamily")
POINTER = "database-folder"
MADE_FOR = "made-for"
"""In a folder of /var/lib/everyfamily/places: the home whose database is there."""
LOCK = "lock"
THROWAWAY = "throwaway.json"
"""Marks a home that a demonstration or a test made (throwaway.py). It is removed with the database."""

# The kernel's limit is 107 bytes (103 on macOS) for folder and file name together.
SOCKET_PATH_BYTES = 103
SOCKET_NAME = ".s.PGSQL.5432"


class HomeNotReachable(EveryfamilyError):
    """The server's account cannot enter the folder where its data would be."""

    code = "EF902"


class FolderNotOurs(EveryfamilyError):
    """A folder that should be closed to others belongs to somebody else, or is open."""

    code = "EF903"


@dataclass(frozen=True, slots=True)
class Folders:
    """Every path of one embedded database. `home` is what was asked for, and `base` is where everything is."""

    home: Path
    base: Path
    account: OsUser

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def unfinished_data(self) -> Path:
        """Where a new data folder is built until it is complete."""
        return self.base / "data.unfinished"

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def programs(self) -> Path:
        return self.base / "pgsql"

    @property
    def passwords(self) -> Path:
        return self.base / "roles.json"

    @property
    def configuration(self) -> Path:
        return self.base / "server.conf"

    @property
    def access_rules(self) -> Path:
        return self.base / "access.conf"

    @property
    def run(self) -> Path:
        """The socket's folder. It is in the base, so that no clean-up of /tmp and no logout removes it."""
        inside = self.base / "run"
        if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
            return inside
        return Path(f"/tmp/everyfamily-{self.account.uid}-{short_digest(self.base)}")  # noqa: S108 (checked)

    @property
    def cluster_name(self) -> str:
        """In the title of each of the server's processes, so that they can be recognised."""
        return f"everyfamily-{short_digest(self.base)}"


def short_digest(path: Path) -> str:
    """Eight hexadecimal digits that identify a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def default_home(environment: Mapping[str, str]) -> Path:
    """EVERYFAMILY_HOME, or for root /var/lib/everyfamily, or otherwise everyfamily in the user's data folder."""
    asked = environment.get("EVERYFAMILY_HOME", "").strip()
    if asked:
        return Path(asked).expanduser()
    if os.geteuid() == 0:
        return ROOT_HOME
    data_home = environment.get("XDG_DATA_HOME", "").strip()
    if data_home and Path(data_home).is_absolute():  # the XDG specification: ignore relative ones
        return Path(data_home) / "everyfamily"
    return _user_home(environment) / ".local" / "share" / "everyfamily"


@contextlib.contextmanager
def locked(home: Path) -> Iterator[None]:
    """Stop other processes from starting or stopping this home's server meanwhile.

    The home must exist. Raises `HomeNotReachable`.
    """
    try:
        descriptor = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _not_writable(home) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_home(home: Path) -> Path:
    """Make the home if it is missing. Returns its real path. Raises `HomeNotReachable`."""
    try:
        home = home.expanduser().resolve()
        _make(home)
    except (OSError, RuntimeError) as error:  # RuntimeError: a name such as ~nobody-of-this-machine
        raise _not_writable(home) from error
    return home


def base_of(home: Path) -> Path:
    """Where the database of a home is: in it, or where its pointer says."""
    try:
        pointed = Path((home / POINTER).read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return home
    return pointed if pointed.is_dir() else home


def prepare(home: Path, environment: Mapping[str, str]) -> Folders:
    """Make the folders that are missing inside a home, and say where everything is.

    `home` is what `make_home` returned. The caller holds its lock, or starts nothing. Raises `HomeNotReachable`,
    `FolderNotOurs`, `NoServerUser`.
    """
    base = base_of(home)
    folders = Folders(home, base, server_user(base / "data", environment))
    if not folders.account.is_ours and not folders.account.can_enter(base):
        folders = _moved_out(folders)
    for folder in (folders.log, folders.run):
        make_closed(folder, folders.account)
    return folders


def make_closed(folder: Path, account: OsUser) -> None:
    """Make `folder` the account's own and closed to others. If it exists, it must be so already.

    Raises `FolderNotOurs`.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if not account.is_ours:
            os.chown(folder, account.uid, account.gid)
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077:
        return
    raise FolderNotOurs(
        f"The folder {folder} does not belong only to {account.name}.",
        f"Look at what is in it; then remove it, or run: chown {account.name} {folder}; chmod 700 {folder}.",
    )


def _not_writable(home: Path) -> HomeNotReachable:
    return HomeNotReachable(
        f"The database's home {home} is not a folder that you may write to.",
        "Set EVERYFAMILY_HOME to a folder of your own.",
    )


def _make(folder: Path) -> None:
    """Make a folder with the rights above. If it exists, it stays as it is."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        folder.chmod(0o711)


def _moved_out(folders: Folders) -> Folders:
    place = ROOT_HOME / "places" / secrets.token_hex(4)
    for folder in (ROOT_HOME, place.parent, place):
        _make(folder)
    account = folders.account
    if not account.can_enter(place):
        raise HomeNotReachable(
            f"The account {account.name}, which runs the database server, can enter neither {folders.home} "
            f"nor {ROOT_HOME}.",
            f"Let it pass through: chmod o+x {ROOT_HOME}. Or set EVERYFAMILY_HOME to a folder it can enter.",
        )
    (place / MADE_FOR).write_text(f"{folders.home}\n", encoding="utf-8")
    if (folders.home / THROWAWAY).is_file():
        shutil.copy(folders.home / THROWAWAY, place / THROWAWAY)
    (folders.home / POINTER).write_text(f"{place}\n", encoding="utf-8")
    return Folders(folders.home, place, account)


def _user_home(environment: Mapping[str, str]) -> Path:
    named = environment.get("HOME", "").strip()
    if named:
        return Path(named)
    try:
        return Path(pwd.getpwuid(os.geteuid()).pw_dir)
    except KeyError:
        raise HomeNotReachable(
            "There is no home folder to keep the database in.",
            "Set EVERYFAMILY_HOME to a folder of your own.",
        ) from None
