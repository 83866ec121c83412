"""Coming in with a council's or a force's own sign-in: who may, what it takes, and what a wrong answer is worth."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.doors import (
    HOST,
    PASSWORD,
    a_client,
    add_passkey,
    events,
    invited,
    is_in,
    open_doors,
    options_of,
    press_passkey,
    set_up_app,
    with_app,
)
from tests.factories.links import token_to
from tests.factories.passkey import Passkey
from tests.factories.tenants import Tenants

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

MFA = {"amr": ["pwd", "mfa"]}
WITH_EASTMERE = "/sign-in/with/eastmere/"


@pytest.fixture(scope="module")
def server() -> Iterator[Tenants]:
    started = Tenants().start()
    yield started
    started.stop()


@pytest.fixture
def tenants(server: Tenants) -> Tenants:
    for tenant in (server.eastmere, server.northmere):
        tenant.person, tenant.claims, tenant.fault, tenant.signed_by = "subject-1", {}, "", None
        tenant.asked.clear()
        tenant.codes.clear()
    return server


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path, tenants: Tenants) -> Iterator[None]:
    from django.core.cache import cache

    from everyfamily.staff.doors.own_sign_in import asking, views

    cache.clear()
    asking.forget()
    views.BEGUN.forget()
    both = (tenants.eastmere.sign_in(), tenants.northmere.sign_in())
    hosts = [HOST, "127.0.0.1"]
    with open_doors(
        tmp_path, ALLOWED_HOSTS=hosts, EVERYFAMILY_BASE_URL=f"https://{HOST}", EVERYFAMILY_OWN_SIGN_INS=both
    ):
        yield


def _invited(name: str, role: str = "author") -> str:
    return invited(name, role)


def _get(client: Client, path: str) -> HttpResponse:
    return client.get(path, secure=True)  # type: ignore[return-value]


def _gone(client: Client, path: str, form: dict[str, str] | None = None) -> str:
    """The address at the tenant to which a form leads."""
    page = client.post(path, form or {}, secure=True)
    assert page.status_code == 200, (page.status_code, page.headers.get("Location"), page.content.decode()[-800:])
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()[-800:]
    return html.unescape(found[1])


def _sent_back(address: str) -> str:
    """Where the tenant sends whoever comes to this address, without the host."""
    location = requests.get(address, allow_redirects=False, timeout=5).headers["Location"]
    assert location.startswith(f"https://{HOST}/sign-in/with/"), location
    return location.removeprefix(f"https://{HOST}")


def _with(client: Client, path: str = WITH_EASTMERE, form: dict[str, str] | None = None) -> HttpResponse:
    """Go to the tenant and come back."""
    return _get(client, _sent_back(_gone(client, path, form)))


def _joined(name: str, tenants: Tenants, *, mfa: bool = True) -> Client:
    """Somebody who accepted an invitation with Eastmere's own sign-in."""
    client = a_client()
    tenants.eastmere.claims = MFA if mfa else {}
    answer = _with(client, f"{_invited(name)}with/eastmere/")
    assert answer.headers.get("Location") == "/", answer.content.decode()[-800:]
    return client


def _signed_in_elsewhere(secret: str) -> Client:
    from django.core.cache import cache

    cache.clear()
    client = a_client()
    client.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    client.post("/sign-in/code/", {"code": code_of(secret)}, secure=True)
    assert _get(client, "/").status_code == 200
    return client


def _sessions() -> list[str]:
    """Those that the account can see and end."""
    from allauth.usersessions.models import UserSession

    return list(UserSession.objects.values_list("session_key", flat=True))


def test_an_invited_person_comes_in_without_a_password(tenants: Tenants) -> None:
    client = _joined("Tom Rydal", tenants)
    assert "<b>Tom Rydal</b>" in _get(client, "/").content.decode()
    assert _sessions() == [client.session.session_key]
    assert "You sign in with" in _get(client, "/me/").content.decode()
    assert events() == ["person invited", "own sign-in connected", "invitation accepted", "signed in"]
    other = a_client()
    _get(other, "/sign-in/")
    before = other.cookies["__Host-everyfamily"].value
    assert _with(other).headers["Location"] == "/"
    assert other.cookies["__Host-everyfamily"].value != before
    assert _get(other, "/").status_code == 200
    assert events()[4:] == ["signed in"]


