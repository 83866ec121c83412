"""A real PostgreSQL for the integration tests: one server a worker process, migrated once, emptied after each test."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from everyfamily_postgres.launcher import Server, start
from everyfamily_postgres.throwaway import mark
from tests.factories.city import City
from tests.factories.emptied import empty_every_table, make_as_new, superuser_of

# Tests kill processes, never the machine: what PostgreSQL wrote is there after that without waiting for the disk, and
# stopping it took up to a minute.
SMALL = {"shared_buffers": "64MB", "max_connections": "40", "fsync": "off"}


_emptying: list[psycopg.Connection] = []
"""The superuser's connection, which empties the tables after each test."""


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """The server of this test process, with Django set up on it and its tables made."""
    home = Path(f"/tmp/ef-{secrets.token_hex(4)}")
    mark(home, "tests")
    server = start(home, settings=SMALL)
    from everyfamily_postgres.roles import Role

    os.environ |= {
        "DATABASE_URL": server.dsn(Role.APP),
        "EVERYFAMILY_OWNER_URL": server.dsn(Role.OWNER),
        "EVERYFAMILY_PLANNER_URL": server.dsn(Role.PLANNER),
        "EVERYFAMILY_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
        "DJANGO_SETTINGS_MODULE": "everyfamily.config.settings",
    }
    _set_up_django()
    with superuser_of(server) as superuser:
        _emptying[:] = [superuser]
        yield server
    from django.db import connections

    connections.close_all()
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


def _set_up_django() -> None:
    """Set Django up on the addresses in the environment, also where an earlier test has loaded the settings."""
    import django
    from django.conf import settings
    from django.db import connections

    from everyfamily.config.databases import databases
    from everyfamily.config.start import prepare

    if settings.configured:
        connections.close_all()
        connections.settings = connections.configure_settings(databases(os.environ))
        settings.DATABASES = databases(os.environ)
        for alias in connections:
            if hasattr(connections._connections, alias):
                del connections[alias]
    django.setup()
    settings.EVERYFAMILY_CLOCK = "database"
    prepare()


@pytest.fixture
def database(database_server: Server, tmp_path: Path) -> Iterator[Server]:
    """The database, empty at the start and emptied at the end; the outbox is a folder of the test."""
    from django.conf import settings

    from everyfamily.mailings.installation.carriers import carriers, close_carriers

    settings.EVERYFAMILY_OUTBOX = tmp_path / "outbox"
    settings.EVERYFAMILY_FAULTS = {}
    carriers.cache_clear()
    yield database_server
    from django.db import connections

    from everyfamily.mailings.actions.guards import sendable

    close_carriers()
    # Letter ids begin again with the next test.
    sendable._rendered_differently.cache_clear()
    make_as_new(connections["default"])
    empty_every_table(_emptying[0])


@pytest.fixture
def city(database: Server, tmp_path: Path) -> Iterator[City]:
    """A city to fill (tests/factories/city.py)."""
    yield City(tmp_path)


@pytest.fixture
def settings_of(database: Server) -> Iterator[dict[str, float]]:
    """The recording carrier's faults, to be filled before the first message."""
    from django.conf import settings

    settings.EVERYFAMILY_FAULTS = {}
    yield settings.EVERYFAMILY_FAULTS
