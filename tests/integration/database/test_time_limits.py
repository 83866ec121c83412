"""Nothing waits for the database without end: each role has its limits, and a person is told why not yet."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.kept import kept_city
from tests.integration.database.worker_processes import wait_for

pytestmark = [pytest.mark.database, pytest.mark.slow]

LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
BY = ("--by", "Pat Example")


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


@contextmanager
def somebody_holds(database: Server, statement: str) -> Iterator[int]:
    """Another session holds something, like a client that hangs in a transaction; gives its process id."""
    with psycopg.connect(database.dsn(Role.APP)) as other:
        other.execute(statement)
        yield other.info.backend_pid


@pytest.fixture
def short_limits(city: City) -> Iterator[None]:
    """The commands of the test run on this connection: a person would wait twenty seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    yield
    connection.close()


@kept_city
def open_city(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()


@pytest.mark.parametrize("alias", ["default", "planner", "owner"])
def test_every_connection_of_the_program_has_its_limits(database: Server, alias: str) -> None:
    from django.db import connections

    with connections[alias].cursor() as cursor:
        for name in LIMITS:
            cursor.execute(f"SELECT current_setting('{name}')")
            assert cursor.fetchone() != ("0",), name


@pytest.mark.parametrize("role", list(Role))
def test_whoever_signs_in_as_one_of_the_roles_has_them_too(database: Server, role: Role) -> None:
    with psycopg.connect(database.dsn(role)) as connection:
        for name in LIMITS:
            assert connection.execute(f"SELECT current_setting('{name}')").fetchone() != ("0",), name


def test_an_address_may_say_otherwise(database: Server) -> None:
    from everyfamily.config.databases import databases

    address = f"{database.dsn(Role.APP)} options='-c lock_timeout=7s'"
    one = databases({"DATABASE_URL": address})["default"]
    with psycopg.connect(database.dsn(Role.APP), options=one["OPTIONS"]["options"]) as connection:
        assert connection.execute("SHOW lock_timeout").fetchone() == ("7s",)
        assert connection.execute("SHOW statement_timeout").fetchone() == ("2min",)


def test_a_stuck_client_does_not_keep_a_person_from_pausing(
    open_city: City, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pause holds at once; what cannot be said yet is that no call is under way."""
    from everyfamily.mailings.actions.guards import claims_under_way
    from everyfamily.mailings.queries.mailings import mailing_by_id

    monkeypatch.setattr(claims_under_way, "LONGEST", "300ms")
    with somebody_holds(database, "LOCK TABLE mailings_ledgerentry IN ACCESS EXCLUSIVE MODE"):
        said: list[Result] = []
        thread = threading.Thread(target=lambda: said.append(_and_close(run, "pause")))
        thread.start()
        thread.join(30)
        assert not thread.is_alive(), "it waits for as long as the other session lives"
        assert "EF586: The mailing is paused, but somebody holds the ledger" in said[0].output
        assert said[0].exit_code == 2
        assert mailing_by_id(open_city.mailing).state == "paused"


def test_a_stuck_client_does_not_keep_a_person_from_withdrawing(
    open_city: City, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.guards import claims_under_way
    from everyfamily.mailings.queries.mailings import mailing_by_id

    monkeypatch.setattr(claims_under_way, "LONGEST", "300ms")
    with somebody_holds(database, "LOCK TABLE mailings_ledgerentry IN ACCESS EXCLUSIVE MODE"):
        said: list[Result] = []
        thread = threading.Thread(target=lambda: said.append(_and_close(run, "withdraw")))
        thread.start()
        thread.join(30)
        assert not thread.is_alive(), "it waits for as long as the other session lives"
        assert "EF586: The letter is stopped, but somebody holds the ledger" in said[0].output
    assert mailing_by_id(open_city.mailing).state == "paused"


def _and_close(command, name: str) -> Result:  # type: ignore[no-untyped-def]
    """A thread has its own connections."""
    from django.db import connections

    try:
        return command(name, "--reference", REFERENCE, "--why", "the line is down", *BY)
    finally:
        connections.close_all()


def test_a_lock_that_somebody_holds_is_not_yet_and_not_a_fault_of_ours(
    open_city: City, database: Server, short_limits: None
) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing
    from everyfamily.mailings.queries.mailings import mailing_by_id

    pause_mailing(open_city.mailing, why="a number is dead", by=Actor.typed("Pat Example"), now=NOW)
    with somebody_holds(database, f"SELECT 1 FROM mailings_mailing WHERE id = {open_city.mailing} FOR UPDATE"):
        said = run("resume", "--reference", REFERENCE, *BY)
    assert said.exit_code == 75
    assert "EF584: This cannot be done yet, because something else is writing what it needs" in said.output
    assert "Try again in a minute" in said.output
    assert mailing_by_id(open_city.mailing).state == "paused"
    assert run("resume", "--reference", REFERENCE, *BY).exit_code == 0


def test_a_close_that_must_wait_says_so_and_closes_nothing(
    open_city: City, database: Server, short_limits: None
) -> None:
    from everyfamily.mailings.queries.mailings import mailing_by_id

    open_city.send()
    with somebody_holds(database, "LOCK TABLE mailings_ledgerentry IN ROW EXCLUSIVE MODE"):
        said = run("close", "--reference", REFERENCE, "--although", "the term ends on Friday", *BY)
    assert (said.exit_code, "EF584: This cannot be done yet" in said.output) == (75, True), said.output
    assert mailing_by_id(open_city.mailing).state == "open"


def test_a_statement_over_its_limit_is_said_so(open_city: City, database: Server) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '200ms'")
    try:
        with somebody_holds(database, "LOCK TABLE mailings_mailingtask IN ACCESS EXCLUSIVE MODE"):
            said = run("tasks")
    finally:
        connection.close()
    assert said.exit_code == 75
    assert "EF585: The database ended this, because it took longer than its time limit." in said.output


@pytest.mark.parametrize("what", ["a roll", "a plan", "the account"])
def test_the_few_long_statements_have_longer(
    city: City, database: Server, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a limit that no statement keeps, they go through: theirs is their own."""
    from django.db import connections

    from everyfamily.people.database import long_statements

    asked: list[str] = []
    allow = long_statements.allow_long_statements

    def note(using: str = "default") -> None:
        allow(using)
        with connections[using].cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            asked.append(cursor.fetchone()[0])

    place = {
        "a roll": "everyfamily.people.actions.rolls.rolls",
        "a plan": "everyfamily.mailings.actions.planning.planning",
        "the account": "everyfamily.reports.reading",
    }[what]
    monkeypatch.setattr(f"{place}.allow_long_statements", note)
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    city.coverage(NOW + timedelta(minutes=1))
    assert set(asked) == {"30min"}
    with connections["planner" if what == "the account" else "default"].cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("2min",), "for that transaction alone"


def test_the_guide_shows_who_keeps_whom_waiting(
    open_city: City, database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.guards import claims_under_way

    monkeypatch.setattr(claims_under_way, "LONGEST", "3s")
    guide = Path(__file__).parents[3] / "docs/howto/run-the-workers.md"
    (asks,) = re.findall(r"```sql\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    with (
        somebody_holds(database, "LOCK TABLE mailings_ledgerentry IN ACCESS EXCLUSIVE MODE") as holder,
        psycopg.connect(database.dsn(Role.APP), autocommit=True) as looks,
    ):
        thread = threading.Thread(target=_and_close, args=(run, "pause"))
        thread.start()
        wait_for(lambda: looks.execute(asks).fetchall(), "somebody who waits", seconds=60)
        ((_, waits, holds, _, state, *_),) = looks.execute(asks).fetchall()
        thread.join(30)
    assert (waits, holds, state) == ("everyfamily", holder, "idle in transaction")
