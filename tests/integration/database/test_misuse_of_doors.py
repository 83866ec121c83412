"""What somebody tries at the doors who should not come in, or who wants to send others elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.doors import (
    HOST,
    PASSWORD,
    a_client,
    add_passkey,
    events,
    invited,
    is_in,
    open_doors,
    page_of,
    press_passkey,
    set_up_app,
    with_app,
    with_passkey,
    with_password_only,
)
from tests.factories.passkey import Passkey
from tests.factories.taking_post import Post

pytestmark = [pytest.mark.database, pytest.mark.slow]

COOKIE = "__Host-everyfamily"
TOO_MANY = "Too many failed"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def _with_password(address: str = "tom@example.org", password: str = PASSWORD) -> Any:
    """A browser in which the password was typed, and what it got."""
    client = a_client()
    return client, client.post("/sign-in/", {"login": address, "password": password}, secure=True)


def test_after_twenty_wrong_codes_the_right_one_does_not_help_either() -> None:
    from django.core.cache import cache

    first, secret = with_app("Tom Rydal")
    spare = re.findall(r"<li>([\w-]{8,})</li>", page_of(first, "/me/recovery-codes/"))[0]
    client, _ = _with_password()
    for number in range(20):
        client.post("/sign-in/code/", {"code": f"{number:06d}"}, secure=True)
    for code in (code_of(secret), spare):
        assert TOO_MANY in client.post("/sign-in/code/", {"code": code}, secure=True).content.decode()
        assert not is_in(client)
    # Five minutes later it does: the table has nothing any more.
    cache.clear()
    assert client.post("/sign-in/code/", {"code": code_of(secret)}, secure=True).status_code == 302
    assert is_in(client)


def test_after_twenty_wrong_passwords_the_right_one_does_not_help_but_a_passkey_does() -> None:
    _, passkey = with_passkey("Tom Rydal")
    for number in range(20):
        _with_password(password=f"wrong lantern number {number}")
    client, answer = _with_password()
    assert TOO_MANY in answer.content.decode()
    assert client.get("/sign-in/code/", secure=True).status_code == 302
    # Nobody shuts a person out by trying passwords for their address.
    assert press_passkey(client, passkey).status_code == 302
    assert is_in(client)


def test_an_address_that_nobody_has_is_counted_in_the_same_way() -> None:
    for _ in range(20):
        _with_password("nobody@example.org")
    assert TOO_MANY in _with_password("nobody@example.org")[1].content.decode()


def test_a_code_of_an_app_is_good_once() -> None:
    _, secret = with_app("Tom Rydal")
    code = code_of(secret)
    first, _ = _with_password()
    first.post("/sign-in/code/", {"code": code}, secure=True)
    second, _ = _with_password()
    second.post("/sign-in/code/", {"code": code}, secure=True)
    assert is_in(first)
    assert not is_in(second)


def test_what_is_counted_is_in_the_database_and_tells_nobodys_address() -> None:
    from django.db import connections

    _, secret = with_app("Tom Rydal")
    _with_password(password="wrong wrong wrong")
    code = code_of(secret)
    _with_password()[0].post("/sign-in/code/", {"code": code}, secure=True)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM accounts_tries")
        rows = cursor.fetchall()
    assert rows
    for key, value in rows:
        assert re.fullmatch("[0-9a-f]{64}", key)
        assert re.fullmatch(r'[\d., \[\]]*|true|"y"', value), value


def test_a_count_ends_with_its_time_and_is_kept_by_one_of_two_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.core.cache import cache
    from django.db import connections

    def tell(_: int) -> bool:
        try:
            return cache.add("once", [1, 2.5], timeout=60)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(tell, range(4))) == [False, False, False, True]
    assert cache.get("once") == [1, 2.5]
    assert cache.touch("once", timeout=-1)
    assert cache.get("once") is None
    assert cache.add("once", "y", timeout=None)
    cache.set("once", {"a": None})
    assert cache.get("once") == {"a": None}
    assert cache.delete("once")
    assert not cache.delete("once")
    assert cache.get("once", "nothing") == "nothing"


@pytest.mark.parametrize("kind", ["known", "unknown", "ended", "without a password"])
def test_each_sign_in_that_fails_costs_one_hash_whatever_the_address_is(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    from everyfamily.accounts.models import Account

    with_password_only("Tom Rydal")
    if kind == "ended":
        Account.objects.update(is_active=False)
    if kind == "without a password":
        account = Account.objects.get()
        account.set_unusable_password()
        account.save()
    hashed = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(1)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    _with_password("nobody@example.org" if kind == "unknown" else "tom@example.org", "wrong wrong wrong")
    assert len(hashed) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        *(
            "//evil.example/",
            "\\\\evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https:///evil.example",
        ),
        *(
            "https://evil.example",
            "http://localhost/",
            "javascript:alert(1)",
            "/\t/evil.example",
            "\n//evil.example",
        ),
        *(f"https://{HOST}.evil.example/", f"https://{HOST}@evil.example/", "evil.example"),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(elsewhere: str) -> None:
    client = a_client()
    client.force_login(_somebody())
    answer = client.get("/sign-in/", {"next": elsewhere}, secure=True)
    assert answer.headers["Location"] == "/"


def test_whoever_signs_in_again_is_where_they_were() -> None:
    from everyfamily.core.session_ends import IDLE

    client, passkey = with_passkey("Tom Rydal")
    # Without a script, the page says it.
    said = r"You are signed in until \d+(:\d\d)?[ap]m, and longer with each page that you open, until \d+"
    assert re.search(said, page_of(client, "/me/"))
    later = time.time() + IDLE + 1
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("everyfamily.staff.doors.sessions.time.time", lambda: later)
        gone = client.get("/me/?a=b", secure=True).headers["Location"]
        assert gone == "/sign-in/?next=/me/%3Fa%3Db"
        assert "You were signed out" in page_of(client, gone)
    asked = client.get("/sign-in/passkey/", secure=True, headers={"accept": "application/json"}).json()
    form = {"credential": passkey.signed(asked["request_options"]), "next": "/me/?a=b"}
    assert client.post("/sign-in/passkey/", form, secure=True).headers["Location"] == "/me/?a=b"


def test_a_form_that_was_sent_after_the_session_ended_leads_back_to_its_page() -> None:
    from django.test import Client

    client, _ = with_passkey("Ada Clarke", "administrator")
    strict = Client(headers={"host": HOST}, raise_request_exception=False, enforce_csrf_checks=True)
    strict.cookies = client.cookies
    form = {"csrfmiddlewaretoken": _token(page_of(strict, "/people/invite/"))}
    later = time.time() + 1801
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("everyfamily.staff.doors.sessions.time.time", lambda: later)
        here = {"referer": f"https://{HOST}/people/invite/?a=b", "origin": f"https://{HOST}"}
        page = strict.post("/people/invite/", form, secure=True, headers=here).content.decode()
    assert 'href="/sign-in/?next=/people/invite/%3Fa%3Db"' in page


def test_the_door_shuts_for_a_minute_in_words_if_too_many_come_from_one_network() -> None:
    client = a_client()
    for _ in range(60):
        client.post("/sign-in/", {"login": "", "password": ""}, secure=True)
    answer = client.post("/sign-in/", {"login": "", "password": ""}, secure=True)
    assert answer.status_code == 429
    assert "That was too often" in answer.content.decode()


def test_the_session_gets_another_id_with_each_step_and_the_old_one_opens_nothing() -> None:
    client = a_client()
    page_of(client, "/sign-in/")
    seen = [client.cookies[COOKIE].value]
    client.post(invited("Tom Rydal", "author"), {"password": PASSWORD}, secure=True)
    seen.append(client.cookies[COOKIE].value)
    add_passkey(client, Passkey())
    seen.append(client.cookies[COOKIE].value)
    set_up_app(client)
    seen.append(client.cookies[COOKIE].value)
    client.post("/me/again/", {"password": PASSWORD, "next": "/me/"}, secure=True)
    seen.append(client.cookies[COOKIE].value)
    assert len(set(seen)) == len(seen)
    for old in seen[:-1]:
        thief = a_client()
        thief.cookies[COOKIE] = old
        assert not is_in(thief)
    assert is_in(client)


def test_every_session_is_in_the_list_and_ends_with_signing_out_everywhere_else() -> None:
    client, passkey = with_passkey("Tom Rydal")
    other = a_client()
    press_passkey(other, passkey)
    assert page_of(other, "/me/sessions/").count("A browser that does not say") == 2
    # Whoever has only the open screen ends nothing.
    assert other.post("/me/sessions/", secure=True).headers["Location"].startswith("/me/again/")
    assert is_in(client)
    client.post("/me/sessions/", secure=True)
    assert is_in(client)
    assert not is_in(other)
    assert events()[-1] == "other sessions ended"
    client.post("/me/recovery-codes/new/", secure=True)
    assert events()[-1] == "recovery codes replaced"


def test_a_password_is_what_was_typed_however_long_and_with_its_spaces() -> None:
    password = "  Zwölf Öfen 🦊 " + "lantern sixty " * 90
    client = a_client()
    client.post(invited("Tom Rydal", "author"), {"password": password}, secure=True)
    assert client.get("/", secure=True).headers["Location"] == "/me/second-factor/"
    for typed, good in (
        (password.strip(), False),
        (password.lower(), False),
        (password[:1000], False),
        (password, True),
    ):
        again = a_client()
        again.post("/sign-in/", {"login": "tom@example.org", "password": typed}, secure=True)
        assert (again.get("/", secure=True).headers["Location"] == "/me/second-factor/") is good


def test_a_new_password_needs_the_old_one_and_ends_every_other_session() -> None:
    client, passkey = with_passkey("Tom Rydal")
    other = a_client()
    press_passkey(other, passkey)
    form = {
        "oldpassword": "wrong lantern sixty",
        "password1": "velvet orbit walnut",
        "password2": "velvet orbit walnut",
    }
    assert client.post("/me/password/", form, secure=True).status_code == 200
    assert is_in(other)
    client.post("/me/password/", form | {"oldpassword": PASSWORD}, secure=True)
    assert is_in(client)
    assert not is_in(other)
    assert events()[-1] == "password changed"
    new, _ = _with_password(password=PASSWORD)
    assert new.get("/sign-in/code/", secure=True).headers["Location"].startswith("/sign-in/")


def test_a_session_id_that_somebody_made_up_is_not_used() -> None:
    _, passkey = with_passkey("Tom Rydal")
    client = a_client()
    client.cookies[COOKIE] = "x" * 32
    press_passkey(client, passkey)
    assert client.cookies[COOKIE].value != "x" * 32


def test_an_account_that_ends_is_out_with_the_next_request() -> None:
    from everyfamily.accounts.models import Account

    client, passkey = with_passkey("Tom Rydal")
    assert is_in(client)
    Account.objects.update(is_active=False)
    assert not is_in(client)
    assert not is_in(client)
    press_passkey(client, passkey)
    assert not is_in(client)


def test_a_form_of_one_account_is_not_sent_as_another() -> None:
    """Two tabs: the form was opened as Ada, and then Ben signed in in the other tab."""
    from django.test import Client

    ada, _ = with_passkey("Ada Clarke", "administrator")
    _, bens = with_passkey("Ben Frost", "administrator")
    ours = {"host": HOST, "origin": f"https://{HOST}"}
    tabs = Client(headers=ours, raise_request_exception=False, enforce_csrf_checks=True)
    tabs.cookies = ada.cookies
    token = _token(page_of(tabs, "/people/invite/"))
    tabs.post("/sign-out/", {"csrfmiddlewaretoken": token}, secure=True)
    asked = tabs.get("/sign-in/passkey/", secure=True, headers={"accept": "application/json"}).json()
    theirs = {"csrfmiddlewaretoken": _token(page_of(tabs, "/sign-in/"))}
    form = {"credential": bens.signed(asked["request_options"])} | theirs
    assert tabs.post("/sign-in/passkey/", form, secure=True).status_code == 302
    for old in (token, theirs["csrfmiddlewaretoken"]):
        invitation = {"csrfmiddlewaretoken": old, "name": "Cleo Hart", "email": "cleo@example.org"}
        answer = tabs.post("/people/invite/", invitation | {"role": "viewer"}, secure=True)
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.content.decode()


def test_another_host_is_refused_and_never_repeated() -> None:
    from django.test import Client

    for host in ("evil.example", f"{HOST}.evil.example", f"{HOST}:80@evil.example"):
        answer = Client(headers={"host": host}).get("/sign-in/", secure=True)
        assert answer.status_code == 400
        assert "evil" not in answer.content.decode()
        assert "evil" not in str(answer.headers)


def test_a_link_of_an_invitation_is_for_our_own_address_whatever_a_request_says() -> None:
    from django.test import override_settings

    from everyfamily.accounts.actions.invitation_mail import send_links

    client, _ = with_passkey("Ada Clarke", "administrator")
    form = {"name": "Ben Frost", "email": "ben@example.org", "role": "author", "urn": "", "body": ""}
    with override_settings(EVERYFAMILY_BASE_URL="https://eastmere.example", ALLOWED_HOSTS=[HOST, "localhost"]):
        client.post("/people/invite/", form, secure=True)
        post = Post()
        send_links(post, datetime.now(UTC))
    assert "https://eastmere.example/invitations/" in post.taken[0].body.text


@pytest.mark.parametrize("name", ["Ben " + "x" * 296, "Ben \u202etsorF", "Ben Fr\u200best", "Ben\x00 Frost"])
def test_a_name_that_hides_or_floods_is_refused(name: str) -> None:
    from everyfamily.core.invitations import NotInvitable, offer_of
    from everyfamily.core.permissions import Role

    with pytest.raises(NotInvitable):
        offer_of(name, "ben@example.org", Role.AUTHOR)


def test_a_forwarded_invitation_gives_its_role_to_nobody_who_is_signed_in_as_another() -> None:
    from everyfamily.accounts.queries import held_of

    client, _ = with_passkey("Mara Quill", "viewer")
    link = invited("Tom Rydal", "administrator")
    client.post(link, secure=True)
    assert client.get("/people/", secure=True).status_code == 403
    assert {str(one.role) for one in held_of(_id("mara@example.org")).standings} == {"viewer"}


def test_only_a_page_that_loads_a_script_may_run_one() -> None:
    client, _ = with_passkey("Tom Rydal", "administrator")
    seen = {}
    for path in ("/", "/me/", "/people/", "/me/password/", "/me/passkeys/new/", "/no/", "/robots.txt"):
        answer = client.get(path, secure=True)
        policy, body = answer.headers["Content-Security-Policy"], answer.content.decode()
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert ("script-src 'self'" in policy) is ("<script " in body), path
        assert re.findall(r"<script(?! src=\"/static/staff/\w+\.js\" defer></script>)", body) == [], path
        seen[path] = "script-src" in policy
        assert ('href="/sign-out/"' in body) is seen[path], path
        # The menu is on every page too, also on those that a library renders.
        assert ('aria-label="Menu"' in body) is seen[path], path
        assert answer.headers["Cache-Control"] == "no-store" or path.startswith("/robots"), path
    assert seen["/me/passkeys/new/"]
    assert not seen["/no/"]
    assert "script-src" in a_client().get("/sign-in/", secure=True).headers["Content-Security-Policy"]
    assert "script-src" not in a_client().get("/return/x/", secure=True).headers["Content-Security-Policy"]


def test_whoever_has_only_a_password_sees_no_menu() -> None:
    assert 'aria-label="Menu"' not in page_of(with_password_only("Tom Rydal"), "/me/second-factor/")


def test_a_page_of_a_failure_asks_the_database_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    client, _ = with_passkey("Tom Rydal")

    def failing(*_: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(SessionStore, "load", failing)
    answer = client.get("/me/", secure=True)
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


def _somebody() -> Any:
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import Account

    account = Account.objects.create(email="tom@example.org", name="Tom Rydal", made_at=datetime.now(UTC))
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    return account


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def _id(email: str) -> int:
    from everyfamily.accounts.models import Account

    return Account.objects.get(email=email).pk
