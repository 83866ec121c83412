"""The one PostgreSQL of a test process, whoever asks for it.

Journeys take the fixtures of the integration tests by name, and pytest makes a session's fixture again for each module
that does so. With a server for each, Django was on the newest and the test on its own.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper

from everyfamily_postgres.launcher import Server, start
from everyfamily_postgres.throwaway import mark
from tests.factories.emptied import empty_every_table, superuser_of
from tests.factories.homes import new_home
from tests.factories.made_once import begin_as_a_copy, keep

# Tests kill processes, never the machine: what PostgreSQL wrote is there after that without waiting for the disk, and
# stopping it took up to a minute.
# Their tables have a few rows, for which any plan will do, and to plan a view again took longer than to read it. So a
# process of tests keeps its plans; the product makes each anew, with the values asked for (config/databases.py).
SMALL = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "fsync": "off",
    "plan_cache_mode": "force_generic_plan",
}
ROOM = 57
"""Connections for everybody but the superuser, for whom PostgreSQL keeps three."""

PLANS = 500
"""Statements that a connection keeps prepared, the last that were used: some hundred kilobytes each."""

_users: list[Server] = []
_emptying: list[psycopg.Connection] = []


@contextmanager
def the_server() -> Iterator[Server]:
    """Start it for the first who asks, and stop it when the last has gone."""
    server = _users[0] if _users else _started()
    _users.append(server)
    try:
        yield server
    finally:
        _users.pop()
        if not _users:
            _stop(server)


def superuser() -> psycopg.Connection:
    """The superuser's connection, which empties the tables after each test."""
    return _emptying[0]


def _started() -> Server:
    from everyfamily_postgres.roles import Role

    home = new_home()
    mark(home, "tests")
    begin_as_a_copy(home)
    server = start(home, settings=SMALL)
    os.environ |= {
        "DATABASE_URL": server.dsn(Role.APP),
        "EVERYFAMILY_OWNER_URL": server.dsn(Role.OWNER),
        "EVERYFAMILY_PLANNER_URL": server.dsn(Role.PLANNER),
        "EVERYFAMILY_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
        "DJANGO_SETTINGS_MODULE": "everyfamily.config.settings",
    }
    _set_up_django()
    keep(server)
    _emptying[:] = [superuser_of(server)]
    # What the migrations wrote: the first test begins as all others do.
    empty_every_table(superuser())
    # Nearly every test takes in a letter, and to compress its files once more takes longer than all its other rows.
    superuser().execute("ALTER TABLE letters_letterartefact ALTER COLUMN content SET STORAGE EXTERNAL")
    return server


def _stop(server: Server) -> None:
    from django.db import connections

    connections.close_all()
    _emptying.pop().close()
    server.stop()
    shutil.rmtree(server.home, ignore_errors=True)


def _set_up_django() -> None:
    """Set Django up on the addresses in the environment."""
    import django
    from asgiref.local import Local
    from django.conf import settings
    from django.contrib.auth.hashers import get_hashers, get_hashers_by_algorithm
    from django.db import connections
    from django.db.backends.signals import connection_created

    from everyfamily.config.databases import databases
    from everyfamily.config.start import prepare
    from tests.factories import quick_passwords

    # An earlier test may have read the settings' module.
    settings.DATABASES = databases(os.environ)
    connections.close_all()
    connections.settings = connections.configure_settings(databases(os.environ))
    # All that were opened or looked at, within Playwright's event loop too, where none can be seen from here.
    connections._connections = Local(connections.thread_critical)
    django.setup()
    settings.EVERYFAMILY_CLOCK = "database"
    settings.PASSWORD_HASHERS = [quick_passwords.NAME]
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()
    prepare()
    connection_created.connect(_keep_plans)


def _keep_plans(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Prepare whatever is asked for a second time."""
    connection.connection.prepare_threshold, connection.connection.prepared_max = 1, PLANS
