"""Somebody reads the database: what it holds of sessions signs nobody in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.doors import (
    a_client,
    is_in,
    open_doors,
    page_of,
    press_passkey,
    with_passkey,
    with_password_only,
)

pytestmark = [pytest.mark.database, pytest.mark.slow]

COOKIE = "__Host-everyfamily"
TABLES = ("django_session", "usersessions_usersession")


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def _kept(table: str) -> list[str]:
    """What a reader of the database sees."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT session_key FROM {table}")
        return [row[0] for row in cursor.fetchall()]


def _whole(table: str) -> str:
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t")
        return " ".join(row[0] for row in cursor.fetchall())


def _with_cookie(value: str) -> Any:
    thief = a_client()
    thief.cookies[COOKIE] = value
    return thief


@pytest.mark.parametrize("table", TABLES)
def test_what_a_table_holds_signs_nobody_in(table: str) -> None:
    client, _ = with_passkey("Tom Rydal")
    cookie = client.cookies[COOKIE].value
    assert is_in(_with_cookie(cookie)), "the cookie itself would"
    kept = _kept(table)
    assert kept
    for value in kept:
        assert not is_in(_with_cookie(value))
    assert cookie not in _whole(table)


def test_both_tables_hold_the_same_of_one_session() -> None:
    client, _ = with_passkey("Tom Rydal")
    client.get("/me/", secure=True)
    (one,) = _kept(TABLES[1])
    assert one in _kept(TABLES[0])
    assert one == client.session.session_key


def test_after_a_new_id_the_old_cookie_and_both_rows_are_dead() -> None:
    client = with_password_only("Tom Rydal")
    old, before = client.cookies[COOKIE].value, _kept(TABLES[1])
    client.post("/me/again/", {"password": "harbour lantern sixty toast", "next": "/me/"}, secure=True)
    new = client.cookies[COOKIE].value
    assert new != old
    assert client.get("/", secure=True).headers["Location"] == "/me/second-factor/"
    for dead in (old, *before):
        assert _with_cookie(dead).get("/", secure=True).headers["Location"].startswith("/sign-in/")
    assert not set(before) & {*_kept(TABLES[0]), *_kept(TABLES[1])}


def test_the_list_shows_this_sign_in_and_another_and_ends_the_other() -> None:
    client, passkey = with_passkey("Tom Rydal")
    other = a_client()
    press_passkey(other, passkey)
    for browser in (client, other):
        page = page_of(browser, "/me/sessions/")
        assert page.count("A browser that does not say") == 2
        assert page.count("this one") == 1
    client.post("/me/sessions/", secure=True)
    assert is_in(client)
    assert not is_in(other)
    assert page_of(client, "/me/sessions/").count("A browser that does not say") == 1


def test_letting_somebody_in_again_ends_what_they_had() -> None:
    from datetime import UTC, datetime

    from everyfamily.accounts.actions.inviting import let_in_now
    from everyfamily.accounts.models import Account
    from everyfamily.core.actors import Actor

    client, _ = with_passkey("Tom Rydal")
    let_in_now(Account.objects.get().pk, Actor.typed("Ines Ortega"), datetime.now(UTC))
    assert not is_in(client)
    assert _kept(TABLES[1]) == []
    assert "_auth" not in str(dict(client.session))


def test_signing_out_ends_the_row() -> None:
    client, _ = with_passkey("Tom Rydal")
    cookie, row = client.cookies[COOKIE].value, client.session.session_key
    client.post("/sign-out/", secure=True)
    assert row not in _kept(TABLES[0])
    assert not is_in(_with_cookie(cookie))


def test_a_process_with_another_key_knows_no_session(tmp_path: Path) -> None:
    from django.test import override_settings

    from everyfamily.staff.doors.secrets_of_factors import make_key

    client, _ = with_passkey("Tom Rydal")
    make_key(tmp_path / "another.key")
    with override_settings(EVERYFAMILY_SIGN_IN_KEY_FILE=str(tmp_path / "another.key")):
        assert not is_in(_with_cookie(client.cookies[COOKIE].value))
    assert is_in(client)


@pytest.mark.parametrize("file", ["", "nowhere.key"])
def test_without_the_key_a_cookie_is_nobodys_and_other_pages_are_served(file: str, tmp_path: Path) -> None:
    from django.test import override_settings

    client, _ = with_passkey("Tom Rydal")
    with override_settings(SECRET_KEY="x" * 40, EVERYFAMILY_SIGN_IN_KEY_FILE=file and str(tmp_path / file)):
        assert client.session.session_key is None
        assert client.get("/robots.txt", secure=True).status_code == 200
        assert client.get("/return/made-up/", secure=True).status_code == 403


@pytest.mark.parametrize("value", ["x", "a" * 8000, "\x00", "é\ud800", "' OR 1=1"])
def test_a_made_up_cookie_is_nobodys(value: str) -> None:
    from everyfamily.staff.doors.session_store import SessionStore
    from everyfamily.staff.known_sessions import cookie_of

    made_up = SessionStore(value)
    assert dict(made_up.items()) == {}
    assert (made_up.session_key, cookie_of(made_up)) == (None, "")


def test_the_asynchronous_half_keeps_the_digest_too() -> None:
    from asgiref.sync import async_to_sync

    from everyfamily.staff.doors.session_store import RowKey, SessionStore
    from everyfamily.staff.known_sessions import cookie_of

    async def made() -> Any:
        store = SessionStore()
        await store.aset("seen", 1)
        await store.asave()
        first = cookie_of(store)
        await store.acycle_key()
        assert await SessionStore(cookie_of(store)).aget("seen") == 1
        assert await SessionStore(first).aget("seen") is None
        assert await store.aexists(str(store.session_key))
        return store

    store = async_to_sync(made)()
    assert _kept(TABLES[0]) == [RowKey.of(cookie_of(store))]
    assert cookie_of(store) not in _whole(TABLES[0])


def test_nothing_that_is_logged_has_the_cookie_or_its_digest(caplog: pytest.LogCaptureFixture) -> None:
    client, _ = with_passkey("Tom Rydal")
    client.get("/people/", secure=True)
    _with_cookie("made-up-cookie-of-somebody").get("/", secure=True)
    for secret in (client.cookies[COOKIE].value, str(client.session.session_key), "made-up-cookie"):
        assert secret not in caplog.text
        assert secret not in _whole("audit_auditevent")
