"""Somebody who writes into the database as the application's role is named by audit-check, and leaves a trace that the
role cannot take away. What the product's own acts write is not named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.authenticator_app import code_of
from tests.factories.doors import (
    PASSWORD,
    a_client,
    add_passkey,
    events,
    is_in,
    open_doors,
    page_of,
    set_up_app,
    shown_to_be,
    with_app,
    with_passkey,
)
from tests.factories.links import link_to
from tests.factories.passkey import Passkey
from tests.factories.past import came_past

pytestmark = [pytest.mark.database, pytest.mark.slow]

NEW_PASSWORD = "violet ladder under rain"


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def as_app(database: Server, *statements: str) -> None:
    with psycopg.connect(database.dsn(Role.APP)) as app:
        for statement in statements:
            app.execute(statement)


def audit_check(*words: str) -> Any:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["audit-check", *words])


def test_a_copied_password_and_factor_are_named_and_stay(database: Server) -> None:
    with_app("Ada Clarke", "administrator")
    with_app("Tom Rydal", "viewer")
    assert audit_check().exit_code == 0
    as_app(
        database,
        "UPDATE accounts_account SET password = tom.password FROM accounts_account tom "
        "WHERE tom.id = 2 AND accounts_account.id = 1",
        "UPDATE mfa_authenticator SET data = tom.data FROM mfa_authenticator tom "
        "WHERE tom.user_id = 2 AND tom.type = 'totp' AND mfa_authenticator.user_id = 1 "
        "AND mfa_authenticator.type = 'totp'",
    )
    said = audit_check()
    assert said.exit_code == 1
    assert re.search(r"password of account 1 \(accounts_account, row 1\)\. No act", said.output)
    assert re.search(r"second factor of account 1 \(mfa_authenticator, row \d+\)\. No act", said.output)
    assert said.output.count("No act of the product") == 2
    # A person has looked at it: from the next day on only what is new is named.
    assert audit_check("--since", "2999-01-01").exit_code == 0
    for statement in (
        "DELETE FROM audit_accesschange",
        "UPDATE audit_accesschange SET account = 2",
        "TRUNCATE audit_accesschange",
        "INSERT INTO audit_accesschange (at, txid, table_name, row_id, what, how) VALUES (now(), 1, 'a', 1, 'b', 'c')",
        "ALTER TABLE accounts_account DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE TEMPORARY TABLE mine (id bigint); CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW "
        "EXECUTE FUNCTION audit_note_change('', 'role')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_app(database, statement)


def test_the_owner_cannot_change_or_empty_what_was_written_down(database: Server) -> None:
    with_app("Ada Clarke")
    with psycopg.connect(database.dsn(Role.OWNER)) as owner:
        assert owner.execute("UPDATE audit_accesschange SET account = 2").rowcount == 0, "it sees no row"
    with psycopg.connect(database.dsn(Role.OWNER)) as owner, pytest.raises(psycopg.errors.RestrictViolation):
        owner.execute("TRUNCATE audit_accesschange")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "INSERT INTO accounts_membership (account_id, role, school_id, body, given_by, given_at, ended_by) "
            "VALUES (1, 'administrator', NULL, '', 'Ines Ortega', now(), '')",
            "role of account 1",
        ),
        ("UPDATE accounts_membership SET role = 'coordinator'", "role of account 1"),
        ("UPDATE accounts_account SET email = 'mallory@example.org'", "address of account 1"),
        ("UPDATE accounts_account SET is_active = false", "being stopped of account 1"),
        (
            'INSERT INTO account_emailaddress (email, verified, "primary", user_id) '
            "VALUES ('mallory@example.org', true, true, 1)",
            "address of account 1",
        ),
        (
            "INSERT INTO socialaccount_socialaccount (provider, uid, last_login, date_joined, extra_data, user_id) "
            "VALUES ('https://evil.example', '1', now(), now(), '{}', 1)",
            "own sign-in of account 1",
        ),
        ("DELETE FROM mfa_authenticator WHERE type = 'totp'", "second factor of account 1"),
        (
            "UPDATE accounts_invitation SET used_at = NULL, expires_at = now() + interval '1 day'",
            "invitation (accounts_invitation",
        ),
        (
            "INSERT INTO accounts_invitation (email, name, role, body, code, invited_by, invited_at, expires_at) "
            "VALUES ('m@example.org', 'M', 'administrator', '', gen_random_uuid(), 'Ines Ortega', now(), "
            "now() + interval '1 day')",
            "invitation (accounts_invitation",
        ),
    ],
)
def test_another_row_that_decides_who_may_come_in_is_named(database: Server, statement: str, named: str) -> None:
    with_app("Ada Clarke", "author")
    as_app(database, statement)
    said = audit_check()
    assert said.exit_code == 1
    assert named in said.output
    assert said.output.count("No act of the product") == 1


def test_an_event_about_somebody_or_something_else_explains_nothing(database: Server) -> None:
    with_app("Ada Clarke", "administrator")
    with_app("Tom Rydal", "viewer")
    event = (
        "INSERT INTO audit_auditevent (at, actor, actor_kind, action, subject_type, subject_id, detail) "
        "VALUES (now(), 'Tom Rydal', 'person', '{}', 'account', '{}', '{{}}')"
    )
    change = "UPDATE accounts_account SET password = '{}' WHERE id = 1"
    as_app(database, event.format("notice seen", 1), change.format("one"))
    as_app(database, event.format("password changed", 2), change.format("two"))
    # Of another transaction.
    as_app(database, event.format("password changed", 1))
    assert len(came_past()) == 2
    # Only an event that says so would do, and that stays in the trail.
    as_app(database, event.format("password changed", 1), change.format("three"))
    assert len(came_past()) == 2


def test_a_used_code_that_is_good_again_and_a_count_that_goes_back_are_named(database: Server) -> None:
    client, _ = with_passkey("Ada Clarke")
    code = re.findall(r"<li>([\w-]{8,})</li>", page_of(client, "/me/recovery-codes/"))[0]
    other = a_client()
    other.post("/sign-in/", {"login": "ada@example.org", "password": PASSWORD}, secure=True)
    other.post("/sign-in/code/", {"code": code}, secure=True)
    assert is_in(other)
    as_app(database, "UPDATE mfa_authenticator SET data = data || '{\"count\": 7}' WHERE type = 'webauthn'")
    assert came_past() == []
    as_app(
        database,
        "UPDATE mfa_authenticator SET data = data || '{\"used_mask\": 0}' WHERE type = 'recovery_codes'",
        "UPDATE mfa_authenticator SET data = data || '{\"count\": 6}' WHERE type = 'webauthn'",
    )
    assert len(came_past()) == 2


def test_an_event_of_another_year_is_named_while_the_clock_is_the_systems(database: Server) -> None:
    from django.test import override_settings

    with_app("Ada Clarke")
    as_app(
        database,
        "INSERT INTO audit_auditevent (at, actor, actor_kind, action, subject_type, subject_id, detail) "
        "VALUES ('2020-03-04 10:00Z', 'Somebody Else', 'person', 'seal letter', 'letter', '1', '{}')",
    )
    said = audit_check()
    assert said.exit_code == 1
    assert re.search(r"Event \d+ of the partnership says 2020-03-04 10:00, and was written at 20", said.output)
    with override_settings(EVERYFAMILY_CLOCK="database"):
        assert came_past() == []


def test_an_ordinary_day_is_not_named() -> None:
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.actions.inviting import let_in_again, send_again
    from everyfamily.accounts.actions.roles import end_role
    from everyfamily.accounts.actions.suspending import let_work_again, suspend
    from everyfamily.accounts.invitation_queries import open_invitations
    from everyfamily.accounts.models import Membership
    from everyfamily.core.actors import Actor

    now, by = datetime.now(UTC), Actor.typed("Ines Ortega")
    client, _ = with_app("Tom Rydal", "author")
    add_passkey(client, Passkey())
    passkey = Authenticator.objects.get(type="webauthn").pk
    client.post(f"/me/passkeys/{passkey}/name/", {"name": "in the drawer"}, secure=True)
    shown_to_be(client)
    client.post("/me/recovery-codes/new/", {}, secure=True)
    set_up_app(client)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/me/password/", form, secure=True).status_code == 302
    shown_to_be(client)
    again = a_client()
    again.post("/sign-in/", {"login": "tom@example.org", "password": NEW_PASSWORD}, secure=True)
    assert "password changed" in events()
    suspend(1, "a lost telephone", by, now)
    let_work_again(1, by, now)
    let_in_again(1, by, now)
    send_again(open_invitations(now, let_in=[1])[0].id, by, now)
    a_client().post(link_to("tom@example.org"), {"password": PASSWORD}, secure=True)
    end_role(Membership.objects.get().pk, by, now)
    acts = {
        "passkey renamed",
        "came in again",
        "let in again",
        "link sent again",
        "account suspended",
        "role ended",
    }
    assert acts <= set(events())
    assert came_past() == []


def test_the_sign_ins_of_the_demonstration_are_not_named(tmp_path: Path) -> None:
    from everyfamily_demo.sign_ins import make_sign_ins

    keys = tmp_path / "keys"
    keys.mkdir()
    assert len(make_sign_ins(keys, [1, 2], datetime.now(UTC))) > 8
    assert came_past() == []


def test_a_password_that_is_hashed_in_a_newer_way_has_its_event() -> None:
    from django.test import override_settings

    from everyfamily.accounts.models import Account

    _, secret = with_app("Tom Rydal")
    before = Account.objects.get().password
    with override_settings(
        PASSWORD_HASHERS=[
            "tests.factories.quick_passwords.QuickScrypt",
            "django.contrib.auth.hashers.MD5PasswordHasher",
        ]
    ):
        client = a_client()
        client.post("/sign-in/", {"login": "tom@example.org", "password": PASSWORD}, secure=True)
        client.post("/sign-in/code/", {"code": code_of(secret)}, secure=True)
        assert is_in(client)
    assert Account.objects.get().password != before
    assert events()[-2:] == ["password hashed again", "signed in"]
    assert came_past() == []
