"""The pages of what one signs in with open only after a second factor was shown for them, however new the sign-in."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.doors import (
    PASSWORD,
    Person,
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
from tests.factories.school_pages import words_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

PASSKEY, APP, CODES, NEW_CODES = (
    "/me/passkeys/new/",
    "/me/second-factor/",
    "/me/recovery-codes/",
    "/me/recovery-codes/new/",
)
PAGES = (PASSKEY, APP, CODES, NEW_CODES, "/me/second-factor/1/remove/", "/me/password/")


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setattr(Person, "shows_codes", False)
    with open_doors(tmp_path):
        yield


def asks(client: Client, path: str, form: dict[str, Any] | None = None) -> bool:
    """Whether the page, or its form, asks who it is."""
    answer = client.get(path, secure=True) if form is None else client.post(path, form, secure=True)
    return answer.headers.get("Location", "").startswith("/me/again/")


def act_of(client: Client, path: str) -> tuple[str, str]:
    """The page of the proof, and the act that it shows."""
    place = client.get(path, secure=True).headers["Location"]
    found = re.search(r'name="act" value="(\w+)"', page_of(client, place))
    assert found, place
    return place, found[1]


def show_code(client: Client, code: str, path: str) -> HttpResponse:
    """Open a page, and give a code when it asks."""
    _, act = act_of(client, path)
    return client.post("/me/again/code/", {"code": code, "next": path, "act": act}, secure=True)  # type: ignore[return-value]


def show_passkey(client: Client, passkey: Passkey, path: str) -> HttpResponse:
    _, act = act_of(client, path)
    asked = options_of(client, f"/me/again/passkey/?next={path}")
    form = {"credential": passkey.signed(asked), "next": path, "act": act}
    return client.post("/me/again/passkey/", form, secure=True)  # type: ignore[return-value]


def codes_of(client: Client) -> list[str]:
    return re.findall(r"<li>([\w-]{8,})</li>", page_of(client, CODES))


def copy_of(client: Client) -> Client:
    thief = a_client()
    thief.cookies["__Host-everyfamily"] = client.cookies["__Host-everyfamily"].value
    return thief


def kinds() -> list[str]:
    from allauth.mfa.models import Authenticator

    return sorted(Authenticator.objects.values_list("type", flat=True))


def test_no_page_opens_for_a_sign_in_of_this_moment_or_for_a_password() -> None:
    _, secret = with_app("Ada Clarke")
    client = a_client()
    client.post("/sign-in/", {"login": "ada@example.org", "password": PASSWORD}, secure=True)
    client.post("/sign-in/code/", {"code": code_of(secret)}, secure=True)
    assert is_in(client)
    for path in PAGES:
        assert asks(client, path), path
        assert asks(client, path, {}), path
        _, act = act_of(client, path)
        sent = {"password": PASSWORD, "next": path, "act": act}
        assert "use your password" not in page_of(client, f"/me/again/code/?next={path}").lower()
        client.post("/me/again/", sent, secure=True)
        assert asks(client, path), path


def test_the_sign_in_by_a_passkey_of_this_moment_opens_no_page_either() -> None:
    _, passkey = with_passkey("Ada Clarke")
    client = a_client()
    press_passkey(client, passkey)
    assert is_in(client)
    assert [path for path in PAGES if not asks(client, path)] == []


def test_a_code_opens_the_page_that_was_asked_for_and_no_other() -> None:
    client, secret = with_app("Ada Clarke")
    page = page_of(client, act_of(client, PASSKEY)[0])
    assert "You are about to make a passkey" in re.sub("<[^>]*>", "", page)
    assert show_code(client, code_of(secret), PASSKEY).headers["Location"] == PASSKEY
    assert client.get(PASSKEY, secure=True).status_code == 200
    others = [path for path in PAGES if path != PASSKEY]
    assert [path for path in others if not asks(client, path)] == []


def test_one_proof_adds_one_passkey() -> None:
    client, passkey = with_passkey("Ada Clarke")
    assert show_passkey(client, passkey, PASSKEY).headers["Location"] == PASSKEY
    # The page opens again for somebody whose browser made none at first.
    assert add_passkey(client, Passkey(origin="https://elsewhere.example")).status_code == 200
    assert add_passkey(client, Passkey()).headers["Location"] == "/me/"
    assert kinds().count("webauthn") == 2
    assert asks(client, PASSKEY)


def test_the_form_needs_the_proof_too_and_only_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    client, passkey = with_passkey("Ada Clarke")
    show_passkey(client, passkey, PASSKEY)
    form = {"credential": Passkey().made(options_of(client, PASSKEY)), "name": "late"}
    later = time.time() + 601
    monkeypatch.setattr("time.time", lambda: later)
    assert asks(client, PASSKEY, form)
    # And does not go on by itself after a proof: it may be a form of somebody else.
    assert show_passkey(client, passkey, PASSKEY).headers["Location"] == PASSKEY
    assert kinds().count("webauthn") == 1


def test_nine_minutes_are_not_too_late_and_no_password_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    client, passkey = with_passkey("Ada Clarke")
    show_passkey(client, passkey, PASSKEY)
    later = time.time() + 540
    monkeypatch.setattr("time.time", lambda: later)
    assert add_passkey(client, Passkey()).headers["Location"] == "/me/"


def test_what_a_copy_sent_does_not_go_on_with_the_owners_proof() -> None:
    """The copy sends its own passkey first, and then the owner opens the page and shows who they are."""
    client, passkey = with_passkey("Ada Clarke")
    thief = copy_of(client)
    assert asks(thief, PASSKEY, {"credential": Passkey().made(_options(thief)), "name": "mine"})
    assert show_passkey(client, passkey, PASSKEY).headers["Location"] == PASSKEY
    assert kinds().count("webauthn") == 1
    # From then on the copy is worth nothing.
    assert thief.get(PASSKEY, secure=True).headers["Location"].startswith("/sign-in/")


def _options(client: Client) -> dict[str, Any]:
    """What any page asks a browser for: the copy takes what it gets."""
    return {"publicKey": options_of(client, "/me/again/passkey/")["publicKey"] | {"user": {"id": "eHg"}}}


def test_a_copy_that_asks_for_a_page_meanwhile_gets_nothing() -> None:
    client, passkey = with_passkey("Ada Clarke")
    place, act = act_of(client, APP)
    form = {"credential": passkey.signed(options_of(client, place)), "next": APP, "act": act}
    thief = copy_of(client)
    assert asks(thief, PASSKEY)
    answer = client.post("/me/again/passkey/", form, secure=True)
    assert (answer.status_code, "asked for meanwhile" in words_of(answer)) == (409, True)
    assert asks(thief, PASSKEY)
    assert asks(thief, APP)


def test_a_proof_for_an_act_opens_no_page_and_one_for_a_page_does_no_act() -> None:
    client, passkey = with_passkey("Ada Clarke", "administrator")
    show_passkey(client, passkey, APP)
    form = {"name": "Mo Hale", "email": "mo@example.org", "role": "viewer"}
    assert asks(client, "/people/invite/", form)
    place = client.post("/people/invite/", form, secure=True).headers["Location"]
    act = re.search(r'name="act" value="(\w+)"', page_of(client, place))
    assert act
    sent = {"credential": passkey.signed(options_of(client, place)), "next": "/people/invite/", "act": act[1]}
    assert client.post("/me/again/passkey/", sent, secure=True).headers["Location"].startswith("/people/")
    assert asks(client, PASSKEY)


def test_somebody_new_is_asked_for_nothing_that_they_have_not() -> None:
    """The first second factor, and then the recovery codes that it came with."""
    client = with_password_only("Ada Clarke")
    assert not asks(client, APP)
    assert not asks(client, PASSKEY)
    set_up_app(client)
    assert len(codes_of(client)) == 10
    # They were shown once: a copy of the cookie from now on does not see them.
    assert asks(client, CODES)
    assert asks(client, NEW_CODES)
    other = with_password_only("Ben Frost")
    assert add_passkey(other, Passkey()).headers["Location"] == CODES
    assert len(codes_of(other)) == 10


def test_somebody_who_set_up_an_app_a_moment_ago_goes_on_with_the_code_that_it_shows() -> None:
    """The app still shows the code that set it up. It counts once more, and then never again."""
    client = with_password_only("Ada Clarke")
    secret = set_up_app(client)
    code = code_of(secret)
    assert asks(client, PASSKEY)
    assert show_code(client, code, PASSKEY).headers["Location"] == PASSKEY
    assert add_passkey(client, Passkey()).headers["Location"] == "/me/"
    assert show_code(client, code, APP).status_code == 200, "it counts once"


def test_new_recovery_codes_are_shown_without_another_proof() -> None:
    client, secret = with_app("Ada Clarke")
    before = codes_of(client)
    assert show_code(client, code_of(secret), NEW_CODES).headers["Location"] == NEW_CODES
    assert client.post(NEW_CODES, secure=True).headers["Location"] == CODES
    # One act to its end, which is to have read them.
    assert not set(before) & set(codes_of(client))
    assert events()[-1] == "recovery codes replaced"


def test_somebody_who_lost_their_phone_sets_up_another_app_with_a_recovery_code() -> None:
    from django.core.cache import cache

    client, _ = with_app("Ada Clarke", "administrator")
    first, second, third, fourth = codes_of(client)[:4]
    client = a_client()
    client.post("/sign-in/", {"login": "ada@example.org", "password": PASSWORD}, secure=True)
    client.post("/sign-in/code/", {"code": first}, secure=True)
    assert is_in(client)
    assert "recovery codes will do" in page_of(client, act_of(client, APP)[0])
    assert show_code(client, first, APP).status_code == 200, "each counts once"
    cache.clear()
    assert show_code(client, second, APP).headers["Location"] == APP
    secret = set_up_app(client)
    # A recovery code is for what one signs in with, and is no proof of anything else.
    form = {"name": "Mo Hale", "email": "mo@example.org", "role": "viewer"}
    place = client.post("/people/invite/", form, secure=True).headers["Location"]
    assert "recovery codes will do" not in page_of(client, place)
    act = re.search(r'name="act" value="(\w+)"', page_of(client, place))
    assert act
    sent = {"code": third, "next": "/people/invite/", "act": act[1]}
    assert client.post("/me/again/code/", sent, secure=True).headers["Location"].startswith("/me/again/")
    assert fourth
    assert show_code(client, code_of(secret), PASSKEY).headers["Location"] == PASSKEY


def test_an_app_is_replaced_and_a_factor_removed_after_a_proof_each() -> None:
    from django.core.cache import cache

    client, passkey = with_passkey("Ada Clarke")
    show_passkey(client, passkey, APP)
    first = set_up_app(client)
    show_passkey(client, passkey, APP)
    second = set_up_app(client)
    assert first != second
    cache.clear()
    remove = "/me/second-factor/1/remove/"
    assert show_code(client, code_of(second), remove).headers["Location"] == remove
    # For this factor only.
    assert asks(client, "/me/second-factor/99/remove/", {})
    assert show_code(client, code_of(second), remove).status_code == 200, "the code was used"


def test_another_password_needs_a_proof_and_the_form_is_kept_nowhere() -> None:
    client, passkey = with_passkey("Ada Clarke")
    new = "another lantern entirely soup"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert asks(client, "/me/password/", form)
    assert new not in str(dict(client.session))
    show_passkey(client, passkey, "/me/password/")
    assert client.post("/me/password/", form | {"oldpassword": "no"}, secure=True).status_code == 200
    assert client.post("/me/password/", form, secure=True).status_code == 302
    assert asks(client, "/me/password/")
    assert "password changed" in events()
