"""What the demo needs: its own folder, its own keys, and its own database. Without its own database it does not
start."""

from __future__ import annotations

import base64
import dataclasses
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from everyfamily.config.databases import ADDRESSES
from everyfamily.config.start import prepare, require_every_address, use_embedded
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.keys.vault import new_key
from everyfamily.core.partnership.partnership import Partnership, load_partnership
from everyfamily.mailings.installation.clock_mark import has_simulated_clock
from everyfamily.people.invented_schools import holds_only_invented_schools
from everyfamily_postgres.folders import default_home, make_home
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.throwaway import adopt, demo_home, holds_database, mark, read_mark, remove_orphans

MARK = "demo.txt"
_MARK_TEXT = (
    "This folder was made by `everyfamily demo` and is made again each time.\n"
    "Everything in it is invented. The keys in keys/ are for the demonstration only: real keys are kept elsewhere.\n"
)
PASSPHRASE = b"demonstration only"

BEGINS = datetime(2027, 2, 22, 9, 0, tzinfo=ZoneInfo("Europe/London"))
"""Monday 22 February 2027: schools and rolls are imported."""

_SMALL_LOG = {"max_wal_size": "512MB"}
"""PostgreSQL's own log of changes stays on disk after the demo, so it must not grow as large as a city's does."""

FAULTS = "refuse=0.003,silent=0.004"
"""Shares of contact values that the recording carrier refuses at first, or accepts without an answer."""


class FolderNotTheDemos(EveryfamilyError):
    """The folder holds something that the demo did not make."""

    code = "EF950"


class DatabaseNotTheDemos(EveryfamilyError):
    """The database holds schools that are not the demo's."""

    code = "EF951"


class DemoIsRunning(EveryfamilyError):
    """Two demos would empty each other's database."""

    code = "EF954"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the demo keeps its things."""

    folder: Path
    seed: int

    @property
    def keys(self) -> Path:
        """Private keys of the demo's invented signatories, and its master key."""
        return self.folder / "keys"

    @property
    def master_key(self) -> Path:
        """The key that wraps the schools' keys. It is in the demo's own folder only because it is the demo's."""
        return self.keys / "master.key"

    @property
    def outbox(self) -> Path:
        """What the recording carrier accepted. It contains (invented) contact values, mode 0700."""
        return self.folder / "outbox"

    @property
    def seals(self) -> Path:
        """Published seals, one file for each reference."""
        return self.folder / "seals"


def choose_workspace(folder: Path, *, seed: int) -> Workspace:
    """Say where the demo will be, and set this process's environment, which the workers inherit.

    Nothing on disk changes yet, because the database may still be refused. Raises FolderNotTheDemos.
    """
    if not _may_be_remade(folder):
        raise FolderNotTheDemos(
            "The folder for the demo holds files that the demo did not make.",
            "Choose another with --out, or empty it yourself.",
            SourceLocation(str(folder)),
        )
    workspace = Workspace(folder.resolve(), seed)
    os.environ |= {
        "EVERYFAMILY_MASTER_KEY_FILE": str(workspace.master_key),
        "EVERYFAMILY_OUTBOX": str(workspace.outbox),
        "EVERYFAMILY_SIGN_IN_KEY_FILE": str(workspace.keys / "sign-in.key"),
        "EVERYFAMILY_CLOCK": "database",
        "EVERYFAMILY_SEED": str(seed),
        "EVERYFAMILY_POLLING_SECONDS": "0.05",
        "EVERYFAMILY_CHANNELS": "recording",
        "EVERYFAMILY_FAULTS": os.environ.get("EVERYFAMILY_FAULTS", FAULTS),
    }
    os.environ.pop("EVERYFAMILY_MASTER_KEY", None)
    return workspace


def prepare_workspace(workspace: Workspace) -> None:
    """Empty the demo's own folder and make what every run needs; raises FolderNotTheDemos."""
    choose_workspace(workspace.folder, seed=workspace.seed)
    if workspace.folder.exists():
        shutil.rmtree(workspace.folder)
    for place in (workspace.folder, workspace.keys, workspace.outbox, workspace.seals):
        place.mkdir(mode=0o700, parents=True)
    (workspace.folder / MARK).write_text(_MARK_TEXT, encoding="utf-8")
    workspace.master_key.touch(mode=0o600)
    workspace.master_key.write_text(base64.b64encode(new_key()).decode() + "\n", encoding="ascii")


