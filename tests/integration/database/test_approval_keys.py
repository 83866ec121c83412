"""Passkeys that approve: made by one person of a body, confirmed by another, and never by one person alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import DatabaseError, connections, transaction
from django.test import override_settings

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import events, open_doors, options_of, page_of
from tests.factories.passkey import Passkey
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def _signatory(name: str, **more: Any) -> Any:
    """Somebody of the police who signs."""
    return signed_in(Role.SIGNATORY, name, **more)


def _made(client: Any, passkey: Passkey | None = None, name: str = "force laptop") -> Any:
    """What the page answers to a new passkey."""
    sent = (passkey or Passkey()).made(options_of(client, "/keys/new/"))
    return client.post("/keys/new/", {"credential": sent, "name": name}, secure=True)


def new_rsa(bits: int) -> Any:
    return rsa.generate_private_key(65537, bits)


def _keys() -> list[Any]:
    from everyfamily.accounts.key_queries import keys_of_body

    return keys_of_body("police")


def test_a_key_is_made_by_one_person_and_confirmed_by_another_of_the_same_body() -> None:
    ruth, ian = _signatory("Ruth Calloway"), _signatory("Ian Frayne")
    answer = _made(ruth)
    assert answer.status_code == 302
    [key] = _keys()
    page = page_of(ruth, answer.headers["Location"])
    assert key.key.fingerprint in page
    assert "A second person" in page
    # Neither the person who made it nor anybody of another body confirms it.
    assert ruth.post(f"/keys/{key.id}/confirm/", secure=True).status_code == 409
    assert signed_in(Role.ADMINISTRATOR).post(f"/keys/{key.id}/confirm/", secure=True).status_code == 403
    # Somebody who has only an open screen of a colleague confirms and ends nothing.
    open_screen = signed_in(Role.SIGNATORY, "Mo Hale")
    open_screen.shows_codes = False
    for what in ("confirm", "end"):
        answer = open_screen.post(f"/keys/{key.id}/{what}/", secure=True)
        assert answer.headers["Location"].startswith("/me/again/")
    assert (_keys()[0].confirmed_at, _keys()[0].ended_at) == (None, None)
    assert ian.get(f"/keys/{key.id}/confirm/", secure=True).headers["Location"] == f"/keys/{key.id}/"
    assert ian.post(f"/keys/{key.id}/confirm/", secure=True).status_code == 302
    [key] = _keys()
    assert key.confirmed_by == "Ian Frayne"
    # It is confirmed once, and still counts for nothing: the settings do not name it.
    assert ian.post(f"/keys/{key.id}/confirm/", secure=True).status_code == 409
    assert "[[signatories.keys]]" in page_of(ian, f"/keys/{key.id}/")
    # A coordinator asks for it to be put in, and somebody else puts it in force, because it changes who signs.
    with override_settings(EVERYFAMILY_PARTNERSHIP=str(PARTNERSHIP)):
        cora, ada = signed_in(Role.COORDINATOR, "Cora Finch"), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
        assert "Put 1 key of those who sign into the settings" in page_of(cora, "/")
        assert key.key.fingerprint in page_of(cora, "/settings/keys/")
        asked = cora.post(f"/settings/keys/{key.id}/", secure=True)
        assert asked.status_code == 302, asked.content.decode()[-2000:]
        proposal = asked.headers["Location"]
        assert key.key.fingerprint in page_of(ada, proposal)
        assert cora.post(f"{proposal}in-force/", secure=True).status_code == 409
        assert ada.post(f"{proposal}in-force/", secure=True).status_code == 302
        assert "Counts" in page_of(ian, f"/keys/{key.id}/")
        assert "Every confirmed key is in the settings" in page_of(cora, "/settings/keys/")
    # Either of them ends it.
    assert ian.post(f"/keys/{key.id}/end/", secure=True).status_code == 302
    assert ian.post(f"/keys/{key.id}/end/", secure=True).status_code == 409
    assert _keys()[0].ended_by == "Ian Frayne"
    assert [one for one in events() if "approval key" in one] == [
        "make approval key",
        "confirm approval key",
        "end approval key",
    ]


def test_somebody_who_was_let_in_a_moment_ago_is_no_second_person() -> None:
    ruth = _signatory("Ruth Calloway")
    answer = _made(ruth)
    assert "Nobody else signs for it here yet" in page_of(ruth, answer.headers["Location"])
    answer = _signatory("Ian Frayne", is_new=True).post(f"/keys/{_keys()[0].id}/confirm/", secure=True)
    assert (answer.status_code, "24 hours" in answer.content.decode()) == (409, True)
    assert _keys()[0].confirmed_at is None


def test_what_is_no_new_passkey_for_approving_is_refused_and_one_of_windows_is_not() -> None:
    ruth = _signatory("Ruth Calloway")
    short = Passkey(key=new_rsa(1024))
    assert _made(ruth, short).status_code == 422
    for passkey in (
        Passkey(verifies=False),
        Passkey(origin="https://elsewhere.example.org"),
        Passkey(host="other.example"),
    ):
        answer = _made(ruth, passkey)
        assert (answer.status_code, "No passkey was made" in answer.content.decode()) == (422, True)
    good = Passkey(key=new_rsa(2048))
    sent = good.made(options_of(ruth, "/keys/new/"))
    assert ruth.post("/keys/new/", {"credential": sent}, secure=True).status_code == 302
    # The same answer again, what was never asked, and what cannot be read.
    for again in (sent, "{", "", "[]", "{}"):
        assert ruth.post("/keys/new/", {"credential": again}, secure=True).status_code == 422
    [key] = _keys()
    assert key.key.public_key == good.public_key


def test_a_key_that_approves_signs_nobody_in() -> None:
    from tests.factories.doors import a_client, is_in, press_passkey

    passkey = Passkey()
    assert _made(_signatory("Ruth Calloway"), passkey).status_code == 302
    new = a_client()
    press_passkey(new, passkey)
    assert not is_in(new)


def test_the_database_keeps_whose_key_it_is() -> None:
    assert _made(_signatory("Ruth Calloway")).status_code == 302
    now = datetime.now(UTC)
    for wrong in (
        "UPDATE accounts_signatorykey SET public_key = 'x'",
        "UPDATE accounts_signatorykey SET signatory = 'council'",
        "UPDATE accounts_signatorykey SET confirmed_account_id = account_id, confirmed_by = 'x', confirmed_at = now()",
        "DELETE FROM accounts_signatorykey",
    ):
        for alias in ("default", "owner"):
            if alias in connections:
                with (
                    pytest.raises(DatabaseError),
                    transaction.atomic(alias),
                    connections[alias].cursor() as cursor,
                ):
                    cursor.execute(wrong)
    assert _keys()[0].made_at <= now
