"""What somebody with only a copied cookie, or an open screen, cannot do: each grave act asks again who it is."""

from __future__ import annotations

import re
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
    open_doors,
    options_of,
    page_of,
    with_app,
    with_passkey,
)
from tests.factories.passkey import Passkey
from tests.factories.school_pages import words_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

INVITE = "/people/invite/"
ASKED = "/me/again/code/?next=%2Fpeople%2Finvite%2F"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Person, "shows_codes", False)
    with open_doors(tmp_path):
        yield


def form(name: str = "Mo Hale") -> dict[str, str]:
    return {"name": name, "email": f"{name.split()[0].lower()}@example.org", "role": "viewer"}


def invited() -> list[str]:
    from everyfamily.accounts.models import Invitation

    return list(Invitation.objects.filter(used_at=None).order_by("id").values_list("name", flat=True))


def shown(page: str) -> str:
    """The act that the page of the proof shows."""
    found = re.search(r'name="act" value="(\w+)"', page)
    assert found, page[-1500:]
    return found[1]


def proof(client: Client, passkey: Passkey, page: str = f"/me/again/passkey/?next={INVITE}") -> dict[str, Any]:
    """What the script sends from the page of the proof."""
    act = shown(page_of(client, page))
    return {"credential": passkey.signed(options_of(client, page)), "next": INVITE, "act": act}


def test_an_act_waits_for_a_code_and_then_goes_on_by_itself() -> None:
    client, secret = with_app("Ada Clarke", "administrator")
    answer = client.post(INVITE, form(), secure=True)
    assert (answer.headers["Location"], invited()) == (ASKED, [])
    page = page_of(client, ASKED)
    assert "You are about to invite somebody to the partnership" in re.sub("<[^>]*>", "", page)
    answer = client.post(
        "/me/again/code/", {"code": code_of(secret), "next": INVITE, "act": shown(page)}, secure=True
    )
    assert (answer.status_code, invited()) == (302, ["Mo Hale"])
    assert answer.headers["Location"].startswith("/people/invitations/")


def test_each_act_needs_a_proof_of_its_own_however_soon() -> None:
    client, passkey = with_passkey("Ada Clarke", "administrator")
    client.post(INVITE, form(), secure=True)
    assert client.post("/me/again/passkey/", proof(client, passkey), secure=True).status_code == 302
    assert invited() == ["Mo Hale"]
    for name in ("Noor Hale", "Mo Hale"):
        answer = client.post(INVITE, form(name), secure=True)
        assert answer.headers["Location"].startswith("/me/again/")
    assert invited() == ["Mo Hale"]


def test_a_password_is_no_proof_of_an_act() -> None:
    """Somebody who has a copy of the cookie may have the password too."""
    client, _ = with_app("Ada Clarke", "administrator")
    client.post(INVITE, form(), secure=True)
    assert "use your password" not in page_of(client, ASKED)
    sent = {"password": PASSWORD, "next": INVITE, "act": shown(page_of(client, ASKED))}
    answer = client.post("/me/again/", sent, secure=True)
    assert (answer.headers["Location"], invited()) == (ASKED, [])


def test_a_recovery_code_is_no_proof_of_an_act() -> None:
    client, _ = with_app("Ada Clarke", "administrator")
    code = re.findall(r"<li>([\w-]{8,})</li>", page_of(client, "/me/recovery-codes/"))[0]
    client.post(INVITE, form(), secure=True)
    sent = {"code": code, "next": INVITE, "act": shown(page_of(client, ASKED))}
    client.post("/me/again/code/", sent, secure=True)
    assert invited() == []


def test_a_proof_for_one_act_does_nothing_for_another_that_was_asked_for_meanwhile() -> None:
    """Somebody with a copy of the cookie presses while its owner has the page of the proof open."""
    client, passkey = with_passkey("Ada Clarke", "administrator")
    thief = a_client()
    client.post(INVITE, form(), secure=True)
    sent = proof(client, passkey)
    thief.cookies = client.cookies
    thief.post(INVITE, form("Mallory Crane"), secure=True)
    answer = client.post("/me/again/passkey/", sent, secure=True)
    assert (answer.status_code, "asked for meanwhile" in words_of(answer)) == (409, True)
    assert invited() == []


def test_what_was_shown_before_the_press_is_no_proof() -> None:
    client, passkey = with_passkey("Ada Clarke", "administrator")
    page = "/me/again/passkey/?next=/me/passkeys/new/"
    sent = {"credential": passkey.signed(options_of(client, page)), "next": "/me/passkeys/new/"}
    assert client.post("/me/again/passkey/", sent, secure=True).status_code == 302
    assert client.post(INVITE, form(), secure=True).headers["Location"].startswith("/me/again/")
    assert invited() == []


def test_a_cookie_from_before_the_proof_is_worth_nothing_after_it() -> None:
    client, passkey = with_passkey("Ada Clarke", "administrator")
    thief = a_client()
    thief.cookies["__Host-everyfamily"] = client.cookies["__Host-everyfamily"].value
    client.post(INVITE, form(), secure=True)
    assert client.post("/me/again/passkey/", proof(client, passkey), secure=True).status_code == 302
    assert thief.get("/people/", secure=True).headers["Location"].startswith("/sign-in/")
