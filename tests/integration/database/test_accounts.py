"""Invitations and roles: what is taken on, what ends, and what the audit trail keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from everyfamily_postgres.launcher import Server

pytestmark = [pytest.mark.database, pytest.mark.slow]

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
PASSWORD = "harbour lantern sixty toast"


@pytest.fixture(autouse=True)
def _installation(database: Server) -> Iterator[None]:
    from django.test import override_settings

    with override_settings(SECRET_KEY="a key that only this test knows, and long enough"):
        yield


def _joined(name: str, role: str, **where: object) -> int:
    """Somebody who was invited and has accepted; the account's id."""
    from everyfamily.accounts.actions.inviting import accept, invite_here
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    email = f"{name.split()[0].lower()}@example.org"
    offer = offer_of(name, email, Role(role), **where)  # type: ignore[arg-type]
    made = invite_here(offer, Actor.typed("Ines Ortega"), NOW)
    return accept(made, NOW, password=PASSWORD)


def _membership(account: int) -> int:
    from everyfamily.accounts.queries import people

    return next(person.roles[0].id for person in people() if person.id == account)


def _events() -> list[tuple[str, str, dict[str, object]]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT action, actor, detail FROM audit_auditevent ORDER BY id")
        return list(cursor.fetchall())


def test_an_invitation_gives_the_role_that_it_offered_and_works_once() -> None:
    from everyfamily.accounts.actions.inviting import InvitationOver, accept, invite_here
    from everyfamily.accounts.queries import held_of
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Right, Role

    offer = offer_of("Tom Rydal", "Tom.Rydal@Example.org", Role.AUTHOR)
    made = invite_here(offer, Actor.typed("Ines Ortega"), NOW)
    account = accept(made, NOW, password=PASSWORD)
    assert held_of(account).may(Right.WRITE_LETTERS)
    assert not held_of(account).may(Right.APPROVE_LETTER, body="police")
    with pytest.raises(InvitationOver):
        accept(made, NOW, password=PASSWORD)
    assert [(action, actor) for action, actor, _ in _events()] == [
        ("person invited", "Ines Ortega"),
        ("invitation accepted", "Tom Rydal"),
    ]
    assert all("tom" not in str(detail).lower() for _, _, detail in _events())


@pytest.mark.parametrize("what", ["forged", "expired", "cancelled", "replaced"])
def test_a_link_that_has_ended_gives_nothing_and_says_no_more_than_that(what: str) -> None:
    from everyfamily.accounts.actions.inviting import InvitationOver, cancel, invitation_of, invite_here
    from everyfamily.accounts.invitation_queries import open_invitations
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    by = Actor.typed("Ines Ortega")
    offer = offer_of("Tom Rydal", "tom@example.org", Role.AUTHOR)
    made = invite_here(offer, by, NOW)
    assert invitation_of(made, NOW).offer == offer
    if what == "cancelled":
        cancel(open_invitations(NOW)[0].id, by, NOW)
    if what == "replaced":
        invite_here(offer, by, NOW)
    token = made[:-1] if what == "forged" else made
    with pytest.raises(InvitationOver) as found:
        invitation_of(token, NOW + timedelta(days=7) if what == "expired" else NOW)
    assert str(found.value) == "This invitation has ended. Ask the person who invited you for a new one."


@pytest.mark.parametrize(
    "password", ["short", "password1234", "tom.rydal tom.rydal", "", "Safeguarding2026!", "P0lice-Council-Sch00l"]
)
def test_a_password_that_is_easily_guessed_is_refused_and_the_link_still_works(password: str) -> None:
    from everyfamily.accounts.actions.inviting import PasswordNotTaken, accept, invite_here
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    offer = offer_of("Tom Rydal", "tom.rydal@example.org", Role.AUTHOR)
    made = invite_here(offer, Actor.typed("Ines Ortega"), NOW)
    with pytest.raises(PasswordNotTaken):
        accept(made, NOW, password=password)
    accept(made, NOW, password=PASSWORD)


def test_somebody_with_an_account_takes_another_role_only_when_signed_in() -> None:
    from everyfamily.accounts.actions.inviting import SignInFirst, accept, invite_here
    from everyfamily.accounts.queries import held_of
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Right, Role

    tom, mara = _joined("Tom Rydal", "author"), _joined("Mara Quill", "viewer")
    offer = offer_of("Tom Rydal", "tom@example.org", Role.COORDINATOR)
    made = invite_here(offer, Actor.typed("Ines Ortega"), NOW)
    for somebody in (None, mara):
        with pytest.raises(SignInFirst):
            accept(made, NOW, password=PASSWORD, signed_in=somebody)
    assert accept(made, NOW, signed_in=tom) == tom
    assert held_of(tom).may(Right.START_MAILING)
    assert not held_of(mara).may(Right.START_MAILING)


def test_two_invitations_of_one_address_at_once_make_one_account(monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from everyfamily.accounts.actions import inviting
    from everyfamily.accounts.queries import people
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    links = [
        inviting.invite_here(offer_of("Tom Rydal", "tom@example.org", role), Actor.typed("Ines Ortega"), NOW)
        for role in (Role.AUTHOR, Role.VIEWER)
    ]
    both_saw_no_account, validate = Barrier(2, timeout=20), inviting.validate_password

    def validated(password: str, account: object) -> None:
        both_saw_no_account.wait()
        validate(password, account)

    monkeypatch.setattr(inviting, "validate_password", validated)

    def accepted(token: str) -> str:
        try:
            return f"account {inviting.accept(token, NOW, password=PASSWORD)}"
        except inviting.SignInFirst as problem:
            return problem.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as browsers:
        answers = sorted(browsers.map(accepted, links))
    (tom,) = people()
    assert answers == ["EF273", f"account {tom.id}"]
    assert len(tom.roles) == 1
    # The other link still works, for whom the account belongs to.
    late = next(token for token in links if inviting._of_link(token, NOW).exists())
    assert inviting.accept(late, NOW, signed_in=tom.id) == tom.id


def test_a_role_that_somebody_has_is_not_offered_again() -> None:
    from everyfamily.core.invitations import NotInvitable

    _joined("Tom Rydal", "author")
    with pytest.raises(NotInvitable):
        _joined("Tom Rydal", "author")


def test_an_ended_role_counts_no_more_and_stays_on_record() -> None:
    from everyfamily.accounts.actions.roles import RoleOver, end_role
    from everyfamily.accounts.queries import held_of
    from everyfamily.core.actors import Actor
    from everyfamily.core.permissions import Right

    tom = _joined("Tom Rydal", "author")
    role = _membership(tom)
    end_role(role, Actor.typed("Ines Ortega"), NOW)
    assert not any(held_of(tom).anywhere(right) for right in Right)
    with pytest.raises(RoleOver):
        end_role(role, Actor.typed("Ines Ortega"), NOW)
    assert [event[0] for event in _events()[-2:]] == ["role ended", "tell people"]


def test_the_last_administrator_cannot_be_ended() -> None:
    from everyfamily.accounts.actions.roles import LastAdministrator, end_role
    from everyfamily.core.actors import Actor

    ines, mara = _joined("Ines Ortega", "administrator"), _joined("Mara Quill", "administrator")
    end_role(_membership(mara), Actor.typed("Ines Ortega"), NOW)
    with pytest.raises(LastAdministrator):
        end_role(_membership(ines), Actor.typed("Ines Ortega"), NOW)


def test_nobody_lets_themselves_in_again() -> None:
    from everyfamily.accounts.actions.inviting import OwnAccount, let_in_again
    from everyfamily.core.actors import Actor, ActorKind

    ines = _joined("Ines Ortega", "administrator")
    with pytest.raises(OwnAccount):
        let_in_again(ines, Actor(ActorKind.PERSON, "Ines Ortega", ines), NOW)


@pytest.mark.parametrize(
    ("role", "school", "body"),
    [("lead", None, ""), ("author", 1, ""), ("signatory", None, ""), ("lead", 1, "police")],
)
def test_the_database_refuses_a_role_without_what_it_is_for(role: str, school: int | None, body: str) -> None:
    account = _joined("Tom Rydal", "author")
    with pytest.raises(IntegrityError), connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_membership (account_id, role, school_id, body, given_by, given_at, ended_by) "
            "VALUES (%s, %s, %s, %s, 'x', now(), '')",
            [account, role, school, body],
        )


def test_the_planner_can_read_nothing_of_accounts_sessions_and_second_factors() -> None:
    with connections["planner"].cursor() as cursor:
        cursor.execute(
            "SELECT tablename, has_any_column_privilege(current_user, quote_ident(tablename), 'SELECT') FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename ~ '^(accounts?|mfa|usersessions|socialaccount)_|^django_session'"
        )
        may = dict(cursor.fetchall())
    assert {"accounts_account", "accounts_deskmail", "accounts_noticeseen", "mfa_authenticator"} <= may.keys()
    assert {"socialaccount_socialaccount", "django_session", "usersessions_usersession"} <= may.keys()
    assert [table for table, reads in may.items() if reads] == []


def test_the_app_cannot_delete_an_account_or_a_role() -> None:
    for table in ("accounts_account", "accounts_membership", "accounts_invitation"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")


def test_sessions_that_have_ended_are_forgotten_and_others_stay() -> None:
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from everyfamily.accounts.actions.sessions import forget_ended_sessions
    from everyfamily.accounts.models import Account

    now = datetime.now(UTC)
    person = Account.objects.create(email="tom@example.org", name="Tom Rydal", made_at=now)
    for key, hours in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=now + timedelta(hours=hours))
        UserSession.objects.create(user=person, session_key=key, ip="127.0.0.1", created_at=now, last_seen_at=now)
    assert forget_ended_sessions(now) == 1
    assert [row.session_key for row in Session.objects.all()] == ["open"]
    assert [row.session_key for row in UserSession.objects.all()] == ["open"]