def test_the_sign_in_page_and_the_invitation_offer_each_tenant_in_its_name() -> None:
    for path, verb in (("/sign-in/", "Sign in with"), (_invited("Tom Rydal"), "Use")):
        page = _get(a_client(), path).content.decode()
        assert f"{verb} Eastmere Council</button>" in page
        assert f"{verb} Northmere Council</button>" in page


def test_a_second_step_at_the_tenant_is_not_asked_for_again(tenants: Tenants) -> None:
    client = _joined("Tom Rydal", tenants, mfa=False)
    set_up_app(client)
    tenants.eastmere.claims = MFA
    other = a_client()
    assert _with(other).headers["Location"] == "/"
    assert _get(other, "/").status_code == 200


def test_without_a_second_step_at_the_tenant_ours_is_asked_for(tenants: Tenants) -> None:
    client = _joined("Tom Rydal", tenants, mfa=False)
    assert _get(client, "/").headers["Location"] == "/me/second-factor/"
    secret = set_up_app(client)
    assert _get(client, "/").status_code == 200
    other = a_client()
    answer = _with(other)
    assert answer.headers["Location"].startswith("/sign-in/code/")
    assert _get(other, "/").headers["Location"].startswith("/sign-in/")
    from django.core.cache import cache

    cache.clear()  # the same code within its half minute would be a replay
    assert other.post("/sign-in/code/", {"code": code_of(secret)}, secure=True).headers["Location"] == "/"
    assert _get(other, "/").status_code == 200


@pytest.mark.parametrize("claims", [{}, {"amr": ["pwd"]}, {"acr": "mfa"}, {"amr": {"mfa": True}}])
def test_with_one_step_and_no_second_factor_here_nobody_is_in(tenants: Tenants, claims: dict[str, Any]) -> None:
    """Somebody with only the password of the directory could otherwise set up a second factor of their own."""
    _joined("Tom Rydal", tenants)
    tenants.eastmere.claims = claims
    other = a_client()
    answer = _with(other)
    assert answer.status_code == 403
    assert "You need a second step" in answer.content.decode()
    assert _get(other, "/").headers["Location"].startswith("/sign-in/")


def test_an_unknown_person_is_told_so_and_nothing_is_made(
    tenants: Tenants, caplog: pytest.LogCaptureFixture
) -> None:
    from everyfamily.accounts.queries import people

    _joined("Tom Rydal", tenants)
    tenants.eastmere.person = "subject-2"
    # Even with the address of somebody who has an account.
    tenants.eastmere.claims = MFA | {"email": "tom@example.org", "email_verified": True}
    client = a_client()
    answer = _with(client)
    assert answer.status_code == 403
    assert "Nobody has invited this account" in answer.content.decode()
    assert [person.name for person in people()] == ["Tom Rydal"]
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")
    assert events()[-1] == "sign-in by nobody invited"
    assert "event=own-sign-in-unknown" in caplog.text
    from django.db import connections

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM audit_auditevent a ORDER BY id DESC LIMIT 1")
        assert not {"tom@", "subject-2"} & set(re.findall(r"tom@|subject-2", cursor.fetchone()[0] + caplog.text))


def test_somebody_with_an_account_takes_a_second_role_on_after_signing_in(tenants: Tenants) -> None:
    from everyfamily.accounts.queries import people

    _joined("Tom Rydal", tenants)
    link = _invited("Tom Rydal", "coordinator")
    client = a_client()
    assert "You have an account already" in _get(client, link).content.decode()
    assert client.post(f"{link}with/eastmere/", secure=True).headers["Location"] == link
    assert f'name="next" value="{link}"><button' in _get(client, f"/sign-in/?next={link}").content.decode()
    assert _with(client, WITH_EASTMERE, {"next": link}).headers["Location"] == link
    client.post(link, secure=True)
    assert {role.role for role in people()[0].roles} == {"author", "coordinator"}


