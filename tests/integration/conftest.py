"""A real PostgreSQL for the integration tests: one server a worker process, migrated once, emptied after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.city import City
from tests.factories.emptied import empty_every_table, make_as_new
from tests.factories.school_pages import served
from tests.factories.the_server import superuser, the_server


@pytest.fixture(scope="session")
def database_server() -> Iterator[Server]:
    """The server of this test process, with Django set up on it and its tables made."""
    with the_server() as server:
        yield server


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
    empty_every_table(superuser())


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


@pytest.fixture
def served_pages(city: City, tmp_path: Path) -> Iterator[None]:
    """Pages of a school are served, and it is NOW."""
    with served(tmp_path):
        yield
