"""Start the framework on the embedded PostgreSQL or on the one that DATABASE_URL names."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

import django
from django.apps import AppConfig, apps
from django.db import connections

from everyfamily.config.database_rights import close_to_others, say_if_open_to_others
from everyfamily.config.databases import ADDRESSES
from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.folders import default_home
from everyfamily_postgres.launcher import Server, start
from everyfamily_postgres.roles import Role
from everyfamily_postgres.throwaway import read_mark


class DatabaseAddressMissing(EveryfamilyError):
    """DATABASE_URL is set, but not the addresses of the other two roles."""

    code = "EF501"


class OwnersAddressIsHere(EveryfamilyError):
    """The process that serves the pages was given the address of the tables' owner."""

    code = "EF504"


class TablesAreBehind(EveryfamilyError):
    """The pages need tables that no command has made yet."""

    code = "EF505"


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


def require_every_address(*, of: Collection[str] = ADDRESSES.keys()) -> None:
    """Raise DatabaseAddressMissing unless each of these roles has an address."""
    missing = [ADDRESSES[alias] for alias in of if ADDRESSES[alias] not in os.environ]
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
    _set_up()
    if migrate and _tables_are_behind("owner"):
        from django.core.management import call_command  # not read by the many commands that need no migration

        call_command("migrate", database="owner", verbosity=0, interactive=False)
    # After a restore the database is a new one, and everybody may connect to it.
    close_to_others(then_hang_up=not migrate)


def prepare_pages() -> None:
    """The same for the process that strangers talk to. It never has the address of the tables' owner, so it does not
    migrate: what the database keeps the app role from, nobody who takes over the pages can do.

    Raises OwnersAddressIsHere, DatabaseAddressMissing and TablesAreBehind.
    """
    owner = ADDRESSES["owner"]
    if os.environ.get(owner):
        raise OwnersAddressIsHere(
            f"{owner} is set for the process that serves the pages.",
            "Set it only for workers and commands, so that nobody who takes over the pages can change the tables.",
        )
    if ADDRESSES["default"] not in os.environ:
        use_embedded()
        del os.environ[owner]
    require_every_address(of=("default", "planner"))
    _set_up()
    if _tables_are_behind("default"):
        raise TablesAreBehind(
            "The database's tables are older than this program, and the pages do not change tables.",
            "Run another command once, such as everyfamily coverage, and then start the pages again.",
        )
    say_if_open_to_others()


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
    django.setup()


def _tables_are_behind(alias: str) -> bool:
    """Whether a migration is still to be made, by the names of those that were.

    Django reads every migration to say so, which took a fifth of a command's time.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        if cursor.fetchone() == (True,):
            return True
        cursor.execute("SELECT app, name FROM django_migrations")
        made = set(cursor.fetchall())
    return any((app.label, name) not in made for app in apps.get_app_configs() for name in _migrations_of(app))


def _migrations_of(app: AppConfig) -> Iterator[str]:
    """The names of an app's migrations, as Django finds them."""
    package = find_spec(f"{app.name}.migrations")
    if package is not None:
        for module in iter_modules(package.submodule_search_locations):
            if not module.ispkg and module.name[0] not in "_~":
                yield module.name
