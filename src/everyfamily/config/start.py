"""Start the framework on the embedded PostgreSQL or on the one that DATABASE_URL names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from everyfamily.config.database_rights import close_to_others
from everyfamily.config.databases import ADDRESSES
from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.folders import default_home
from everyfamily_postgres.launcher import Server, start
from everyfamily_postgres.roles import Role
from everyfamily_postgres.throwaway import read_mark


class DatabaseAddressMissing(EveryfamilyError):
    """DATABASE_URL is set, but not the addresses of the other two roles."""

    code = "EF501"


class DatabaseIsADemonstrations(EveryfamilyError):
    """A real command was pointed at a demonstration's database, which the next demonstration empties."""

    code = "EF911"


def use_embedded(home: Path | None = None, *, settings: Mapping[str, str] | None = None) -> Server:
    """Start (or reuse) the embedded server and tell this process and its children where it is.

    Without `home` it is the usual place, for real commands. `settings` are PostgreSQL's own. Raises
    DatabaseIsADemonstrations.
    """
    if home is None:
        _refuse_a_demonstrations(default_home(os.environ))
    server = start(home, settings=settings)
    os.environ[ADDRESSES["default"]] = server.dsn(Role.APP)
    os.environ[ADDRESSES["owner"]] = server.dsn(Role.OWNER)
    os.environ[ADDRESSES["planner"]] = server.dsn(Role.PLANNER)
    return server


def _refuse_a_demonstrations(home: Path) -> None:
    """Databases that real families' data may not go into. Somebody who looks at a demonstration uses its simulated
    clock."""
    made = read_mark(home.expanduser())
    if made is not None and made[0] == "demo" and os.environ.get("EVERYFAMILY_CLOCK") != "database":
        raise DatabaseIsADemonstrations(
            f"The database in {home} is a demonstration's, and the next demonstration empties it.",
            "Set EVERYFAMILY_HOME to another folder, or unset it. To look at the demonstration all the same, set "
            "EVERYFAMILY_CLOCK=database.",
        )


def require_every_address() -> None:
    """Raise DatabaseAddressMissing unless each role has an address."""
    missing = [name for name in ADDRESSES.values() if name not in os.environ]
    if missing:
        raise DatabaseAddressMissing(
            f"DATABASE_URL is set but {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not.",
            "Give each role its own address; docs/howto/use-your-own-postgresql.md says how.",
        )


def prepare(home: Path | None = None, *, migrate: bool = True) -> None:
    """Make sure that the database answers, set Django up and bring the tables up to date.

    Raises DatabaseAddressMissing if only DATABASE_URL is given. One role for everything would silently end row-level
    security.
    """
    if ADDRESSES["default"] not in os.environ:
        use_embedded(home)
    require_every_address()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
    django.setup()
    if migrate and _tables_are_behind():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    # After a restore the database is a new one, and everybody may connect to it.
    close_to_others(then_hang_up=not migrate)


def _tables_are_behind() -> bool:
    """Whether a migration is still to be made. To ask takes a tenth of the time that `migrate` takes to do nothing."""
    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
