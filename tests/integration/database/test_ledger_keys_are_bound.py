"""The key of a mailing's ledger opens in the row of that mailing, and nowhere else."""

from __future__ import annotations

import psycopg
import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.keys.vault import ValueDoesNotOpen, new_key
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def mailing(city: City) -> int:
    city.school(900001, [adult("P1", "Ana Testing", EMAIL="ana@example.org")])
    city.open()
    assert city.mailing is not None
    return city.mailing


def make_older(mailing: int, key: bytes, owner_dsn: str) -> None:
    """As a row was written before keys were bound: its wrapped key would open in any row."""
    from everyfamily.people.keys.school_keys import master_key

    wrapped = master_key().wrap(-1, key)
    with psycopg.connect(owner_dsn) as owner:
        # Only in a test: the tables' owner takes the trigger off.
        owner.execute("ALTER TABLE mailings_mailing DISABLE TRIGGER mailings_key_stays_bound")
    from everyfamily.mailings.models import Mailing

    Mailing.objects.filter(pk=mailing).update(ledger_key=wrapped, ledger_key_is_bound=False)
    with psycopg.connect(owner_dsn) as owner:
        owner.execute("ALTER TABLE mailings_mailing ENABLE TRIGGER mailings_key_stays_bound")


def test_a_key_that_was_put_into_another_mailing_does_not_open(mailing: int) -> None:
    from everyfamily.mailings.actions.keys.ledger_keys import new_ledger_key
    from everyfamily.mailings.actions.planning.opening import ledger_key
    from everyfamily.mailings.models import Mailing

    opened = ledger_key(Mailing.objects.get())
    other, wrapped = new_ledger_key()
    assert other == mailing + 1
    assert len(opened) == 32
    Mailing.objects.update(ledger_key=wrapped)
    with pytest.raises(ValueDoesNotOpen):
        ledger_key(Mailing.objects.get())


def test_an_older_key_opens_until_a_worker_has_bound_it_and_then_in_its_own_row_alone(
    mailing: int, database: Server
) -> None:
    from everyfamily.mailings.actions.keys.ledger_keys import bind_ledger_keys
    from everyfamily.mailings.actions.planning.opening import ledger_key
    from everyfamily.mailings.models import Mailing

    key = new_key()
    make_older(mailing, key, database.dsn(Role.OWNER))
    loose = bytes(Mailing.objects.get().ledger_key or b"")
    assert ledger_key(Mailing.objects.get()) == key
    assert bind_ledger_keys(by=Actor.worker(), now=NOW) == 1
    assert bind_ledger_keys(by=Actor.worker(), now=NOW) == 0
    row = Mailing.objects.get()
    assert row.ledger_key_is_bound
    assert ledger_key(row) == key
    row.ledger_key = loose
    with pytest.raises(ValueDoesNotOpen):
        ledger_key(row)


def test_keys_rewrap_binds_too(mailing: int, database: Server) -> None:
    from everyfamily.mailings.actions.keys.ledger_keys import rewrap_ledger_keys
    from everyfamily.mailings.models import Mailing

    make_older(mailing, new_key(), database.dsn(Role.OWNER))
    assert rewrap_ledger_keys(by=Actor.typed("test"), now=NOW) == 1
    assert Mailing.objects.get().ledger_key_is_bound


def test_a_key_that_no_master_key_opens_is_left_and_the_worker_goes_on(
    mailing: int, database: Server, caplog: pytest.LogCaptureFixture
) -> None:
    from everyfamily.mailings.actions.keys.ledger_keys import bind_ledger_keys
    from everyfamily.mailings.models import Mailing

    make_older(mailing, new_key(), database.dsn(Role.OWNER))
    Mailing.objects.update(ledger_key=b"\x01" + b"x" * 60)
    assert bind_ledger_keys(by=Actor.worker(), now=NOW) == 0
    assert f"event=ledger-key-does-not-open mailing={mailing} code=EF401" in caplog.text


def test_what_is_bound_stays_bound(mailing: int, database: Server) -> None:
    with psycopg.connect(database.dsn(Role.APP)) as app, pytest.raises(psycopg.errors.RestrictViolation):
        app.execute("UPDATE mailings_mailing SET ledger_key_is_bound = false")


def test_letters_go_out_under_a_key_that_was_bound_late(city: City, mailing: int, database: Server) -> None:
    from everyfamily.mailings.actions.keys.ledger_keys import bind_ledger_keys

    make_older(mailing, new_key(), database.dsn(Role.OWNER))
    bind_ledger_keys(by=Actor.worker(), now=NOW)
    city.send()
    assert [line["to"] for line in city.outbox()] == ["ana@example.org"]
