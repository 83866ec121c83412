"""What rounds need: their own PostgreSQL that can be killed, Django set up on it, and a sealed letter."""

from __future__ import annotations

import base64
import os
import random
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from everyfamily_postgres.launcher import Server, start
from everyfamily_postgres.roles import Role
from everyfamily_postgres.throwaway import mark
from tests.factories.emptied import empty_every_table, superuser_of
from tests.factories.homes import new_home
from tests.factories.made_once import begin_as_a_copy, keep

SMALL = {"shared_buffers": "64MB", "max_connections": "60"}
TOKEN = "a-token-that-only-these-rounds-know"


class Ground:
    """One server for many rounds, emptied before each. `close` takes everything away."""

    def __init__(self) -> None:
        self.home = new_home("ef-faults-")
        mark(self.home, "tests")
        begin_as_a_copy(self.home)
        self.server: Server = start(self.home, settings=SMALL)
        os.environ |= {
            "DATABASE_URL": self.server.dsn(Role.APP),
            "EVERYFAMILY_OWNER_URL": self.server.dsn(Role.OWNER),
            "EVERYFAMILY_PLANNER_URL": self.server.dsn(Role.PLANNER),
            "EVERYFAMILY_MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
            "EVERYFAMILY_SECRET_KEY": "a key that only these rounds know, and long enough",
            "EVERYFAMILY_NOTIFY_TOKEN": TOKEN,
            "EVERYFAMILY_CLOCK": "database",
            "DJANGO_SETTINGS_MODULE": "everyfamily.config.settings",
        }
        try:
            from everyfamily.config.start import prepare

            prepare()
            keep(self.server)
            _letter_that_lasts()
        except BaseException:
            self._take_away()
            raise

    def wipe(self) -> None:
        """Empty every table, the work engine's too."""
        from django.db import connections

        connections.close_all()
        with superuser_of(self.server) as superuser:
            empty_every_table(superuser)

    def kill_database(self, down_for: float) -> None:
        """kill -9 of every process of the server; `down_for` seconds later it is started again by its launcher."""
        from django.db import connections

        connections.close_all()
        postmaster = psutil.Process(int((self.server.folders.data / "postmaster.pid").read_text().split()[0]))
        family = [postmaster, *postmaster.children(recursive=True)]
        # Stopped first, so that none sees the others die and says a last word.
        for act in ("suspend", "kill"):
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    getattr(process, act)()
        time.sleep(down_for)
        self.server = start(self.home, settings=SMALL)

    def ask(self, sql: str, values: Any = None, *, role: str = "planner") -> list[tuple[Any, ...]]:
        """Rows as the planner reads them (or "default": the work engine's tables)."""
        from django.db import connections

        with connections[role].cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def close(self) -> None:
        from django.db import connections

        connections.close_all()
        self._take_away()

    def _take_away(self) -> None:
        self.server.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def _letter_that_lasts() -> None:
    """The numbers of the city's letter are good until May: a round plays five weeks, across the change of clocks."""
    from everyfamily.core.partnership import partnership

    load = partnership.load_partnership

    def load_longer(file: Path) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            # With its drawings.
            shutil.copytree(file.parent, folder, dirs_exist_ok=True)
            longer = Path(folder) / file.name
            longer.write_text(file.read_text().replace("expires_on = 2027-03-27", "expires_on = 2027-05-23"))
            return load(longer)

    partnership.load_partnership = load_longer


def between(rng: random.Random, least: float, most: float) -> float:
    """A time in seconds; short ones come more often."""
    return least + (most - least) * rng.random() ** 2
