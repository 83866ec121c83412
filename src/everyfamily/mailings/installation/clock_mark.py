"""The mark by which the demo recognises its own database: a simulated clock. It is asked before Django is set up."""

from __future__ import annotations

from typing import Any

import psycopg


def has_simulated_clock(connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
    """Whether the tables of mailings are there, and time has been simulated in them."""
    if connection.execute("SELECT to_regclass('public.mailings_simulatedclock')").fetchone() == (None,):
        return False
    return connection.execute("SELECT EXISTS (SELECT 1 FROM mailings_simulatedclock)").fetchone() == (True,)
