"""A school's first lead comes in by the school's mailbox, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connections

from everyfamily_postgres.launcher import Server
from tests.factories.taking_post import Post

if TYPE_CHECKING:
    from everyfamily.people.queries import SchoolFacts

pytestmark = [pytest.mark.database, pytest.mark.slow]

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
MAILBOX = "office@hill.example"
PASSWORD = "harbour lantern sixty toast"


@pytest.fixture(autouse=True)
def _installation(database: Server) -> Iterator[None]:
    from django.test import override_settings

    with override_settings(
        SECRET_KEY="a key that only this test knows, and long enough",
        EVERYFAMILY_BASE_URL="https://letters.eastmere.example",
    ):
        yield


@pytest.fixture
def school() -> SchoolFacts:
    return _school(900001)


def _school(urn: int, mailbox: str = MAILBOX) -> SchoolFacts:
    from everyfamily.people.models import School
    from everyfamily.people.queries import school_by_urn

    School.objects.create(
        urn=urn,
        name=f"Hill {urn}",
        kind="primary",
        phase="primary",
        sends="us",
        mailbox=mailbox,
        demonstration=True,
    )
    return school_by_urn(urn)


def _by() -> object:
    from everyfamily.core.actors import Actor

    return Actor.typed("Ines Ortega")


def _invited(school: SchoolFacts, post: Post) -> str:
    """The token of the link in the email to the mailbox."""
    from everyfamily.accounts.actions.schools.inviting import invite_school

    invite_school(school, _by(), NOW)  # type: ignore[arg-type]
    return _token(_mailed(post))


def _mailed(post: Post, now: datetime = NOW) -> str:
    """The text of the one new email."""
    from everyfamily.accounts.actions.schools.mail import send_school_mail

    before = len(post.taken)
    assert send_school_mail(post, now).sent == 1
    (message,) = post.taken[before:]
    assert message.to == MAILBOX
    return message.body.text


def _token(text: str) -> str:
    found = re.search(r"https://letters.eastmere.example/join/([^/\s]+)/", text)
    assert found, text
    return found[1]


def _code(text: str) -> str:
    found = re.search(r"^(\d{6})$", text, re.MULTILINE)
    assert found, text
    return found[1]


def test_the_first_lead_comes_in_with_the_link_and_a_code_from_the_same_mailbox(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.inviting import accept
    from everyfamily.accounts.actions.schools.joining import ask, confirm
    from everyfamily.accounts.queries import held_of
    from everyfamily.core.permissions import Right
    from everyfamily.core.school_invitations import SchoolInvitationOver

    post = Post()
    token = _invited(school, post)
    letter = post.taken[0].body
    assert "Ines Ortega invites your school" in letter.text
    assert "about 10 minutes" in letter.text
    assert "on a number that you find yourself" in letter.text
    assert "these letters" not in letter.text
    ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    text = _mailed(post)
    assert "Dev Marchetti, dev@hill.example, asks to be the safeguarding lead of Hill 900001" in text
    account = accept(confirm(token, _code(text), NOW), NOW, password=PASSWORD)
    held = held_of(account)
    assert held.may(Right.ATTEST_ROLL, school_id=school.id)
    assert held.schools(Right.SEE_SCHOOL) == {school.id}
    with pytest.raises(SchoolInvitationOver):
        ask(token, "Mara Quill", "mara@hill.example", NOW)
    assert [action for action, _ in _events()] == [
        *("school invited", "school code asked for", "person invited", "school confirmed", "invitation accepted"),
    ]
    assert all("hill.example" not in str(detail) for _, detail in _events())


def test_the_link_alone_lets_nobody_in_and_wrong_codes_are_counted(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.joining import ask, confirm
    from everyfamily.core.school_invitations import CodeNotRight

    post = Post()
    token = _invited(school, post)
    with pytest.raises(CodeNotRight):
        confirm(token, "000000", NOW)
    ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    right = _code(_mailed(post))
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(5):
        with pytest.raises(CodeNotRight, match="not right, or there is a newer"):
            confirm(token, wrong, NOW)
    with pytest.raises(CodeNotRight, match="has ended"):
        confirm(token, right, NOW)
    # Another code begins again, and the one before is worth nothing.
    ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    newest = _code(_mailed(post))
    with pytest.raises(CodeNotRight):
        confirm(token, right if right != newest else wrong, NOW)
    assert confirm(token, newest, NOW)


def test_a_code_that_was_mailed_for_one_person_lets_in_no_other(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.joining import ask, confirm
    from everyfamily.core.school_invitations import CodeNotRight

    post = Post()
    token = _invited(school, post)
    ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    for_dev = _code(_mailed(post))
    ask(token, "Somebody Else", "else@example.org", NOW)
    for_else = _code(_mailed(post))
    if for_dev != for_else:
        with pytest.raises(CodeNotRight):
            confirm(token, for_dev, NOW)


def test_the_mailbox_itself_is_nobodys_account_and_codes_are_not_mailed_without_end(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.joining import ask
    from everyfamily.core.invitations import NotInvitable
    from everyfamily.core.school_invitations import MOST_CODES, TooManyCodes

    token = _invited(school, Post())
    with pytest.raises(NotInvitable, match="the school’s mailbox"):
        ask(token, "Dev Marchetti", MAILBOX.upper(), NOW)
    for _ in range(MOST_CODES):
        ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    with pytest.raises(TooManyCodes):
        ask(token, "Dev Marchetti", "dev@hill.example", NOW)


@pytest.mark.parametrize("what", ["forged", "another key", "expired", "cancelled", "replaced"])
def test_a_link_that_has_ended_gives_nothing_and_says_no_more_than_that(what: str, school: SchoolFacts) -> None:
    from django.test import override_settings

    from everyfamily.accounts.actions.schools.inviting import cancel_school, invite_school
    from everyfamily.accounts.actions.schools.joining import school_invitation_of
    from everyfamily.accounts.school_queries import schools_and_leads
    from everyfamily.core.school_invitations import LINK_LASTS, SchoolInvitationOver

    token = _invited(school, Post())
    assert school_invitation_of(token, NOW).school_id == school.id
    if what == "cancelled":
        (found,) = schools_and_leads(NOW)
        assert found.invited is not None
        cancel_school(found.invited.id, _by(), NOW)  # type: ignore[arg-type]
    if what == "replaced":
        invite_school(school, _by(), NOW)  # type: ignore[arg-type]
    now = NOW + LINK_LASTS if what == "expired" else NOW
    key = "another key that is also long enough to be one" if what == "another key" else None
    with override_settings(**({"SECRET_KEY": key} if key else {})), pytest.raises(SchoolInvitationOver) as ended:
        school_invitation_of(token[:-2] if what == "forged" else token, now)
    assert ended.value.fact == "This invitation has ended."


def test_a_school_with_a_lead_or_without_a_mailbox_is_not_invited(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.inviting import accept
    from everyfamily.accounts.actions.schools.inviting import invite_school
    from everyfamily.accounts.actions.schools.joining import ask, confirm
    from everyfamily.accounts.school_queries import schools_and_leads
    from everyfamily.core.school_invitations import SchoolNotInvitable

    post = Post()
    token = _invited(school, post)
    ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    accept(confirm(token, _code(_mailed(post)), NOW), NOW, password=PASSWORD)
    without = _school(900002, mailbox="")
    for one in (school, without):
        with pytest.raises(SchoolNotInvitable):
            invite_school(one, _by(), NOW)  # type: ignore[arg-type]
    assert [one.can_be_invited for one in schools_and_leads(NOW)] == [False, False]


def test_somebody_of_the_partnership_cannot_also_be_a_schools_lead(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.inviting import accept, invite_here
    from everyfamily.accounts.actions.schools.joining import ask, confirm
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role
    from everyfamily.core.roles_together import RolesApart

    made = invite_here(offer_of("Tom Rydal", "tom@example.org", Role.COORDINATOR), _by(), NOW)  # type: ignore[arg-type]
    accept(made, NOW, password=PASSWORD)
    post = Post()
    token = _invited(school, post)
    ask(token, "Tom Rydal", "tom@example.org", NOW)
    code = _code(_mailed(post))
    with pytest.raises(RolesApart):
        confirm(token, code, NOW)
    # The invitation is still good, for somebody at the school.
    ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    assert confirm(token, _code(_mailed(post)), NOW)


@pytest.mark.parametrize(("first", "second"), [(("author", None), ("lead", 1)), (("lead", 1), ("viewer", None))])
def test_the_database_refuses_both_sides_for_one_account(
    first: tuple[str, int | None], second: tuple[str, int | None]
) -> None:
    from everyfamily.accounts.models import Account, Membership

    account = Account.objects.create(email="tom@example.org", name="Tom Rydal", made_at=NOW)

    def give(role: str, school: int | None) -> Membership:
        return Membership.objects.create(account=account, role=role, school_id=school, given_by="x", given_at=NOW)

    row = give(*first)
    with pytest.raises(IntegrityError, match="membership_of_one_side"):
        give(*second)
    row.ended_at = NOW
    row.save()
    give(*second)


@pytest.mark.parametrize("what", ["over", "cancelled", "replaced"])
def test_who_asked_is_forgotten_with_an_invitation_that_nobody_uses(what: str, school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.inviting import cancel_school, invite_school
    from everyfamily.accounts.actions.schools.joining import ask, forget_who_asked
    from everyfamily.accounts.models import SchoolInvitation
    from everyfamily.core.school_invitations import LINK_LASTS

    token = _invited(school, Post())
    ask(token, "Dev Marchetti", "dev@hill.example", NOW)
    assert forget_who_asked(NOW) == 0
    if what == "over":
        assert forget_who_asked(NOW + LINK_LASTS) == 1
    elif what == "cancelled":
        cancel_school(SchoolInvitation.objects.get().pk, _by(), NOW)  # type: ignore[arg-type]
    else:
        invite_school(school, _by(), NOW)  # type: ignore[arg-type]
    assert set(SchoolInvitation.objects.values_list("name", "email")) == {("", "")}


def test_what_the_mail_server_refuses_is_tried_again_and_nothing_goes_twice(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.inviting import invite_school
    from everyfamily.accounts.actions.schools.mail import send_school_mail
    from everyfamily.core.sending.staff_mail import AGAIN_AFTER

    post = Post(refuses=True)
    invite_school(school, _by(), NOW)  # type: ignore[arg-type]
    assert send_school_mail(post, NOW).failed == 1
    post.refuses = False
    assert send_school_mail(post, NOW).sent == 0
    assert send_school_mail(post, NOW + AGAIN_AFTER).sent == 1
    assert send_school_mail(post, NOW + timedelta(hours=2)).sent == 0
    assert len(post.taken) == 1


def test_the_mailbox_of_a_real_school_gets_nothing_from_stand_ins_nor_one_of_a_demonstration_from_others() -> (
    None
):
    from django.test import override_settings

    from everyfamily.accounts.actions.schools.inviting import invite_school
    from everyfamily.accounts.actions.schools.mail import send_school_mail
    from everyfamily.people.models import School

    post = Post()
    invite_school(_school(900001), _by(), NOW)  # type: ignore[arg-type]
    School.objects.update(demonstration=False)
    assert send_school_mail(post, NOW).sent == 0
    with override_settings(EVERYFAMILY_STAND_INS=False):
        assert send_school_mail(post, NOW).sent == 1
    assert len(post.taken) == 1


def test_no_email_goes_about_what_is_over(school: SchoolFacts) -> None:
    from everyfamily.accounts.actions.schools.inviting import invite_school
    from everyfamily.accounts.actions.schools.mail import send_school_mail

    post = Post()
    invite_school(school, _by(), NOW)  # type: ignore[arg-type]
    invite_school(school, _by(), NOW)  # type: ignore[arg-type]
    done = send_school_mail(post, NOW)
    assert (done.sent, done.dropped) == (1, 1)


def _events() -> list[tuple[str, object]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT action, detail FROM audit_auditevent ORDER BY id")
        return list(cursor.fetchall())
