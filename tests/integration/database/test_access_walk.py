"""Every address of the product, asked for by every role, against tests/spec/access.toml."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from everyfamily.core.permissions import GRANTED, ON_THE_FIRST_DAY, SCOPES, Right, Role, Scope
from everyfamily_postgres.launcher import Server
from tests.factories.browser import Browser
from tests.spec.tables import table

if TYPE_CHECKING:
    from django.test import Client
    from django.urls import URLPattern

pytestmark = [pytest.mark.database, pytest.mark.slow]

ACCESS = table("access")
ASKS_AGAIN = table("asks_again")
LOOKS = table("looks")["pages"]
OWN, ANOTHER = 900001, 900002
"""URNs of two schools: people with a school's role have it at the first."""
ARGUMENTS = {
    "token": "x" * 43,
    "urn": OWN,
    "code": "TR001",
    "sign_in": "eastmere",
    "drawing": "logo.svg",
    "address": "x",
}
"""What an address is asked for with. Every other part of one is a number, and 1."""
DOOR = ("/sign-in/", "/me/second-factor/")
_LEAVES = ("account_logout", "suspend-self", "mfa_reauthenticate")
"""What ends the session, and the page to which the others lead."""
_OF_CARRIERS = "everyfamily.mailings.edges."


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily.people.models import School
    from everyfamily.staff.doors.secrets_of_factors import make_key

    for number, urn in enumerate((OWN, ANOTHER), start=1):
        School.objects.create(
            pk=number, urn=urn, name=f"School {urn}", kind="primary", phase="primary", sends="us"
        )
    make_key(tmp_path / "sign-in.key")
    key = str(tmp_path / "sign-in.key")
    hosts = ["letters.eastmere.example"]
    with override_settings(ALLOWED_HOSTS=hosts, EVERYFAMILY_SIGN_IN_KEY_FILE=key, EVERYFAMILY_CLOCK="system"):
        yield


def _patterns() -> Iterator[URLPattern]:
    from django.urls import URLPattern, get_resolver

    waiting = list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLPattern):
            yield one
        else:
            waiting += one.url_patterns


def _names() -> set[str]:
    return {
        str(one.name)
        for one in _patterns()
        if one.name is not None or not one.callback.__module__.startswith(_OF_CARRIERS)
    }


def _signed_in(role: Role | None, *, second_factor: bool = True, first_day: bool = False) -> Client:
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import Account, Membership

    now = datetime.now(UTC)
    name = role or "nobody"
    account = Account.objects.create(email=f"{name}@example.org", name=f"{name} Example", made_at=now)
    if role is not None:
        scope = SCOPES[role]
        Membership.objects.create(
            account=account,
            role=role,
            school_id=1 if scope is Scope.SCHOOL else None,
            body="police" if scope is Scope.BODY else "",
            given_by="a test",
            given_at=now,
            full_from=now + timedelta(hours=24) if first_day else None,
        )
    if second_factor:
        Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    client = Browser(headers={"host": "letters.eastmere.example"}, raise_request_exception=False)
    client.force_login(account)
    return client


def _wanted(name: str) -> set[str]:
    """What an address is made with, also what stands before the addresses of its package."""
    from django.urls import get_resolver

    (parts, *_), *_ = get_resolver().reverse_dict.getlist(name)[0]
    return set(parts[1])


def _is_of_one_school(name: str) -> bool:
    return "urn" in _wanted(name)


def _path(name: str, **others: object) -> str:
    from django.urls import reverse

    arguments = ARGUMENTS | others
    return reverse(name, kwargs={key: arguments.get(key, 1) for key in _wanted(name)})


def _not_there(name: str, *, allowed: bool) -> set[int]:
    """404 is an answer too where the address is of a row, because this school has none."""
    return {404} if allowed and _wanted(name) != {"urn"} else set()


def test_every_address_is_in_the_table_and_every_row_is_an_address() -> None:
    assert _names() == set(ACCESS)