def _may_be_remade(folder: Path) -> bool:
    """A folder that is not there, is empty, or holds the demo's own mark, and not just a file with that name."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return False
    if not folder.exists() or not any(folder.iterdir()):
        return True
    mark = folder / MARK
    return mark.is_file() and mark.read_bytes() == _MARK_TEXT.encode()


def open_database(before: datetime) -> Callable[[], None]:
    """Start the demo's own embedded server, or empty and use the database of DATABASE_URL. Raises DatabaseNotTheDemos.

    `before` is the simulated time at which the demo begins. Returns what to call at the end. It stops the server if it
    is the demo's own, and does not touch another.
    """
    own = ADDRESSES["default"] not in os.environ
    if own:
        server = _own_server(demo_home(os.environ))
        where = f"in {server.home}"
    else:
        require_every_address()
        where = "that DATABASE_URL names"
        _refuse_what_is_not_the_demos(where)
    guard = _one_at_a_time(where)
    with psycopg.connect(os.environ[ADDRESSES["owner"]], autocommit=True) as owner:
        owner.execute("DROP SCHEMA public CASCADE")
        owner.execute("CREATE SCHEMA public")
        owner.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
    prepare()
    from everyfamily_demo.clock import set_simulated

    # Also the mark by which the next run recognises this database as its own.
    set_simulated(before)

    def stop() -> None:
        guard.close()
        if own:
            server.stop()

    return stop


def _own_server(home: Path) -> Server:
    """The demo's own server. Its home is marked as the demo's before anything is in it.

    A home from an earlier version has no mark. It gets one once its database has been looked into. Demonstrations of
    checkouts that are gone are removed too, so that not too many are left. Raises DatabaseNotTheDemos.
    """
    # One by one, so that others can pass through root's usual place but not list it, as before.
    for folder in (default_home(os.environ), home.parent):
        make_home(folder)
    remove_orphans(os.environ)
    unmarked = holds_database(home) and read_mark(home) is None
    if not unmarked:
        mark(home, "demo")
    server = use_embedded(home, settings=_SMALL_LOG)
    if unmarked:
        try:
            _refuse_what_is_not_the_demos(f"in {home}")
        except DatabaseNotTheDemos:
            server.stop()
            raise
        adopt(home, "demo")
    return server


def _one_at_a_time(where: str) -> psycopg.Connection[tuple[object, ...]]:
    """Hold the demo's lock until the connection closes. Raises DemoIsRunning."""
    guard = psycopg.connect(os.environ[ADDRESSES["owner"]], autocommit=True)
    row = guard.execute("SELECT pg_try_advisory_lock(hashtextextended('everyfamily demo', 0))").fetchone()
    if row != (True,):
        guard.close()
        raise DemoIsRunning(
            f"Another demonstration is running on the database {where}, and two would empty each other's.",
            "Wait until it has ended, or give this one a place of its own: set EVERYFAMILY_HOME to an empty folder, "
            "and --out to another.",
        )
    return guard


def _refuse_what_is_not_the_demos(where: str) -> None:
    with psycopg.connect(os.environ[ADDRESSES["owner"]]) as owner:
        tables = {row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        others = tables and not (holds_only_invented_schools(owner) and has_simulated_clock(owner))
    if others:
        raise DatabaseNotTheDemos(
            f"The database {where} holds tables or schools that the demo did not make. Nothing was changed.",
            "Unset DATABASE_URL, or set EVERYFAMILY_HOME to another folder, and the demo makes its own.",
        )


def demo_partnership(workspace: Workspace) -> tuple[Partnership, dict[str, SigningKey], SigningKey]:
    """The demo's partnership with new keys only for the demo: the partnership, each signatory's key, the sealing
    key."""
    source = files("everyfamily_demo") / "data"
    place = workspace.folder / "partnership"
    place.mkdir()
    for file in source.iterdir():
        if file.name.endswith((".toml", ".svg")):
            (place / file.name).write_bytes(file.read_bytes())
    partnership = load_partnership(place / "partnership.toml")
    keys = {signatory.id: SigningKey.new() for signatory in partnership.signatories}
    text = (place / "partnership.toml").read_text(encoding="utf-8")
    for signatory in partnership.signatories:
        _keep_key(workspace.keys / f"{signatory.id}.pem", keys[signatory.id])
        text = text.replace('# public_key = "…"', f'public_key = "{keys[signatory.id].public_key}"', 1)
    (place / "partnership.toml").write_text(text, encoding="utf-8")
    sealing = SigningKey.new()
    _keep_key(workspace.keys / "sealing.pem", sealing)
    (workspace.keys / "passphrase.txt").write_bytes(PASSPHRASE)
    signatories = tuple(
        dataclasses.replace(one, keys=(ApprovalKey.of_file(keys[one.id].public_key),))
        for one in partnership.signatories
    )
    loaded = load_partnership(place / "partnership.toml")
    if loaded.signatories != signatories:
        raise AssertionError("the demo's partnership file did not take the demo's keys")
    return loaded, keys, sealing


def _keep_key(file: Path, key: SigningKey) -> None:
    file.touch(mode=0o600)
    file.write_bytes(key.to_pem(PASSPHRASE))
