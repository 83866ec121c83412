"""Which account the server runs under.

PostgreSQL refuses to run as root, and `initdb` and `postgres` look their user up by name. So as root, we need an
account that is in the user list. It is the first of these that exists: the owner of an existing data folder; the one
that EVERYFAMILY_SERVER_USER names; `everyfamily`; `postgres`; `nobody`. Only if none exists is a system account
`everyfamily` added, because a tool that somebody is only trying out should not leave an account behind. For real
families on a shared machine add that account yourself (`useradd --system everyfamily`) before the first start, because
other programs may run as `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError

PREFERRED = ("everyfamily", "postgres", "nobody")


class NoServerUser(EveryfamilyError):
    """There is no account that the database server could run under."""

    code = "EF901"


@dataclass(frozen=True, slots=True)
class OsUser:
    """The account of the operating system that owns the data and runs the server."""

    name: str
    uid: int
    gid: int
    is_ours: bool
    """True if it is the caller's own account, so that no rights have to be dropped."""

    def run(self, command: Sequence[str], *, timeout: float) -> subprocess.CompletedProcess[str]:
        """Run a program with this account's rights, without a terminal and without the caller's environment.

        Output and errors come back together in `stdout`. Raises `subprocess.TimeoutExpired`.
        """
        return subprocess.run(
            command,
            check=False,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            umask=0o077,
            user=None if self.is_ours else self.uid,
            group=None if self.is_ours else self.gid,
            extra_groups=None if self.is_ours else [],
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can get inside `folder`. The system is asked, and nothing is computed."""
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], timeout=30).returncode == 0


def server_user(data: Path, environment: Mapping[str, str]) -> OsUser:
    """The account to run the server under, for a data folder that may not exist yet.

    Raises `NoServerUser`.
    """
    if os.geteuid() != 0:
        return _own_user()
    named = environment.get("EVERYFAMILY_SERVER_USER", "").strip()
    if data.exists():
        return _owner_of(data)
    if named:
        return _named_user(named)
    for name in PREFERRED:
        try:
            return _dropped(pwd.getpwnam(name))
        except KeyError:
            continue
    return _added_user()


def _own_user() -> OsUser:
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise NoServerUser(
            f"The user id {os.geteuid()} has no entry in the machine's list of users, and PostgreSQL needs one.",
            "Run as a user that has one, or set DATABASE_URL to a PostgreSQL of your own.",
        ) from None
    return OsUser(entry.pw_name, entry.pw_uid, os.getegid(), is_ours=True)


def _owner_of(data: Path) -> OsUser:
    uid = data.stat().st_uid
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        entry = None
    if entry is None or uid == 0:
        raise NoServerUser(
            f"The data folder {data} belongs to user id {uid}, which cannot run PostgreSQL.",
            "Give the folder back to the account that the server ran under.",
        )
    return _dropped(entry)


def _named_user(name: str) -> OsUser:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        entry = None
    if entry is None or entry.pw_uid == 0:
        raise NoServerUser(
            f"EVERYFAMILY_SERVER_USER names {name!r}, which is not an ordinary account of this machine.",
            f"Add it with: useradd --system {name}. Or remove the setting.",
        )
    return _dropped(entry)


def _added_user() -> OsUser:
    program = shutil.which("useradd")
    if program is not None:
        command = [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "everyfamily"]
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    try:
        return _dropped(pwd.getpwnam("everyfamily"))
    except KeyError:
        raise NoServerUser(
            "PostgreSQL refuses to run as root, and there is no other account on this machine.",
            "Add one with: useradd --system everyfamily.",
        ) from None


def _dropped(entry: pwd.struct_passwd) -> OsUser:
    return OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid, is_ours=False)


def _environment() -> dict[str, str]:
    # PGDATA, PGPORT, PGOPTIONS or a half-set locale of the caller must not reach the server.
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