def test_nobody_with_an_own_sign_in_is_called_without_a_second_factor(tenants: Tenants) -> None:
    from everyfamily.accounts.desk.counts import account_counts
    from everyfamily.accounts.queries import people

    _joined("Tom Rydal", tenants)
    assert (account_counts().without_factor, people()[0].lacks_second_factor) == (0, False)
    a_client().post(_invited("Ben Frost"), {"password": PASSWORD}, secure=True)
    assert account_counts().without_factor == 1
    assert [who.name for who in people() if who.lacks_second_factor] == ["Ben Frost"]


def test_the_same_subject_at_another_tenant_is_another_person(tenants: Tenants) -> None:
    _joined("Tom Rydal", tenants)
    tenants.northmere.claims = MFA
    answer = _with(a_client(), "/sign-in/with/northmere/")
    assert "Nobody has invited this account" in answer.content.decode()


def test_another_tenant_under_the_same_name_has_no_connections(tenants: Tenants) -> None:
    from django.test import override_settings

    _joined("Tom Rydal", tenants)
    tenants.northmere.claims = MFA
    with override_settings(EVERYFAMILY_OWN_SIGN_INS=(tenants.northmere.sign_in(id="eastmere"),)):
        assert "Nobody has invited this account" in _with(a_client()).content.decode()


def test_nothing_of_a_token_is_kept(tenants: Tenants) -> None:
    from django.contrib.sessions.models import Session
    from django.db import connections

    client = _joined("Tom Rydal", tenants, mfa=False)
    set_up_app(client)
    _with(a_client())
    kept = " ".join(str(one.get_decoded()) for one in Session.objects.all())
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT extra_data::text FROM socialaccount_socialaccount")
        assert cursor.fetchall() == [("{}",)]
    assert "somebody@example.org" not in kept
    assert "of no use" not in kept


def test_an_account_with_a_password_is_connected_and_the_password_ends(tenants: Tenants) -> None:
    client, secret = with_app("Tom Rydal")
    elsewhere = _signed_in_elsewhere(secret)
    tenants.eastmere.claims = MFA
    assert "Use Eastmere Council" in _get(client, "/me/").content.decode()
    assert _with(client, "/me/sign-in/eastmere/").headers["Location"] == "/me/"
    page = _get(client, "/me/").content.decode()
    assert "You sign in with" in page
    assert "Change your password" not in page
    assert _get(client, "/me/password/").headers["Location"] == "/me/"
    again = a_client().post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
    assert again.status_code == 200
    assert _with(a_client()).headers["Location"] == "/"
    assert "own sign-in connected" in events()
    # There is one way in: a second tenant is not added to it.
    assert client.post("/me/sign-in/northmere/", secure=True).headers["Location"] == "/me/"
    assert client.session.session_key in _sessions()
    # And every other session of theirs has ended.
    assert _get(elsewhere, "/").headers["Location"].startswith("/sign-in/")


def test_connecting_asks_again_who_it_is_however_new_the_sign_in(tenants: Tenants) -> None:
    client, secret = with_app("Tom Rydal")
    client.shows_codes = False
    tenants.eastmere.claims = MFA
    place = client.post("/me/sign-in/eastmere/", secure=True).headers["Location"]
    assert place.startswith("/me/again/code/?next=")
    act = re.search(r'name="act" value="(\w+)"', _get(client, place).content.decode())
    assert act
    sent = {"code": code_of(secret), "next": "/me/sign-in/eastmere/", "act": act[1]}
    assert _with(client, "/me/again/code/", sent).headers["Location"] == "/me/", "it goes on by itself"
    assert "own sign-in connected" in events()


def test_a_sign_in_belongs_to_one_account(tenants: Tenants) -> None:
    _joined("Tom Rydal", tenants)
    client, _ = with_app("Ben Frost")
    answer = _with(client, "/me/sign-in/eastmere/")
    assert answer.status_code == 409
    assert "Another account is connected with this sign-in" in answer.content.decode()
    # And an invitation that is taken on with it makes nothing.
    link = _invited("Ada Clarke")
    assert _with(a_client(), f"{link}with/eastmere/").status_code == 409
    assert _get(a_client(), link).status_code == 200