@pytest.mark.parametrize("role", [None, *Role])
def test_a_role_opens_what_the_table_says_and_nothing_else(role: Role | None) -> None:
    client = _signed_in(role)
    rights = GRANTED[role] if role else frozenset()
    wrong = []
    for name, who in ACCESS.items():
        if who == "anybody" or _is_of_one_school(name):
            continue
        answer = client.get(_path(name), secure=True)
        refused = answer.status_code == 403
        allowed = who == "signed in" or Right[who] in rights
        at_the_door = answer.headers.get("Location", "").startswith(DOOR)
        if refused is allowed or answer.status_code == 500 or at_the_door:
            wrong.append((name, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


@pytest.mark.parametrize("every_post", [False, pytest.param(True, marks=pytest.mark.nightly)])
@pytest.mark.parametrize(
    ("role", "first_day"), [(None, False), *((one, False) for one in Role), (Role.LEAD, True)]
)
def test_a_page_of_a_school_is_there_only_for_that_schools_people(
    role: Role | None, first_day: bool, every_post: bool
) -> None:
    """Own school: the page, or 403 in words. Any other school: 404, by whatever method, as if it did not exist.

    To somebody without a school each one is another. Of those, a third of the roles post to each address, unless it is
    `every_post`.
    """
    client = _signed_in(role, first_day=first_day)
    is_there = role is not None and SCOPES[role] is Scope.SCHOOL
    rights = GRANTED[role] if role else frozenset()
    rights &= ON_THE_FIRST_DAY if first_day else rights
    wrong = []
    turn = [None, *Role].index(role)
    for at, (name, who) in enumerate((name, who) for name, who in ACCESS.items() if _is_of_one_school(name)):
        if is_there:
            looks = Right.LOOK in rights and name in LOOKS and Right[who] not in rights
            expected = {200, 302, 405} if Right[who] in rights or looks else {403}
            status = client.get(_path(name), secure=True).status_code
            if looks and client.post(_path(name), secure=True).status_code != 403:
                wrong.append((name, OWN, "sends"))
            if status not in expected | _not_there(name, allowed=expected != {403}):
                wrong.append((name, OWN, status))
        asked = [(ANOTHER, "get"), *([(999999, "get")] if role is Role.LEAD else [])]
        if is_there or every_post or (at + turn) % 3 == 0:
            asked.append((ANOTHER, "post"))
        for urn, method in asked:
            answer = getattr(client, method)(_path(name, urn=urn), secure=True)
            if answer.status_code != 404:
                wrong.append((name, urn, answer.status_code))
    assert wrong == []


def test_nobody_opens_anything_without_signing_in() -> None:
    from django.test import Client

    client = Client(headers={"host": "letters.eastmere.example"}, raise_request_exception=False)
    wrong = []
    for name, who in ACCESS.items():
        for method in ("get", "post"):
            answer = getattr(client, method)(_path(name), secure=True)
            to_the_door = answer.headers.get("Location", "").startswith("/sign-in/")
            if who != "anybody" and not to_the_door:
                wrong.append((name, method, answer.status_code))
    assert wrong == []


def test_a_password_alone_leads_from_every_page_to_the_second_factor() -> None:
    client = _signed_in(Role.ADMINISTRATOR, second_factor=False)
    open_without = {
        *("mfa_activate_totp", "mfa_add_webauthn", "account_logout", "account_reauthenticate"),
        "own_sign_in_again",
    }
    wrong = []
    for name, who in ACCESS.items():
        if who == "anybody" or name in open_without:
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(_path(name), secure=True)
            if answer.headers.get("Location") != "/me/second-factor/":
                wrong.append((name, method, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_what_the_table_says_asks_again_who_it_is_and_nothing_else_does(role: Role) -> None:
    """Whatever is sent, and before anything is looked up. Acts are asked for with a cookie that is a moment old."""
    client = _signed_in(role)
    rights, at_school = GRANTED[role], SCOPES[role] is Scope.SCHOOL
    wrong, asked = [], set()
    for name, who in ACCESS.items():
        if (
            who in ("anybody", "signed in")
            or Right[who] not in rights
            or _is_of_one_school(name) is not at_school
        ):
            continue
        form = ASKS_AGAIN.get(name, {}).get("only", {})
        answer = client.post(_path(name), form, secure=True)
        asks = answer.headers.get("Location", "").startswith("/me/again/code/?next=")
        if asks is not (name in ASKS_AGAIN):
            wrong.append((name, answer.status_code, answer.headers.get("Location")))
        if form and client.post(_path(name), secure=True).headers.get("Location", "").startswith("/me/again/"):
            wrong.append((name, "without its form"))
        asked |= {name} if asks else set()
    assert wrong == []
    assert asked or role in (Role.AUTHOR, Role.REVIEWER, Role.DELEGATE, Role.VIEWER, Role.OFFICE, Role.HEAD)


def test_what_anybody_may_open_asks_again_who_it_is_only_where_the_table_says_so() -> None:
    """Of somebody who signed in with their password a moment ago, as the first five minutes of a sign-in are."""
    from allauth.account.internal.userkit import user_id_to_str

    from everyfamily.accounts.models import Account

    client = _signed_in(Role.VIEWER)
    session = client.session
    session["account_authentication_methods_user"] = user_id_to_str(Account.objects.get())
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session.save()
    wrong = []
    for name in (name for name, who in ACCESS.items() if who == "signed in" and name not in _LEAVES):
        for method in ("get", "post"):
            answer = getattr(client, method)(_path(name), secure=True)
            asks = answer.headers.get("Location", "").startswith("/me/again/code/?next=")
            is_page = ASKS_AGAIN.get(name, {}).get("page", False)
            if asks is not (is_page or (name in ASKS_AGAIN and method == "post")):
                wrong.append((name, method, answer.status_code, answer.headers.get("Location")))
    assert wrong == []


def test_the_table_of_what_asks_again_is_the_product_s() -> None:
    from everyfamily.staff.proof import ACTS, ONLY_WITH, PAGES

    pages = {name for name, row in ASKS_AGAIN.items() if row.get("page")}
    assert set(PAGES) == pages
    assert set(ACTS) == set(ASKS_AGAIN) - pages
    assert {name: {field: value} for name, (field, value) in ONLY_WITH.items()} == {
        name: row["only"] for name, row in ASKS_AGAIN.items() if "only" in row
    }
