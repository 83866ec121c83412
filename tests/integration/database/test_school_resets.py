"""A way in again for somebody at a school: it waits for a day, everybody there is told, and a lead can stop it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from everyfamily.core.actors import Actor, ActorKind
from everyfamily_postgres.launcher import Server
from tests.factories.links import link_to, token_to
from tests.factories.taking_post import Post

pytestmark = [pytest.mark.database, pytest.mark.slow]

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
A_DAY = timedelta(hours=24)
PASSWORD = "harbour lantern sixty toast"
HILL, VALE = 1, 2


@pytest.fixture(autouse=True)
def _schools(database: Server) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily.people.models import School

    for key, name in ((HILL, "hill"), (VALE, "vale")):
        School.objects.create(
            pk=key,
            urn=900000 + key,
            name=name.capitalize(),
            kind="primary",
            phase="primary",
            sends="us",
            mailbox=f"office@{name}.example",
        )
    with override_settings(SECRET_KEY="a key that only this test knows, and long enough"):
        yield


def _somebody(name: str, *roles: tuple[str, int | None]) -> Actor:
    from everyfamily.accounts.models import Account, Membership

    email = f"{name.split()[0].lower()}@example.org"
    account = Account.objects.create(email=email, name=name, made_at=NOW)
    account.set_password(PASSWORD)
    account.save()
    for role, school in roles:
        Membership.objects.create(account=account, role=role, school_id=school, given_by="x", given_at=NOW)
    return Actor(ActorKind.PERSON, name, account.pk)


def _told() -> list[str]:
    """Who is written to: addresses of accounts, and ids of schools for their mailboxes."""
    from everyfamily.accounts.models import SchoolMail

    rows = SchoolMail.objects.select_related("account").order_by("id")
    return sorted(row.account.email if row.account else f"mailbox {row.school_id}" for row in rows)


def _mailed(now: datetime = NOW) -> list[tuple[str, str]]:
    """Send what waits by a post that takes everything: to whom, and what."""
    from everyfamily.accounts.actions.schools.mail import send_school_mail
    from everyfamily.people.models import School

    School.objects.update(demonstration=True)
    post = Post()
    send_school_mail(post, now)
    return sorted((message.to, message.body.text) for message in post.taken)


def _id(by: Actor) -> int:
    assert by.account is not None
    return by.account


def _reset(who: Actor) -> int:
    from everyfamily.accounts.school_queries import waiting_resets

    return waiting_resets(NOW)[_id(who)].id


def test_a_colleague_is_let_in_again_after_a_day_and_everybody_at_the_school_was_told() -> None:
    from everyfamily.accounts.actions.inviting import WaitsForADay, accept
    from everyfamily.accounts.actions.schools.resets import ask_reset, use_reset
    from everyfamily.accounts.models import Account

    dev, mara = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Mara Quill", ("office", HILL))
    _somebody("Tom Rydal", ("dpo", HILL))
    _somebody("Ben Frost", ("lead", VALE))
    ask_reset(_id(mara), dev, NOW)
    assert _told() == ["dev@example.org", "mailbox 1", "mara@example.org", "tom@example.org"]
    letters = _mailed()
    assert [to for to, _ in letters] == [
        *("dev@example.org", "mara@example.org", "office@hill.example", "tom@example.org"),
    ]
    for _, text in letters:
        assert "Dev Marchetti asked to let Mara Quill in again" in text
        assert "Nothing happens before 9am on Tuesday 2 March" in text
        assert "/invitations/" not in text
        assert "/join/" not in text
    with pytest.raises(WaitsForADay):
        use_reset(_reset(mara), dev, NOW + A_DAY - timedelta(seconds=1))
    assert Account.objects.get(pk=mara.account).check_password(PASSWORD)
    use_reset(_reset(mara), dev, NOW + A_DAY)
    assert not Account.objects.get(pk=mara.account).has_usable_password()
    token = token_to("mara@example.org", NOW + A_DAY)
    assert accept(token, NOW + A_DAY, password="another lantern entirely soup") == mara.account


def test_a_lead_stops_it_and_then_nothing_happens() -> None:
    from everyfamily.accounts.actions.schools.colleagues import cancel_reset_at
    from everyfamily.accounts.actions.schools.resets import ResetOver, ask_reset, use_reset

    dev, ada = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Ada Clarke", ("lead", HILL))
    ask_reset(_id(ada), dev, NOW)
    found = _reset(ada)
    # The one whom it is about, who can still sign in.
    cancel_reset_at(HILL, found, ada, NOW)
    with pytest.raises(ResetOver):
        use_reset(found, dev, NOW + A_DAY)


def test_an_administrator_does_it_only_where_the_school_has_no_other_lead_and_waits_all_the_same() -> None:
    from everyfamily.accounts.actions.inviting import WaitsForADay, let_in_again
    from everyfamily.accounts.actions.schools.resets import ResetNotTheirs, ask_reset, use_reset

    ines = _somebody("Ines Ortega", ("administrator", None))
    dev, mara = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Mara Quill", ("office", HILL))
    with pytest.raises(ResetNotTheirs):
        ask_reset(_id(mara), ines, NOW)
    with pytest.raises(WaitsForADay):
        let_in_again(_id(dev), ines, NOW)
    ask_reset(_id(dev), ines, NOW)
    with pytest.raises(WaitsForADay):
        use_reset(_reset(dev), ines, NOW)
    assert _told() == ["dev@example.org", "mailbox 1", "mara@example.org"]
    _mailed()
    use_reset(_reset(dev), ines, NOW + A_DAY)
    assert link_to("dev@example.org", NOW + A_DAY)


def test_nothing_opens_before_somebody_else_was_told_and_had_a_day_to_stop_it() -> None:
    from everyfamily.accounts.actions.inviting import WaitsForADay
    from everyfamily.accounts.actions.schools.resets import ask_reset, use_reset

    dev, mara = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Mara Quill", ("office", HILL))
    ask_reset(_id(mara), dev, NOW)
    with pytest.raises(WaitsForADay, match="the emails did not go out"):
        use_reset(_reset(mara), dev, NOW + A_DAY)
    _mailed(NOW + A_DAY)
    with pytest.raises(WaitsForADay, match="or went later"):
        use_reset(_reset(mara), dev, NOW + A_DAY)
    use_reset(_reset(mara), dev, NOW + 2 * A_DAY)
    assert link_to("mara@example.org", NOW + 2 * A_DAY)


def test_nobody_is_written_to_about_what_was_stopped() -> None:
    from everyfamily.accounts.actions.schools.resets import ask_reset, cancel_reset

    dev, mara = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Mara Quill", ("office", HILL))
    ask_reset(_id(mara), dev, NOW)
    cancel_reset(_reset(mara), dev, NOW)
    assert _mailed() == []


def test_nobody_else_does_it() -> None:
    from everyfamily.accounts.actions.inviting import OwnAccount
    from everyfamily.accounts.actions.schools.resets import ResetNotTheirs, ask_reset

    dev, mara = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Mara Quill", ("office", HILL))
    for other in (_somebody("Ben Frost", ("lead", VALE)), _somebody("Eve Moss", ("coordinator", None)), mara):
        with pytest.raises(ResetNotTheirs):
            ask_reset(_id(dev), other, NOW)
    with pytest.raises(OwnAccount):
        ask_reset(_id(dev), dev, NOW)


def test_a_lead_lets_in_nobody_who_also_has_a_role_at_another_school() -> None:
    from everyfamily.accounts.actions.schools.colleagues import ask_reset_at
    from everyfamily.accounts.actions.schools.resets import ResetNotTheirs, ask_reset

    dev = _somebody("Dev Marchetti", ("lead", HILL))
    tom = _somebody("Tom Rydal", ("dpo", HILL), ("dpo", VALE))
    with pytest.raises(ResetNotTheirs):
        ask_reset_at(HILL, _id(tom), dev, NOW)
    ask_reset(_id(tom), _somebody("Ines Ortega", ("administrator", None)), NOW)
    assert _told() == ["dev@example.org", "mailbox 1", "mailbox 2", "tom@example.org"]


def test_a_lead_does_nothing_at_another_school_and_the_last_lead_stays() -> None:
    from everyfamily.accounts.actions.inviting import InvitationOver, invite
    from everyfamily.accounts.actions.roles import RoleOver
    from everyfamily.accounts.actions.schools.colleagues import (
        LastLead,
        ask_reset_at,
        cancel_at,
        cancel_reset_at,
        end_role_at,
        send_again_at,
        use_reset_at,
    )
    from everyfamily.accounts.actions.schools.resets import ResetOver, ask_reset
    from everyfamily.accounts.models import Membership
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    dev, ben = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Ben Frost", ("lead", VALE))
    vera = _somebody("Vera Holt", ("office", VALE))
    offer = offer_of("Mara Quill", "mara@example.org", Role.OFFICE, school_id=VALE)
    invited = invite(offer, ben, NOW)
    ask_reset(_id(vera), ben, NOW)
    role = Membership.objects.get(account_id=vera.account).pk
    with pytest.raises(RoleOver):
        end_role_at(HILL, role, dev, NOW)
    with pytest.raises(RoleOver):
        ask_reset_at(HILL, _id(vera), dev, NOW)
    with pytest.raises(InvitationOver):
        cancel_at(HILL, invited, dev, NOW)
    with pytest.raises(InvitationOver):
        send_again_at(HILL, invited, dev, NOW)
    for act in (cancel_reset_at, use_reset_at):
        with pytest.raises(ResetOver):
            act(HILL, _reset(vera), dev, NOW + A_DAY)
    with pytest.raises(LastLead):
        end_role_at(HILL, Membership.objects.get(account_id=dev.account).pk, dev, NOW)
    end_role_at(VALE, role, ben, NOW)


def test_what_was_asked_for_too_long_ago_is_asked_for_again() -> None:
    from everyfamily.accounts.actions.schools.resets import LASTS, ResetOver, ask_reset, use_reset

    dev, mara = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Mara Quill", ("office", HILL))
    ask_reset(_id(mara), dev, NOW)
    ask_reset(_id(mara), dev, NOW)
    assert len(_told()) == 3, "asking twice tells once"
    later = NOW + A_DAY + LASTS
    with pytest.raises(ResetOver):
        use_reset(_reset(mara), dev, later)
    ask_reset(_id(mara), dev, later)
    assert len(_told()) == 6


def test_asking_again_and_again_writes_no_more_emails_after_the_third_time() -> None:
    from everyfamily.accounts.actions.schools.resets import ResetAskedTooOften, ask_reset, cancel_reset

    dev, mara = _somebody("Dev Marchetti", ("lead", HILL)), _somebody("Mara Quill", ("office", HILL))
    for _ in range(3):
        ask_reset(_id(mara), dev, NOW)
        cancel_reset(_reset(mara), mara, NOW)
    told = _told()
    with pytest.raises(ResetAskedTooOften):
        ask_reset(_id(mara), dev, NOW)
    assert _told() == told
    ask_reset(_id(mara), dev, NOW + A_DAY + timedelta(seconds=1))
    assert len(_told()) > len(told)
