"""The doors without a browser: invitations, clients, and people who came in."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.test import Client

from tests.factories.authenticator_app import code_of
from tests.factories.browser import Browser
from tests.factories.passkey import Passkey

if TYPE_CHECKING:
    from django.http import HttpResponse

HOST = "letters.eastmere.example"
PASSWORD = "harbour lantern sixty toast"


@contextmanager
def open_doors(folder: Path, **settings: Any) -> Iterator[None]:
    """The pages of accounts, with a key for second factors in the folder, and with other `settings`. Passwords are
    hashed quickly, which is not what is tested."""
    from django.test import override_settings

    from everyfamily.staff.check.signed_in import OF_ONE_ACCOUNT
    from everyfamily.staff.doors.secrets_of_factors import make_key
    from everyfamily.staff.limits import WRONG_LINKS

    # What other tests of this process tried: accounts and addresses are the same ones again.
    OF_ONE_ACCOUNT.forget()
    WRONG_LINKS.forget()
    key = folder / "sign-in.key"
    make_key(key)
    usual: dict[str, Any] = {
        "ALLOWED_HOSTS": [HOST],
        "EVERYFAMILY_SIGN_IN_KEY_FILE": str(key),
        "EVERYFAMILY_CLOCK": "system",
        "SECRET_KEY": "a key that only tests know, and long enough",
    }
    usual["PASSWORD_HASHERS"] = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(**(usual | settings)):
        yield


class Person(Browser):
    """Somebody's browser. Signed in, they show a code of their app whenever a form or a page asks for it."""

    account = 0
    shows_codes = True
    """False: what is asked for waits, as for somebody who has only a copied cookie."""

    def get(self, path: str, *args: Any, **more: Any) -> Any:
        """Open a page, and show the code if it asks for one."""
        answer = super().get(path, *args, **more)
        return super().get(path, *args, **more) if self._shows(path, answer) else answer

    def post(self, path: str, data: Any = None, *args: Any, **more: Any) -> Any:
        """Send a form, and the code if the page asks for one. What was sent then goes on by itself."""
        answer = super().post(path, data, *args, **more)
        if self._shows(path, answer):
            for value in (data or {}).values():
                if hasattr(value, "seek"):
                    value.seek(0)
            answer = super().post(path, data, *args, **more)
        return answer

    def _shows(self, path: str, answer: Any) -> bool:
        place = answer.headers.get("Location", "")
        asks = self.shows_codes and place.startswith("/me/again/") and not path.startswith("/me/again/")
        if not asks or self.session.get("act", {}).get("path") != path:
            return False
        shown_to_be(self)
        return True


def shown_to_be(client: Client) -> None:
    """Somebody who is signed in has shown just now, by their app, that it is still them."""
    from allauth.account.internal.userkit import user_id_to_str

    from everyfamily.accounts.models import Account

    session = client.session
    session["account_authentication_methods_user"] = user_id_to_str(Account(pk=int(session["_auth_user_id"])))
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
    ]
    session.save()


def a_client(**more: Any) -> Person:
    """A browser that nobody used yet."""
    return Person(headers={"host": HOST}, raise_request_exception=False, **more)


def invited(name: str, role: str, **where: object) -> str:
    """The address of an invitation, as the machine itself shows it."""
    from everyfamily.accounts.actions.inviting import invite_here
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    offer = offer_of(name, f"{name.split()[0].lower()}@example.org", Role(role), **where)  # type: ignore[arg-type]
    # People of tests have addresses at example.org, whatever the settings in force say.
    with patch("everyfamily.accounts.actions.inviting.in_force", return_value=None):
        return f"/invitations/{invite_here(offer, Actor.typed('Ines Ortega'), datetime.now(UTC))}/"


def with_password_only(name: str, role: str = "author", **where: object) -> Person:
    """Somebody who accepted an invitation and has no second factor yet."""
    client = a_client()
    client.post(invited(name, role, **where), {"password": PASSWORD}, secure=True)
    return client


def with_app(name: str, role: str = "author", **where: object) -> tuple[Person, str]:
    """Somebody who came in and set up an app; also the app's secret."""
    client = with_password_only(name, role, **where)
    return client, set_up_app(client)


def set_up_app(client: Client) -> str:
    """Set up an app, and return its secret."""
    found = re.search(r'class="code">([\w ]+)<', page_of(client, "/me/second-factor/"))
    assert found
    secret = found[1].replace(" ", "")
    answer = client.post("/me/second-factor/", {"code": code_of(secret)}, secure=True)
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    return secret


def with_passkey(name: str, role: str = "author", passkey: Passkey | None = None) -> tuple[Person, Passkey]:
    """Somebody who came in and made a passkey."""
    client, passkey = with_password_only(name, role), passkey or Passkey()
    answer = add_passkey(client, passkey)
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    return client, passkey


def add_passkey(client: Client, passkey: Passkey, name: str = "work laptop") -> HttpResponse:
    """Send a new passkey, as the script would."""
    form = {"credential": passkey.made(options_of(client, "/me/passkeys/new/")), "name": name}
    return client.post("/me/passkeys/new/", form, secure=True)  # type: ignore[return-value]


def press_passkey(client: Client, passkey: Passkey, **other: Any) -> HttpResponse:
    """Sign in by one press, as the script would."""
    asked = client.get("/sign-in/passkey/", secure=True, headers={"accept": "application/json"}).json()
    form = {"credential": passkey.signed(asked["request_options"], **other)}
    return client.post("/sign-in/passkey/", form, secure=True)  # type: ignore[return-value]


def options_of(client: Client, path: str) -> dict[str, Any]:
    """What a page asks the browser for."""
    page = page_of(client, path)
    found = re.search(r'data-options="([^"]*)"', page)
    assert found, page[-1500:]
    return json.loads(html.unescape(found[1]))  # type: ignore[no-any-return]


def page_of(client: Client, path: str) -> str:
    """The page as text, whatever its status."""
    return client.get(path, secure=True).content.decode()


def is_in(client: Client) -> bool:
    """Whether the desk opens."""
    return client.get("/", secure=True).status_code == 200


def events() -> list[str]:
    """What the audit trail says, in order."""
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT action FROM audit_auditevent ORDER BY id")
        return [row[0] for row in cursor.fetchall()]
