"""The secret key is changed, and the one before it is still known: what was signed with it goes on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.doors import a_client, is_in, open_doors, page_of, press_passkey, with_passkey

pytestmark = [pytest.mark.database, pytest.mark.slow]

OLD = "a key that only this test knows, and long enough"
NEW = "the key that comes after it, and is long enough too"
COOKIE = "__Host-everyfamily"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path, SECRET_KEY=OLD, EVERYFAMILY_BASE_URL="https://letters.eastmere.example"):
        yield


def _changed(*earlier: str) -> AbstractContextManager[Any]:
    from django.test import override_settings

    return override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=list(earlier))


def _listed() -> list[str]:
    from allauth.usersessions.models import UserSession

    return [str(one.session_key) for one in UserSession.objects.order_by("pk")]


def test_links_to_returns_and_of_invitations_still_open() -> None:
    from everyfamily.accounts.actions.links import code_in, school_link
    from everyfamily.core.school_invitations import SchoolInvitationOver
    from everyfamily.mailings.installation.return_tokens import ReturnLinkForged, code_of, token_of

    code = uuid.uuid4()
    token, invitation = token_of(code), school_link(code).split("/")[-2]
    with _changed(OLD):
        assert code_of(token) == code_in(invitation) == code
        assert token_of(code) != token, "only the new key signs"
    with _changed():
        with pytest.raises(ReturnLinkForged):
            code_of(token)
        with pytest.raises(SchoolInvitationOver):
            code_in(invitation)


def test_sign_ins_go_on_under_another_cookie() -> None:
    client, _ = with_passkey("Tom Rydal")
    before = client.cookies[COOKIE].value
    with _changed(OLD):
        assert is_in(client)
        assert client.cookies[COOKIE].value != before
        thief = a_client()
        thief.cookies[COOKIE] = before
        assert not is_in(thief)
    with _changed():
        assert is_in(client), "it was signed with the new key since"


def test_without_the_earlier_key_sign_ins_end() -> None:
    client, _ = with_passkey("Tom Rydal")
    with _changed():
        assert not is_in(client)


def test_a_sign_in_that_went_on_is_listed_and_can_be_ended() -> None:
    from datetime import UTC, datetime

    from everyfamily.accounts.actions.inviting import let_in_now
    from everyfamily.accounts.models import Account
    from everyfamily.core.actors import Actor

    client, _ = with_passkey("Tom Rydal")
    with _changed(OLD):
        assert is_in(client)
        assert _listed() == [client.session.session_key]
        assert page_of(client, "/me/sessions/").count("this one") == 1
        let_in_now(Account.objects.get().pk, Actor.typed("Ines Ortega"), datetime.now(UTC))
        assert not is_in(client)
        assert _listed() == []


def test_looking_at_the_list_ends_no_other_sign_in() -> None:
    client, passkey = with_passkey("Tom Rydal")
    other = a_client()
    press_passkey(other, passkey)
    with _changed(OLD):
        assert page_of(client, "/me/sessions/").count("A browser that does not say") == 2
        assert is_in(other)
        assert sorted(_listed()) == sorted([client.session.session_key, other.session.session_key])


def test_two_requests_at_once_leave_no_sign_in_that_is_not_listed() -> None:
    """The second loaded its session before the first gave it another id."""
    from django.contrib.auth import get_user
    from django.contrib.sessions.models import Session
    from django.http import HttpResponse
    from django.test import RequestFactory
    from django.utils.functional import SimpleLazyObject

    from everyfamily.staff.doors.session_store import SessionStore
    from everyfamily.staff.doors.sessions import SessionLimits

    client, _ = with_passkey("Tom Rydal")
    second = RequestFactory().get("/", secure=True)
    second.session = SessionStore(client.cookies[COOKIE].value)
    assert second.session["_auth_user_id"]
    second.user = SimpleLazyObject(lambda: get_user(second))  # type: ignore[assignment]
    with _changed(OLD):
        assert is_in(client)
        SessionLimits(lambda _: HttpResponse())(second)
        assert set(Session.objects.values_list("session_key", flat=True)) == set(_listed())


def test_an_operator_signs_everybody_out_with_one_statement() -> None:
    """As docs/howto/change-a-key.md has it, as the program's own role."""
    from django.db import connections

    client, passkey = with_passkey("Tom Rydal")
    other = a_client()
    press_passkey(other, passkey)
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM django_session")
    assert not is_in(client)
    assert not is_in(other)
    press_passkey(client, passkey)
    assert page_of(client, "/me/sessions/").count("A browser that does not say") == 1
