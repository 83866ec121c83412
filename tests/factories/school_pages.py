"""A school's own people in a browser that is Django's client, and what a page shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from everyfamily.core.permissions import Role
from tests.factories.browser import Browser
from tests.factories.city import NOW
from tests.factories.doors import HOST, open_doors

if TYPE_CHECKING:
    from django.test import Client

OURS, THEIRS = 900001, 900002
MOST_QUERIES = 15


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """Pages are served, and it is NOW. `folder` is for the key of second factors."""
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with open_doors(folder, EVERYFAMILY_CLOCK="database"):
        yield


def somebody(name: str, *roles: tuple[Role, int | None]) -> Client:
    """Signed in with both factors and these roles, which count only the first time that the name is given."""
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import Account, Membership

    email = f"{name.split()[0].lower()}@example.org"
    account, is_new = Account.objects.get_or_create(email=email, defaults={"name": name, "made_at": NOW})
    if is_new:
        for role, school_id in roles:
            Membership.objects.create(
                account=account, role=role, school_id=school_id, given_by="Ines Ortega", given_at=NOW
            )
        Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    client = Browser(headers={"host": HOST})
    client.force_login(account)
    return client


def lead_of(school_id: int, name: str = "Dev Marchetti") -> Client:
    """A lead of one school."""
    return somebody(name, (Role.LEAD, school_id))


def place(what: str, urn: int = OURS) -> str:
    """An address below a school's own."""
    return f"/schools/{urn}/{what}"


def words_of(answer: Any) -> str:
    """What a page says, without marks."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def questions_of(client: Client, path: str) -> int:
    """How many questions a page asks of the database, once somebody has opened it before."""
    from django.db import connections

    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    client.get(path, secure=True)
    with connections["default"].execute_wrapper(note), connections["planner"].execute_wrapper(note):
        assert client.get(path, secure=True).status_code == 200
    # Only a demonstration asks the database what time it is.
    return sum("simulatedclock" not in sql for sql in found)