def test_somebody_else_cannot_connect_their_sign_in_to_an_open_account(tenants: Tenants) -> None:
    """The answer counts only in the session, and for the account, that asked for it."""
    ben, _ = with_app("Ben Frost")
    ada, _ = with_app("Ada Clarke")
    way_back = _sent_back(_gone(ada, "/me/sign-in/eastmere/"))
    assert _get(ben, way_back).status_code == 400
    assert _get(a_client(), way_back).status_code == 400
    ada.post("/sign-out/", secure=True)
    assert _get(ada, way_back).status_code == 400
    assert "own sign-in connected" not in events()


def test_a_return_counts_once(tenants: Tenants) -> None:
    _joined("Tom Rydal", tenants)
    client = a_client()
    way_back = _sent_back(_gone(client, WITH_EASTMERE))
    assert _get(client, way_back).headers["Location"] == "/"
    again = _get(client, way_back)
    assert again.status_code == 400
    assert "EF466" in again.content.decode()
    other = a_client()
    # A state of one's own does not make another's code worth more: the tenant has had it back.
    own = parse_qs(urlsplit(_sent_back(_gone(other, WITH_EASTMERE))).query)["state"][0]
    stolen = parse_qs(urlsplit(way_back).query)["code"][0]
    assert _get(other, f"{WITH_EASTMERE}back/?state={own}&code={stolen}").status_code == 403
    assert _get(other, "/").headers["Location"].startswith("/sign-in/")


def test_a_code_that_was_made_for_another_session_is_worth_nothing(tenants: Tenants) -> None:
    """PKCE: whoever steals a code lacks the verifier of the session that began."""
    _joined("Tom Rydal", tenants)
    stolen = parse_qs(urlsplit(_sent_back(_gone(a_client(), WITH_EASTMERE))).query)["code"][0]
    thief = a_client()
    own = parse_qs(urlsplit(_gone(thief, WITH_EASTMERE)).query)["state"][0]
    answer = _get(thief, f"{WITH_EASTMERE}back/?state={own}&code={stolen}")
    assert answer.status_code == 403
    assert _get(thief, "/").headers["Location"].startswith("/sign-in/")


def test_what_is_sent_to_a_tenant_is_exact(tenants: Tenants) -> None:
    """Whatever host a request names, the way back is the one that is set."""
    client = a_client()
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    asked = {key: value[0] for key, value in parse_qs(urlsplit(_gone(client, WITH_EASTMERE)).query).items()}
    assert asked["redirect_uri"] == f"https://{HOST}/sign-in/with/eastmere/back/"
    assert (asked["response_type"], asked["scope"]) == ("code", "openid")
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 40
    assert len(asked["state"]) >= 16


