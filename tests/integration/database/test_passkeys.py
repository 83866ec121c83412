"""Passkeys: made, named, used for signing in by one press, refused, and removed; the last second factor stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.doors import (
    PASSWORD,
    a_client,
    add_passkey,
    events,
    is_in,
    open_doors,
    options_of,
    page_of,
    press_passkey,
    set_up_app,
    with_app,
    with_passkey,
    with_password_only,
)
from tests.factories.passkey import Passkey

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def test_a_passkey_is_a_second_factor_and_then_signs_in_by_itself() -> None:
    client, passkey = with_passkey("Tom Rydal")
    assert is_in(client)
    new = a_client()
    assert press_passkey(new, passkey).headers["Location"] == "/"
    assert is_in(new)
    assert events()[-2:] == ["passkey added", "signed in"]


def test_the_audit_trail_says_with_what_somebody_signed_in() -> None:
    from django.db import connections

    _, passkey = with_passkey("Tom Rydal")
    press_passkey(a_client(), passkey)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT detail FROM audit_auditevent WHERE action = 'signed in' ORDER BY id DESC LIMIT 1")
        (found,) = cursor.fetchone()
    assert (json.loads(found) if isinstance(found, str) else found) == {"with": ["passkey"]}


def test_the_first_set_up_offers_a_passkey_and_an_app() -> None:
    page = page_of(with_password_only("Tom Rydal"), "/me/second-factor/")
    assert 'href="/me/passkeys/new/"' in page
    assert "authenticator app" in page


def test_a_passkey_is_also_a_second_factor_after_the_password() -> None:
    _, passkey = with_passkey("Tom Rydal")
    client = a_client()
    client.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    form = {"credential": passkey.signed(options_of(client, "/sign-in/code/"))}
    assert client.post("/sign-in/code/", form, secure=True).headers["Location"] == "/"
    assert is_in(client)


def test_a_new_passkey_asks_for_a_finger_a_face_or_a_pin_and_is_kept_on_the_device() -> None:
    asked = options_of(with_password_only("Tom Rydal"), "/me/passkeys/new/")["publicKey"]
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["rp"]["id"] == "letters.eastmere.example"
    assert asked["user"]["displayName"] == "Tom Rydal"


def test_passkeys_are_for_the_host_of_the_address_of_the_pages(tmp_path: Path) -> None:
    from django.test import override_settings

    client = with_password_only("Tom Rydal")
    with override_settings(EVERYFAMILY_BASE_URL="https://eastmere.example"):
        assert options_of(client, "/me/passkeys/new/")["publicKey"]["rp"]["id"] == "eastmere.example"


def test_a_passkey_that_was_made_wrongly_is_not_taken() -> None:
    client = with_password_only("Tom Rydal")
    for passkey in (
        Passkey(verifies=False),
        Passkey(host="elsewhere.example"),
        Passkey(origin="https://elsewhere.example"),
        Passkey(origin="http://letters.eastmere.example"),
    ):
        answer = add_passkey(client, passkey)
        assert answer.status_code == 200, passkey
        assert "could not be read" in answer.content.decode()
        assert not is_in(client)


def test_an_answer_that_is_wrong_signs_nobody_in() -> None:
    _, toms = with_passkey("Tom Rydal")
    _, maras = with_passkey("Mara Quill")
    good = {"verifies": True, "host": toms.host, "origin": toms.origin}
    for name, wrong in (("verifies", False), ("host", "a.example"), ("origin", "https://a.example")):
        setattr(toms, name, wrong)
        client = a_client()
        answer = press_passkey(client, toms)
        assert "does not open an account here" in answer.content.decode(), name
        assert not is_in(client)
        setattr(toms, name, good[name])
    for other in (
        {"signature": b"x" * 70},
        {"userHandle": maras.user},
        {"userHandle": "eHg"},
        {"userHandle": ""},
    ):
        client = a_client()
        assert press_passkey(client, toms, **other).status_code == 200, other
        assert not is_in(client)
    stranger = Passkey(user=toms.user)
    client = a_client()
    press_passkey(client, stranger)
    assert not is_in(client)


def test_an_answer_is_good_once_and_only_for_the_browser_that_was_asked() -> None:
    _, passkey = with_passkey("Tom Rydal")
    client, other = a_client(), a_client()
    asked = client.get("/sign-in/passkey/", secure=True, headers={"accept": "application/json"}).json()
    form = {"credential": passkey.signed(asked["request_options"])}
    assert other.post("/sign-in/passkey/", form, secure=True).status_code == 200
    assert not is_in(other)
    assert client.post("/sign-in/passkey/", form, secure=True).status_code == 302
    client.post("/sign-out/", secure=True)
    assert client.post("/sign-in/passkey/", form, secure=True).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize(
    "said",
    [{"crossOrigin": True}, {"crossOrigin": False, "topOrigin": "https://a.example"}, {"crossOrigin": "no"}],
)
def test_a_page_inside_another_sites_page_gets_no_passkey(said: dict[str, object]) -> None:
    client, passkey = with_passkey("Tom Rydal")
    passkey.client = said
    assert "inside a page of another site" in press_passkey(a_client(), passkey).content.decode()
    second = a_client()
    second.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    form = {"credential": passkey.signed(options_of(second, "/sign-in/code/"))}
    assert "inside a page of another site" in second.post("/sign-in/code/", form, secure=True).content.decode()
    assert not is_in(second)
    assert "another site" in add_passkey(client, Passkey(client=said)).content.decode()
    passkey.client = {"crossOrigin": False}
    assert press_passkey(a_client(), passkey).status_code == 302


def test_a_passkey_of_one_device_counts_on_or_opens_nothing() -> None:
    _, passkey = with_passkey("Tom Rydal", passkey=Passkey(count=3))
    for count, is_good in ((3, False), (5, True), (5, False), (2, False), (0, False), (6, True)):
        passkey.count = count
        client = a_client()
        answer = press_passkey(client, passkey)
        assert is_in(client) is is_good, count
        assert is_good or "counts no more uses than last time" in answer.content.decode()
    passkey.count = 4
    second = a_client()
    second.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    form = {"credential": passkey.signed(options_of(second, "/sign-in/code/"))}
    assert second.post("/sign-in/code/", form, secure=True).status_code == 200
    assert not is_in(second)


def test_a_new_name_keeps_the_count() -> None:
    client, passkey = with_passkey("Tom Rydal")
    passkey.count = 5
    assert press_passkey(a_client(), passkey).status_code == 302
    client.post("/me/passkeys/1/name/", {"name": "laptop"}, secure=True)
    passkey.count = 4
    assert press_passkey(a_client(), passkey).status_code == 200


@pytest.mark.parametrize(("synced", "counts"), [(True, (7, 0, 3)), (True, (0, 0)), (False, (0, 0, 0))])
def test_one_that_is_synced_or_never_counts_signs_in_each_time(synced: bool, counts: tuple[int, ...]) -> None:
    _, passkey = with_passkey("Tom Rydal", passkey=Passkey(synced=synced))
    for count in counts:
        passkey.count = count
        assert press_passkey(a_client(), passkey).status_code == 302, count


def test_what_no_browser_sends_is_refused_in_words() -> None:
    client, _ = with_passkey("Tom Rydal")
    new = a_client()
    hollow = {"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": "e30"}}
    odd: list[object] = [
        [],
        [1],
        1,
        "x",
        {},
        {"id": 1},
        {"response": []},
        {"response": {"userHandle": 5}},
        hollow,
    ]
    for sent in ("", "x", *map(json.dumps, odd)):
        new.get("/sign-in/passkey/", secure=True, headers={"accept": "application/json"})
        options_of(client, "/me/passkeys/new/")
        answers = (
            new.post("/sign-in/passkey/", {"credential": sent}, secure=True),
            client.post("/me/passkeys/new/", {"credential": sent, "name": "x"}, secure=True),
        )
        for answer in answers:
            assert answer.status_code == 200, sent
            assert "There is a problem" in answer.content.decode(), sent


def test_whoever_uses_an_own_sign_in_does_not_come_in_by_a_passkey_only() -> None:
    from everyfamily.accounts.models import Account

    _, passkey = with_passkey("Tom Rydal")
    account = Account.objects.get()
    account.set_unusable_password()
    account.save()
    client = a_client()
    assert "own sign-in" in press_passkey(client, passkey).content.decode()
    assert not is_in(client)


def test_a_partnership_can_take_only_passkeys_that_stay_on_one_device() -> None:
    from django.test import override_settings

    _, synced = with_passkey("Tom Rydal", passkey=Passkey(synced=True))
    with override_settings(EVERYFAMILY_PASSKEYS="device-bound"):
        client = with_password_only("Mara Quill")
        answer = add_passkey(client, Passkey(synced=True))
        assert "only passkeys that stay on one device" in answer.content.decode()
        assert not is_in(client)
        assert add_passkey(client, Passkey()).status_code == 302
        # One that was made earlier opens nothing either.
        new = a_client()
        assert "only passkeys that stay on one device" in press_passkey(new, synced).content.decode()
        assert not is_in(new)


def test_the_account_shows_which_passkeys_are_synced() -> None:
    client, _ = with_passkey("Tom Rydal", passkey=Passkey(synced=True))
    assert "Passkey, synced between your devices" in page_of(client, "/me/")
    add_passkey(client, Passkey(), "key on my ring")
    page = page_of(client, "/me/")
    assert "Passkey, only on one device" in page
    assert "key on my ring" in page


def test_a_passkey_is_renamed_and_its_name_hides_nothing() -> None:
    client, _ = with_passkey("Tom Rydal")
    answer = client.post("/me/passkeys/1/name/", {"name": "lap\u202etop <b>"}, secure=True)
    assert answer.headers["Location"] == "/me/", answer.content.decode()[-800:]
    page = page_of(client, "/me/")
    assert "lap top &lt;b&gt;" in page
    assert events()[-1] == "passkey renamed"


def test_nobody_renames_or_removes_what_is_somebody_elses() -> None:
    with_passkey("Tom Rydal")
    client, _ = with_passkey("Mara Quill")
    for path in ("/me/passkeys/1/name/", "/me/second-factor/1/remove/"):
        assert client.get(path, secure=True).status_code == 404
        assert client.post(path, {"name": "x"}, secure=True).status_code == 404


def test_the_last_second_factor_cannot_be_removed() -> None:
    client, passkey = with_passkey("Tom Rydal")
    answer = client.post("/me/second-factor/1/remove/", secure=True)
    assert answer.status_code == 409
    assert "only second factor" in answer.content.decode()
    assert press_passkey(a_client(), passkey).status_code == 302


def test_a_passkey_that_was_removed_opens_nothing() -> None:
    client, passkey = with_passkey("Tom Rydal")
    set_up_app(client)
    assert client.post("/me/second-factor/1/remove/", secure=True).headers["Location"] == "/me/"
    assert events()[-1] == "passkey removed"
    new = a_client()
    assert press_passkey(new, passkey).status_code == 200
    assert not is_in(new)


def test_another_app_takes_the_place_of_the_first_without_a_moment_between() -> None:
    client, first = with_app("Tom Rydal")
    second = set_up_app(client)
    assert second != first
    assert events()[-1] == "authenticator app replaced"
    new = a_client()
    new.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    new.post("/sign-in/code/", {"code": code_of(first)}, secure=True)
    assert not is_in(new)


def test_a_new_name_asks_again_who_it_is_after_five_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    client, _ = with_passkey("Tom Rydal")
    later = time.time() + 400
    monkeypatch.setattr("time.time", lambda: later)
    assert client.get("/me/passkeys/1/name/", secure=True).headers["Location"].startswith("/me/again/")


def test_a_passkey_proves_again_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    client, passkey = with_passkey("Tom Rydal")
    later = time.time() + 400
    monkeypatch.setattr("time.time", lambda: later)
    where = "/me/again/passkey/?next=/me/passkeys/new/"
    form = {"credential": passkey.signed(options_of(client, where)), "next": "/me/passkeys/new/"}
    assert client.post("/me/again/passkey/", {"credential": "{}"}, secure=True).status_code == 200
    options_of(client, where)
    form = {"credential": passkey.signed(options_of(client, where)), "next": "/me/passkeys/new/"}
    assert client.post("/me/again/passkey/", form, secure=True).headers["Location"] == "/me/passkeys/new/"
    assert client.get("/me/passkeys/new/", secure=True).status_code == 200
