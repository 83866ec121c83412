"""Somebody who can write to the database copies their own second factor to another account: it does not open there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.doors import PASSWORD, a_client, is_in, open_doors, page_of, with_app

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    from django.core.cache import cache

    with open_doors(tmp_path):
        cache.clear()
        yield


def _account(address: str) -> int:
    from everyfamily.accounts.models import Account

    return int(Account.objects.get(email=address).pk)


def _copy(kind: str, giver: int, taker: int) -> None:
    """As the app role, in SQL."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator SET data = (SELECT data FROM mfa_authenticator WHERE user_id = %s AND type = %s) "
            "WHERE user_id = %s AND type = %s",
            [giver, kind, taker, kind],
        )
        assert cursor.rowcount == 1


def _sign_in(address: str, code: str) -> Any:
    client = a_client()
    client.post("/sign-in/", {"login": address, "password": PASSWORD}, secure=True)
    return client, client.post("/sign-in/code/", {"code": code}, secure=True)


def test_an_app_that_was_copied_to_another_account_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    from django.core.cache import cache

    _, of_ada = with_app("Ada Clarke", "administrator")
    _, of_tom = with_app("Tom Rydal", "viewer")
    ada, tom = _account("ada@example.org"), _account("tom@example.org")
    _copy("totp", tom, ada)
    for secret in (of_tom, of_ada):
        client, answer = _sign_in("ada@example.org", code_of(secret))
        assert "Your codes cannot be checked here" in answer.content.decode()
        assert not is_in(client)
    assert f"event=second-factor-does-not-open account={ada} kind=totp" in caplog.text
    assert f"event=sign-in-code-refused account={ada} code=EF278" in caplog.text
    # Where it belongs it is good.
    cache.clear()
    client, _ = _sign_in("tom@example.org", code_of(of_tom))
    assert is_in(client)


def test_recovery_codes_that_were_copied_are_refused_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    import re

    first, _ = with_app("Ada Clarke", "administrator")
    other, _ = with_app("Tom Rydal", "viewer")
    page_of(first, "/me/recovery-codes/")
    code = re.findall(r"<li>([\w-]{8,})</li>", page_of(other, "/me/recovery-codes/"))[0]
    ada, tom = _account("ada@example.org"), _account("tom@example.org")
    _copy("recovery_codes", tom, ada)
    client, _ = _sign_in("ada@example.org", code)
    assert not is_in(client)
    assert code not in page_of(first, "/me/recovery-codes/")
    assert f"event=second-factor-does-not-open account={ada} kind=recovery_codes" in caplog.text


def test_a_secret_of_one_kind_does_not_open_as_another() -> None:
    from allauth.mfa.models import Authenticator

    from everyfamily.staff.doors.secrets_of_factors import SecretNotOpened

    with_app("Ada Clarke", "administrator")
    row = Authenticator.objects.get(type="totp")
    seed = Authenticator(user_id=row.user_id, type="recovery_codes", data={"seed": str(row.data["secret"])})
    with pytest.raises(SecretNotOpened):
        seed.wrap().generate_codes()


def test_what_is_on_its_way_to_a_row_does_not_open_in_one() -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from django.db import connections

    from everyfamily.staff.doors.secrets_of_factors import SecretNotOpened

    with_app("Ada Clarke", "administrator")
    fresh = json.dumps({"secret": str(get_adapter().encrypt("JBSWY3DPEHPK3PXP"))})
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE mfa_authenticator SET data = %s WHERE type = 'totp'", [fresh])
    with pytest.raises(SecretNotOpened):
        Authenticator.objects.get(type="totp").wrap().validate_code("123456")
    with pytest.raises(SecretNotOpened):
        get_adapter().decrypt(json.loads(fresh)["secret"])