def test_an_address_with_a_query_of_its_own_keeps_it(tenants: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"{tenants.eastmere.issuer}/authorize?policy=staff"
    said = tenants.eastmere.discovery() | {"authorization_endpoint": address}
    monkeypatch.setattr(tenants.eastmere, "discovery", lambda: said)
    asked = parse_qs(urlsplit(_gone(a_client(), WITH_EASTMERE)).query)
    assert (asked["policy"], len(asked["state"])) == (["staff"], 1)


def test_a_claim_that_has_to_be_asked_for_is_asked_for(tenants: Tenants) -> None:
    from django.test import override_settings

    asking = tenants.eastmere.sign_in(claim="acrs", has=frozenset({"c1"}), ask=True)
    with override_settings(EVERYFAMILY_OWN_SIGN_INS=(asking,)):
        asked = parse_qs(urlsplit(_gone(a_client(), WITH_EASTMERE)).query)
    assert asked["claims"] == ['{"id_token": {"acrs": {"essential": true, "values": ["c1"]}}}']


@pytest.mark.parametrize(
    "path", ["?code=x", "?code=x&state=made-up", "?error=access_denied", "", "?state=&code="]
)
def test_a_return_that_nobody_began_is_worth_nothing(path: str) -> None:
    client = a_client()
    assert _get(client, f"{WITH_EASTMERE}back/{path}").status_code == 400
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")


def test_the_answer_of_one_tenant_at_the_address_of_the_other_is_worth_nothing(tenants: Tenants) -> None:
    _joined("Tom Rydal", tenants)
    client = a_client()
    way_back = _sent_back(_gone(client, "/sign-in/with/northmere/"))
    assert _get(client, way_back.replace("northmere", "eastmere", 1)).status_code == 400
    # And one that says itself that it is another's (RFC 9207).
    way_back = _sent_back(_gone(client, WITH_EASTMERE))
    mixed_up = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Flogin.example.org", way_back)
    assert _get(client, mixed_up).status_code == 403


def test_the_second_tenants_token_is_refused_by_the_first(
    tenants: Tenants, caplog: pytest.LogCaptureFixture
) -> None:
    _joined("Tom Rydal", tenants)
    north = tenants.northmere
    seen: list[str] = []

    def theirs(claims: dict[str, Any]) -> str:
        north.claims = {"nonce": claims["nonce"], "sub": "subject-1", **MFA}
        seen.append(north.id_token(claims["nonce"]))
        return seen[-1]

    tenants.eastmere.signed_by = theirs
    client = a_client()
    answer = _with(client)
    assert (answer.status_code, len(seen)) == (403, 1)
    assert "EF464" in answer.content.decode()
    assert "event=own-sign-in-refused" in caplog.text
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://login.example.org/another"},
        {"aud": "another client"},
        {"nonce": "another nonce"},
        {"exp": 1},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(tenants: Tenants, claims: dict[str, Any]) -> None:
    """Signed with the tenant's own key. Every other fault of a token is in tests/unit/staff."""
    _joined("Tom Rydal", tenants)
    tenants.eastmere.claims = MFA | claims
    client = a_client()
    assert _with(client).status_code == 403
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")


def test_a_tenant_that_says_no_is_not_quoted(tenants: Tenants) -> None:
    tenants.eastmere.fault = "authorize denied"
    answer = _with(a_client())
    assert answer.status_code == 403
    assert "login_required" not in answer.content.decode()


@pytest.mark.parametrize(
    "next_page", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_page_after_it_is_one_of_ours(tenants: Tenants, next_page: str) -> None:
    _joined("Tom Rydal", tenants)
    assert _with(a_client(), WITH_EASTMERE, {"next": next_page}).headers["Location"] == "/"
    assert _with(a_client(), WITH_EASTMERE, {"next": "/me/"}).headers["Location"] == "/me/"


@pytest.mark.parametrize("how", ["large", "slow", "trickling", "elsewhere", "nonsense", "broken"])
def test_a_tenant_that_does_not_say_what_it_is_gets_a_calm_page(
    tenants: Tenants, how: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("everyfamily.staff.doors.own_sign_in.asking.ALTOGETHER", 0.3)
    tenants.eastmere.fault = f"openid-configuration {how}"
    began = time.monotonic()
    answer = a_client().post(WITH_EASTMERE, secure=True)
    assert (answer.status_code, time.monotonic() - began < 3) == (502, True)
    assert "event=own-sign-in-silent" in caplog.text
    assert tenants.northmere.asked == []
    page = answer.content.decode()
    assert "The Eastmere Council sign-in does not answer" in page
    assert "Skip to main content" in page


@pytest.mark.parametrize(
    "fault", ["token large", "token slow", "token nonsense", "token broken", "keys large", "keys nonsense"]
)
def test_a_tenant_that_fails_on_the_way_back_lets_nobody_in(
    tenants: Tenants, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _joined("Tom Rydal", tenants)
    monkeypatch.setattr("everyfamily.staff.doors.own_sign_in.asking.ALTOGETHER", 0.3)
    tenants.eastmere.fault = fault
    client = a_client()
    answer = _with(client)
    assert answer.status_code in {403, 502}
    assert "Skip to main content" in answer.content.decode()
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")


def test_a_tenant_that_names_another_issuer_is_not_asked_further(
    tenants: Tenants, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise whoever answers at one address could speak for another."""
    from django.test import override_settings

    wrong = tenants.eastmere.sign_in(issuer=tenants.eastmere.issuer + "/")
    with override_settings(EVERYFAMILY_OWN_SIGN_INS=(wrong,)):
        assert a_client().post(WITH_EASTMERE, secure=True).status_code == 502
    assert "why=issuer" in caplog.text


def test_a_tenant_whose_addresses_are_not_safe_is_not_asked_further(
    tenants: Tenants, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = tenants.eastmere.discovery()
    for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        for unsafe in ("http://login.example.org/x", "javascript:alert(1)", "//login.example.org", "", None, 7):
            monkeypatch.setattr(tenants.eastmere, "discovery", lambda said=found | {key: unsafe}: said)
            assert a_client().post(WITH_EASTMERE, secure=True).status_code == 502, (key, unsafe)
    assert "why=addresses" in caplog.text


def test_a_tenant_that_is_not_there_gets_a_calm_page(tenants: Tenants) -> None:
    from django.test import override_settings

    gone = tenants.eastmere.sign_in(issuer="http://127.0.0.1:9/eastmere")
    with override_settings(EVERYFAMILY_OWN_SIGN_INS=(gone,)):
        assert a_client().post(WITH_EASTMERE, secure=True).status_code == 502
        assert _get(a_client(), "/sign-in/").status_code == 200


def test_going_there_needs_a_form_of_ours() -> None:
    from django.test import Client

    assert _get(a_client(), WITH_EASTMERE).status_code == 405
    assert a_client().post("/sign-in/with/nowhere/", secure=True).status_code == 404
    strict = Client(headers={"host": HOST}, raise_request_exception=False, enforce_csrf_checks=True)
    assert strict.post(WITH_EASTMERE, secure=True).status_code == 403


def test_showing_again_who_it_is_counts_only_if_they_were_asked(tenants: Tenants) -> None:
    client = _joined("Tom Rydal", tenants)
    tenants.eastmere.claims = MFA | {"auth_time": int(time.time()) - 7200}
    other = a_client()
    other.shows_codes = False
    _with(other)
    # The directory let them in without asking: somebody with only the open screen sets up nothing here.
    answer = _get(other, "/me/second-factor/")
    assert answer.headers["Location"].startswith("/me/again/own-sign-in/?next=")
    act = re.search(r'name="act" value="(\w+)"', _get(other, answer.headers["Location"]).content.decode())
    assert act
    form = {"sign_in": "eastmere", "next": "/me/second-factor/", "act": act[1]}
    assert _with(other, "/me/again/own-sign-in/", form).status_code == 403
    tenants.eastmere.claims = MFA | {"auth_time": None}
    assert _with(other, "/me/again/own-sign-in/", form).status_code == 403
    tenants.eastmere.claims = MFA
    asked = tenants.eastmere.asked
    asked.clear()
    assert _with(other, "/me/again/own-sign-in/", form).headers["Location"] == "/me/second-factor/"
    assert (asked[0][1]["prompt"], asked[0][1]["max_age"]) == ("login", "0")
    assert _get(other, "/me/second-factor/").status_code == 200
    # A tenant that they are not connected with is not asked at all.
    elsewhere = form | {"sign_in": "northmere"}
    assert other.post("/me/again/own-sign-in/", elsewhere, secure=True).status_code == 404
    # Nobody else's sign-in will do, whether they have an account or not.
    tenants.eastmere.person = "subject-2"
    assert _with(other, "/me/again/own-sign-in/", form).status_code == 403
    _joined("Ben Frost", tenants)
    answer = _with(other, "/me/again/own-sign-in/", form)
    assert (answer.status_code, "another person" in answer.content.decode()) == (403, True)
    assert _get(client, "/").status_code == 200
    assert "<b>Tom Rydal</b>" in _get(other, "/").content.decode()


def test_having_come_from_there_a_moment_ago_is_no_proof(tenants: Tenants) -> None:
    client = _joined("Tom Rydal", tenants)
    client.shows_codes = False
    again = "/me/again/own-sign-in/"
    for _ in ("asked for", "and asked for again"):
        assert _get(client, "/me/passkeys/new/").headers["Location"].startswith(again)
    act = re.search(r'name="act" value="(\w+)"', _get(client, f"{again}?next=/me/passkeys/new/").content.decode())
    assert act
    form = {"sign_in": "eastmere", "next": "/me/passkeys/new/", "act": act[1]}
    assert _with(client, again, form).headers["Location"] == "/me/passkeys/new/"
    assert add_passkey(client, Passkey()).headers["Location"] == "/me/recovery-codes/"
    assert _get(client, "/me/recovery-codes/").status_code == 200


def test_a_proof_is_for_the_act_that_was_shown(tenants: Tenants) -> None:
    """Somebody with a copy of the cookie asks for something else while the owner is at their own sign-in."""
    from everyfamily.accounts.models import Invitation

    tenants.eastmere.claims = MFA
    client = a_client()
    _with(client, f"{_invited('Ada Clarke', 'administrator')}with/eastmere/")
    client.shows_codes = False
    invite = "/people/invite/"
    form = {"name": "Mo Hale", "email": "mo@example.org", "role": "viewer"}
    place = client.post(invite, form, secure=True).headers["Location"]
    assert place.startswith("/me/again/own-sign-in/")
    page = _get(client, place).content.decode()
    assert "You are about to <b>invite somebody to the partnership</b>" in page
    act = re.search(r'name="act" value="(\w+)"', page)
    assert act
    sent = {"sign_in": "eastmere", "next": invite, "act": act[1]}
    way_back = _sent_back(_gone(client, "/me/again/own-sign-in/", sent))
    thief = a_client()
    thief.shows_codes = False
    thief.cookies["__Host-everyfamily"] = client.cookies["__Host-everyfamily"].value
    thief.post(invite, form | {"name": "Mallory Crane"}, secure=True)
    answer = _get(client, way_back)
    assert (answer.status_code, "asked for meanwhile" in answer.content.decode()) == (409, True)
    assert not Invitation.objects.filter(used_at=None).exists()
    # Nobody meanwhile: it goes on by itself.
    client.post(invite, form, secure=True)
    assert _with(client, "/me/again/own-sign-in/", sent).headers["Location"].startswith("/people/invitations/")
    assert list(Invitation.objects.filter(used_at=None).values_list("name", flat=True)) == ["Mo Hale"]


def test_a_sign_in_without_a_second_step_is_no_proof_and_is_not_asked_for(tenants: Tenants) -> None:
    """Ours is: somebody was sent to their own sign-in again and again."""
    client = _joined("Tom Rydal", tenants, mfa=False)
    secret = set_up_app(client)
    client.shows_codes = False
    page = "/me/passkeys/new/"
    place = _get(client, page).headers["Location"]
    assert place.startswith("/me/again/code/")
    shown = _get(client, place).content.decode()
    assert "own sign-in" not in shown
    act = re.search(r'name="act" value="(\w+)"', shown)
    assert act
    sent = {"code": code_of(secret), "next": page, "act": act[1]}
    assert client.post("/me/again/code/", sent, secure=True).headers["Location"] == page
    assert _get(client, page).status_code == 200


def test_a_role_that_ends_and_sessions_that_end_do_so_as_with_passwords(tenants: Tenants) -> None:
    from everyfamily.accounts.actions.inviting import let_in_again
    from everyfamily.accounts.actions.roles import end_role
    from everyfamily.accounts.queries import people
    from everyfamily.core.actors import Actor

    client = _joined("Tom Rydal", tenants)
    (person,) = people()
    end_role(person.roles[0].id, Actor.typed("Ines Ortega"), datetime.now(UTC))
    assert "You have no role now" in _get(client, "/").content.decode()
    let_in_again(person.id, Actor.typed("Ines Ortega"), datetime.now(UTC))
    token = token_to("tom@example.org")
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")
    # Until they come in again, the directory's word counts no more either.
    assert "Nobody has invited this account" in _with(a_client()).content.decode()
    new = a_client()
    assert _with(new, f"/invitations/{token}/with/eastmere/").headers["Location"] == "/"
    assert _get(new, "/").status_code == 200
    assert _get(a_client(), f"/invitations/{token}/").status_code == 410


def test_an_account_that_has_ended_is_not_signed_in_to(tenants: Tenants) -> None:
    from everyfamily.accounts.models import Account

    _joined("Tom Rydal", tenants)
    Account.objects.update(is_active=False)
    other = a_client()
    _with(other)
    assert _get(other, "/").headers["Location"].startswith("/sign-in/")


def test_an_idle_session_ends_as_with_passwords(tenants: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _joined("Tom Rydal", tenants)
    assert _get(client, "/").status_code == 200
    later = time.time() + 31 * 60
    monkeypatch.setattr("everyfamily.staff.doors.sessions.time.time", lambda: later)
    assert _get(client, "/").headers["Location"].startswith("/sign-in/")


def test_the_gate_believes_only_what_the_own_sign_in_of_this_session_said(tenants: Tenants) -> None:
    """A mark of another account's session, or no mark, is no second step."""
    client = _joined("Tom Rydal", tenants)
    for mark in ({"account": 0, "second_step": True, "at": 0}, {"second_step": True}, "yes", None):
        session = client.session
        session["own sign-in"] = mark
        session.save()
        assert _get(client, "/").headers["Location"] == "/me/second-factor/", mark


def test_too_many_begin_from_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("everyfamily.staff.doors.own_sign_in.views.BEGUN.most", 1)
    assert a_client().post(WITH_EASTMERE, secure=True).status_code == 200
    assert a_client().post(WITH_EASTMERE, secure=True).status_code == 429


def test_an_invitation_is_not_taken_on_by_whoever_is_signed_in(tenants: Tenants) -> None:
    client = _joined("Tom Rydal", tenants)
    link = _invited("Ada Clarke")
    assert client.post(f"{link}with/eastmere/", secure=True).headers["Location"] == link
    # Nor is one that ended while they were at the tenant.
    from everyfamily.accounts.actions.inviting import cancel
    from everyfamily.accounts.invitation_queries import open_invitations
    from everyfamily.core.actors import Actor

    other = a_client()
    way_back = _sent_back(_gone(other, f"{link}with/eastmere/"))
    now = datetime.now(UTC)
    cancel(open_invitations(now)[0].id, Actor.typed("Ines Ortega"), now)
    assert _get(other, way_back).status_code == 410
    assert a_client().post(f"{link}with/eastmere/", secure=True).status_code == 410


def test_whoever_signed_in_meanwhile_does_not_take_an_invitation_on_for_somebody_else(tenants: Tenants) -> None:
    _joined("Tom Rydal", tenants)
    link = _invited("Ada Clarke")
    client = a_client()
    tenants.eastmere.person = "subject-2"
    way_back = _sent_back(_gone(client, f"{link}with/eastmere/"))
    tenants.eastmere.person = "subject-1"
    assert _with(client).headers["Location"] == "/"
    answer = _get(client, way_back)
    assert (answer.status_code, "Somebody is signed in here" in answer.content.decode()) == (409, True)
    assert "<b>Tom Rydal</b>" in _get(client, "/").content.decode()
    assert _get(a_client(), link).status_code == 200


def test_a_sign_in_with_a_password_begins_without_the_mark_of_an_own_sign_in() -> None:
    from everyfamily.accounts.queries import people

    a_client().post(_invited("Ben Frost"), {"password": PASSWORD}, secure=True)
    client = a_client()
    _get(client, "/sign-in/")
    session = client.session
    session["own sign-in"] = {"account": people()[0].id, "second_step": True, "at": time.time()}
    session.save()
    client.post("/sign-in/", {"login": "ben@example.org", "password": PASSWORD}, secure=True)
    assert _get(client, "/").headers["Location"] == "/me/second-factor/"


def test_a_passkey_is_a_second_step_after_an_own_sign_in_and_no_way_in_beside_it(tenants: Tenants) -> None:
    """Whoever leaves the council is out with its account."""
    client, passkey = _joined("Tom Rydal", tenants), Passkey()
    assert add_passkey(client, passkey).status_code == 302
    other = a_client()
    press_passkey(other, passkey)
    assert not is_in(other)
    tenants.eastmere.claims = {}
    assert _with(other).headers["Location"].startswith("/sign-in/code/")
    form = {"credential": passkey.signed(options_of(other, "/sign-in/code/"))}
    assert other.post("/sign-in/code/", form, secure=True).headers["Location"] == "/"
    assert is_in(other)


def test_the_audit_trail_says_that_somebody_came_with_an_own_sign_in(tenants: Tenants) -> None:
    from django.db import connections

    _joined("Tom Rydal", tenants)
    _with(a_client())
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT detail::text FROM audit_auditevent WHERE action = 'signed in'")
        assert [row[0] for row in cursor.fetchall()] == ['{"with": ["own sign-in"]}'] * 2
