"""Coming in through the doors, as a browser does: invitation, password, second factor, desk, people."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.doors import PASSWORD, open_doors
from tests.factories.doors import a_client as _client
from tests.factories.doors import invited as _invited
from tests.factories.doors import with_app as _joined
from tests.factories.links import link_to
from tests.factories.past import only_acts

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

PARTNERSHIP = Path(__file__).parents[3] / "src" / "everyfamily_demo" / "data" / "partnership.toml"
pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path), only_acts():
        yield


def _get(client: Client, path: str) -> HttpResponse:
    return client.get(path, secure=True)  # type: ignore[return-value]


def test_an_invited_person_comes_in_with_a_password_and_a_second_factor() -> None:
    client, _ = _joined("Tom Rydal", "author")
    codes = _get(client, "/me/recovery-codes/").content.decode()
    assert len(re.findall(r"<li>[\w-]{8,}</li>", codes)) == 10
    desk = _get(client, "/").content.decode()
    assert "Nothing waits for you" in desk
    assert "<b>Tom Rydal</b>" in desk


def test_whoever_has_no_recovery_code_left_is_led_to_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = _joined("Tom Rydal", "author")
    assert "See them" in _get(client, "/me/").content.decode()
    monkeypatch.setattr("everyfamily.staff.doors.views.recovery_codes_left", lambda account: 0)
    page = _get(client, "/me/").content.decode()
    assert "See them" not in page
    assert "/me/recovery-codes/new/" in page


def test_a_password_alone_opens_no_page() -> None:
    from django.urls import get_resolver

    client = _client()
    client.post(_invited("Tom Rydal", "administrator"), {"password": PASSWORD}, secure=True)
    for path in (
        "/",
        "/people/",
        "/people/invite/",
        "/me/",
        "/me/password/",
        "/me/recovery-codes/",
        "/me/sessions/",
    ):
        assert _get(client, path).headers.get("Location") == "/me/second-factor/", path
    assert get_resolver() is not None


def test_signing_in_needs_the_password_and_then_a_code() -> None:
    first, _ = _joined("Tom Rydal", "author")
    code = re.findall(r"<li>([\w-]{8,})</li>", _get(first, "/me/recovery-codes/").content.decode())[0]
    client = _client()
    answer = client.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    assert answer.headers["Location"].startswith("/sign-in/code/")
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")
    wrong = client.post("/sign-in/code/", {"code": "000000"}, secure=True)
    assert (wrong.status_code, "the phone’s clock" in wrong.content.decode()) == (200, True)
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")
    assert client.post("/sign-in/code/", {"code": code}, secure=True).headers["Location"] == "/"
    assert _get(client, "/").status_code == 200
    # And the same code is worth nothing a second time.
    again = _client()
    again.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    assert again.post("/sign-in/code/", {"code": code}, secure=True).status_code == 200


def test_the_next_page_after_signing_in_is_one_of_ours() -> None:
    first, _ = _joined("Tom Rydal", "author")
    code = re.findall(r"<li>([\w-]{8,})</li>", _get(first, "/me/recovery-codes/").content.decode())[0]
    client = _client()
    where = "/sign-in/?next=https://elsewhere.example/"
    answer = client.post(where, {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    answer = client.post(answer.headers["Location"], {"code": code}, secure=True)
    assert answer.headers["Location"] == "/"


def test_a_session_that_nobody_uses_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = _joined("Tom Rydal", "author")
    assert _get(client, "/").status_code == 200
    later = time.time() + 31 * 60
    monkeypatch.setattr("everyfamily.staff.doors.sessions.time.time", lambda: later)
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")


def test_without_a_key_for_sign_in_there_are_no_doors() -> None:
    from django.test import override_settings

    with override_settings(EVERYFAMILY_SIGN_IN_KEY_FILE=""):
        for path in ("/", "/sign-in/", "/people/", "/me/", "/check/", "/invitations/anything/"):
            assert _get(_client(), path).status_code == 404, path
        assert _get(_client(), "/robots.txt").status_code == 200


def test_signing_in_and_failing_to_are_written_down(caplog: pytest.LogCaptureFixture) -> None:
    from django.db import connections

    _joined("Tom Rydal", "author")
    _client().post("/sign-in/", {"login": "tom@example.org", "password": "wrong wrong wrong"}, secure=True)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT action FROM audit_auditevent ORDER BY id")
        assert [row[0] for row in cursor.fetchall()] == [
            "person invited",
            "invitation accepted",
            "signed in",
            "authenticator app added",
        ]
    assert "event=sign-in-refused" in caplog.text
    assert "tom@example.org" not in caplog.text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer() -> None:
    _joined("Tom Rydal", "author")
    pages = []
    for address in ("tom@example.org", "nobody@example.org"):
        answer = _client().post("/sign-in/", {"login": address, "password": "wrong wrong wrong"}, secure=True)
        assert answer.status_code == 200
        pages.append(re.sub(r'value="[^"]*"', "", answer.content.decode()))
    assert pages[0] == pages[1]


def test_whoever_is_not_signed_in_sees_only_the_doors() -> None:
    client = _client()
    for path in (
        "/",
        "/people/",
        "/people/invite/",
        "/me/",
        "/me/password/",
        "/me/second-factor/",
        "/me/sessions/",
    ):
        assert _get(client, path).headers.get("Location", "").startswith("/sign-in/"), path
    assert _get(client, "/sign-in/").status_code == 200


def test_the_pages_of_people_are_the_administrators_and_the_coordinators() -> None:
    allowed = {"administrator": 200, "coordinator": 200, "author": 403, "viewer": 403}
    for number, (role, status) in enumerate(allowed.items()):
        client, _ = _joined(f"Tom{number} Rydal", role)
        assert _get(client, "/people/").status_code == status, role


def test_a_coordinator_invites_nobody_to_the_partnership() -> None:
    client, _ = _joined("Ada Clarke", "coordinator")
    form = {"name": "Ben Frost", "email": "ben@example.org", "role": "viewer", "body": ""}
    assert client.post("/people/invite/", form, secure=True).status_code == 403


def test_an_administrator_invites_nobody_to_a_school() -> None:
    client, _ = _joined("Ada Clarke", "administrator")
    form = {"name": "Ben Frost", "email": "ben@example.org", "role": "lead", "urn": "900001", "body": ""}
    answer = client.post("/people/invite/", form, secure=True)
    assert answer.status_code == 422
    assert "No role was chosen" in answer.content.decode()


@pytest.mark.parametrize(
    # A character that no table holds is taken out of every form.
    ("body", "status"),
    [("police", 302), ("po\0lice", 302), ("Eastmere Police", 422), ("x" * 70, 422), ("", 422)],
)
def test_a_signatory_is_invited_for_one_of_those_who_sign_by_the_settings(body: str, status: int) -> None:
    from django.test import override_settings

    client, _ = _joined("Ada Clarke", "administrator")
    form = {"name": "Ben Frost", "email": "ben@eastmere.example", "role": "signatory", "body": body}
    with override_settings(EVERYFAMILY_PARTNERSHIP=str(PARTNERSHIP)):
        page = client.get("/people/invite/", secure=True).content.decode()
        answer = client.post("/people/invite/", form, secure=True)
    assert "Eastmere Police, Assistant Chief Constable" in page
    assert answer.status_code == status
    if status == 422:
        assert "Choose which." in answer.content.decode()


def test_without_settings_nobody_is_invited_to_sign() -> None:
    client, _ = _joined("Ada Clarke", "administrator")
    form = {"name": "Ben Frost", "email": "ben@example.org", "role": "signatory", "body": "police"}
    assert client.post("/people/invite/", form, secure=True).status_code == 422


def test_a_coordinator_cannot_cancel_an_invitation_to_the_partnership() -> None:
    from everyfamily.accounts.invitation_queries import open_invitations

    client, _ = _joined("Ada Clarke", "coordinator")
    link = _invited("Ben Frost", "administrator")
    found = open_invitations(datetime.now(UTC))[0].id
    assert client.post(f"/people/invitations/{found}/cancel/", secure=True).status_code == 403
    assert _get(_client(), link).status_code == 200


def test_an_administrator_invites_somebody_who_then_comes_in() -> None:
    client, _ = _joined("Ada Clarke", "administrator")
    form = {"name": "Ben Frost", "email": "Ben@example.org", "role": "author", "urn": "", "body": ""}
    at = client.post("/people/invite/", form, secure=True).headers["Location"]
    before = _get(client, at).content.decode()
    assert "We are sending the link to ben@example.org" in before
    link = link_to("ben@example.org")
    after = _get(client, at).content.decode()
    assert "We have sent the link to ben@example.org" in after
    listed = _get(client, "/people/").content.decode()
    assert "the mail server took the email" in listed
    assert link not in before + after + listed
    new = _client()
    offered = _get(new, link).content.decode()
    assert "Welcome, Ben Frost" in offered
    new.post(link, {"password": PASSWORD}, secure=True)
    assert _get(new, "/").headers["Location"] == "/me/second-factor/"
    listed = _get(client, "/people/").content.decode()
    assert "2 people have an account" in listed
    assert "no second factor yet" in listed


def test_a_role_that_ends_closes_its_pages_with_the_next_request() -> None:
    from everyfamily.accounts.actions.roles import end_role
    from everyfamily.accounts.queries import people
    from everyfamily.core.actors import Actor

    _joined("Ada Clarke", "administrator")
    client, _ = _joined("Ben Frost", "administrator")
    assert _get(client, "/people/").status_code == 200
    role = next(person.roles[0].id for person in people() if person.name == "Ben Frost")
    end_role(role, Actor.typed("Ines Ortega"), datetime.now(UTC))
    assert _get(client, "/people/").status_code == 403


def test_somebody_who_lost_phone_and_password_comes_in_again_by_an_administrators_link() -> None:
    ada, _ = _joined("Ada Clarke", "administrator")
    ben, _ = _joined("Ben Frost", "author")
    from everyfamily.accounts.queries import people

    found = next(person.id for person in people() if person.name == "Ben Frost")
    at = ada.post(f"/people/{found}/let-in-again/", secure=True).headers["Location"]
    link = link_to("ben@example.org")
    assert link not in _get(ada, at).content.decode() + _get(ada, "/people/").content.decode()
    # The old session and the old password are worth nothing from now on.
    assert _get(ben, "/").headers["Location"].startswith("/sign-in/")
    old = _client().post("/sign-in/", {"login": "ben@example.org", "password": PASSWORD}, secure=True)
    assert old.status_code == 200
    new = _client()
    assert "Your roles are as they were" in _get(new, link).content.decode()
    new.post(link, {"password": "another lantern entirely soup"}, secure=True)
    assert _get(new, "/").headers["Location"] == "/me/second-factor/"
    assert _get(_client(), link).status_code == 410
    assert [role.role for person in people() if person.id == found for role in person.roles] == ["author"]


def test_a_form_without_its_token_changes_nothing() -> None:
    from django.test import Client

    client, _ = _joined("Ada Clarke", "administrator")
    strict = Client(
        headers={"host": "letters.eastmere.example"}, raise_request_exception=False, enforce_csrf_checks=True
    )
    strict.cookies = client.cookies
    form = {"name": "Ben Frost", "email": "ben@example.org", "role": "author"}
    assert strict.post("/people/invite/", form, secure=True).status_code == 403


def test_the_cookie_is_bound_to_this_host_and_no_script_can_read_it() -> None:
    client, _ = _joined("Ada Clarke", "author")
    (cookie,) = client.cookies.values()
    assert cookie.key == "__Host-everyfamily"
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


def test_a_session_is_new_after_signing_in() -> None:
    client = _client()
    _get(client, "/sign-in/")
    before = client.cookies.get("__Host-everyfamily")
    fixed = before.value if before else ""
    client.post(_invited("Tom Rydal", "author"), {"password": PASSWORD}, secure=True)
    assert client.cookies["__Host-everyfamily"].value != fixed


def test_a_secret_of_a_second_factor_is_not_readable_in_the_database() -> None:
    from django.db import connections

    _, secret = _joined("Tom Rydal", "author")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert secret not in kept


def test_nobody_can_sign_up_or_ask_for_a_new_password_by_email() -> None:
    client = _client()
    for path in ("/signup/", "/accounts/signup/", "/password/reset/", "/accounts/password/reset/", "/me/email/"):
        assert _get(client, path).status_code == 404
