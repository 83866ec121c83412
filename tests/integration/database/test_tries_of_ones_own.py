"""Wrong passwords of others keep nobody out of the browser in which they signed in before, nor a whole office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.doors import (
    PASSWORD,
    Person,
    a_client,
    is_in,
    open_doors,
    page_of,
    press_passkey,
    shown_to_be,
    with_app,
    with_passkey,
)

pytestmark = [pytest.mark.database, pytest.mark.slow]

COOKIE = "__Host-everyfamily-browser"
TOO_MANY = "Too many failed"
NEW_PASSWORD = "violet ladder under rain"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def types(client: Person, address: str = "tom@example.org", password: str = PASSWORD) -> str:
    return client.post("/sign-in/", {"login": address, "password": password}, secure=True).content.decode()  # type: ignore[no-any-return]


def somebody_tries(address: str = "tom@example.org", times: int = 5) -> None:
    """Somebody else, in another browser."""
    for number in range(times):
        types(a_client(), address, f"wrong lantern number {number}")
    assert TOO_MANY in types(a_client(), address)


def in_before(name: str = "Tom Rydal") -> Person:
    """A browser in which somebody signed in with a password and a recovery code, and signed out."""
    first, _ = with_app(name)
    code = re.findall(r"<li>([\w-]{8,})</li>", page_of(first, "/me/recovery-codes/"))[0]
    client = a_client()
    types(client, f"{name.split()[0].lower()}@example.org")
    client.post("/sign-in/code/", {"code": code}, secure=True)
    assert is_in(client)
    client.post("/sign-out/", {}, secure=True)
    assert not is_in(client)
    return client


def test_a_browser_with_both_steps_before_is_not_kept_out_by_others() -> None:
    client = in_before()
    somebody_tries()
    assert TOO_MANY not in types(client)
    assert client.get("/sign-in/code/", secure=True).status_code == 200


def test_its_own_tries_are_as_few() -> None:
    client = in_before()
    for number in range(5):
        assert TOO_MANY not in types(client, password=f"wrong lantern number {number}")
    assert TOO_MANY in types(client)
    # And a copy of the cookie has no more of them.
    copy = a_client()
    copy.cookies[COOKIE] = client.cookies[COOKIE].value
    assert TOO_MANY in types(copy)
    assert TOO_MANY not in types(a_client()), "nobody else is held up by them"


def test_the_cookie_of_another_account_gives_no_tries() -> None:
    with_app("Ada Clarke")
    client = in_before()
    somebody_tries("ada@example.org")
    assert TOO_MANY in types(client, "ada@example.org")
    for changed in ("x", client.cookies[COOKIE].value[:-1] + "A", ":::", "é"):
        forged = a_client()
        forged.cookies[COOKIE] = changed
        assert TOO_MANY in types(forged, "ada@example.org")


def test_it_ends_with_its_time_and_with_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.accounts.models import Account

    client = in_before()
    somebody_tries()
    with monkeypatch.context() as patched:
        patched.setattr("everyfamily.staff.doors.known_browsers.LASTS", -1)
        assert TOO_MANY in types(client)
    assert TOO_MANY not in types(client)
    account = Account.objects.get()
    account.set_password(NEW_PASSWORD)
    account.save()
    again = a_client()
    again.cookies[COOKIE] = client.cookies[COOKIE].value
    assert TOO_MANY in types(again, password=NEW_PASSWORD)


def test_the_cookie_says_nobodys_name_and_is_only_for_this_host() -> None:
    cookie = in_before().cookies[COOKIE]
    assert re.fullmatch(r"[\w-]{22}:\w{6,7}:[\w-]{43}", cookie.value)
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        True,
        "Strict",
        "/",
        "",
    )
    assert cookie["max-age"] == 90 * 86_400


def test_one_step_gives_no_cookie_and_a_passkey_does() -> None:
    client, secret = with_app("Tom Rydal")
    assert COOKIE not in client.cookies
    half = a_client()
    types(half)
    assert COOKIE not in half.cookies
    half.post("/sign-in/code/", {"code": code_of(secret)}, secure=True)
    assert COOKIE in half.cookies
    shown_to_be(client)
    _, passkey = with_passkey("Ada Clarke")
    other = a_client()
    press_passkey(other, passkey)
    assert COOKIE in other.cookies


def test_ten_wrong_tries_from_one_office_keep_nobody_else_there_out() -> None:
    with_app("Tom Rydal")
    for number in range(40):
        types(a_client(), f"nobody{number}@example.org", "wrong lantern")
    assert TOO_MANY not in types(a_client())
    for number in range(40, 60):
        types(a_client(), f"nobody{number}@example.org", "wrong lantern")
    said = a_client().post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    assert said.status_code == 429, "sixty in a minute are too many"
