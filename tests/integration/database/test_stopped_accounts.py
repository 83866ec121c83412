"""What one administrator may do to the others, and what takes two: the attack of one cookie, played again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.doors import Person, open_doors
from tests.factories.school_pages import words_of
from tests.factories.signed_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def post(client: Person, path: str, **form: str) -> Any:
    return client.post(path, form, secure=True)


def role_of(client: Person) -> int:
    from everyfamily.accounts.models import Membership

    return Membership.objects.get(account_id=client.account, ended_at=None).pk


def has_role(client: Person) -> bool:
    from everyfamily.accounts.models import Membership

    return Membership.objects.filter(account_id=client.account, ended_at=None).exists()


def told(about: str) -> list[str]:
    from everyfamily.accounts.models import Account
    from everyfamily.work.models import ToldMail

    names = dict(Account.objects.values_list("id", "name"))
    rows = ToldMail.objects.filter(about=f"accounts.{about}").order_by("id")
    return [names[account] for account in rows.values_list("account_id", flat=True)]


def a_day_later() -> None:
    from everyfamily.accounts.models import Reset, Suspension

    long_ago = datetime.now(UTC) - timedelta(hours=25)
    Suspension.objects.update(at=long_ago)
    Reset.objects.update(asked_at=long_ago, opens_at=datetime.now(UTC) - timedelta(hours=1))


def stop(client: Person, other: Person, why: str = "lost laptop") -> Any:
    return post(client, f"/people/{other.account}/stop/", why=why)


def test_an_account_is_stopped_by_one_at_once_and_its_open_page_is_the_last() -> None:
    ada, ben = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), signed_in(Role.ADMINISTRATOR, "Ben Howe")
    assert ben.get("/people/", secure=True).status_code == 200
    assert stop(ada, ben, why="").status_code == 409
    assert stop(ada, ben).status_code == 302
    assert ben.get("/people/", secure=True).headers["Location"].startswith("/sign-in/")
    assert told("suspended") == ["Ben Howe", "Ada Clarke"]
    page = words_of(ada.get("/people/", secure=True))
    assert "Stopped accounts Ben Howe" in page and "lost laptop" in page


def test_a_signatory_s_role_ends_by_two_or_after_a_day() -> None:
    ada, ben = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), signed_in(Role.ADMINISTRATOR, "Ben Howe")
    ruth, role = (one := signed_in(Role.SIGNATORY, "Ruth Calloway")), role_of(one)
    refused = post(ada, f"/people/roles/{role}/end/")
    assert (refused.status_code, "Stop their account first" in words_of(refused)) == (409, True)
    stop(ada, ruth)
    refused = post(ada, f"/people/roles/{role}/end/")
    assert (refused.status_code, "Ask another administrator" in words_of(refused)) == (409, True)
    assert has_role(ruth)
    assert post(ben, f"/people/roles/{role}/end/").status_code == 302
    assert not has_role(ruth)
    assert told("role-ended") == ["Ruth Calloway", "Ada Clarke", "Ben Howe"]


def test_whoever_stopped_an_administrator_ends_the_role_after_a_day() -> None:
    ada, ben = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), signed_in(Role.ADMINISTRATOR, "Ben Howe")
    role = role_of(ben)
    stop(ada, ben)
    assert post(ada, f"/people/roles/{role}/end/").status_code == 409
    a_day_later()
    assert post(ada, f"/people/roles/{role}/end/").status_code == 302


def test_an_administrator_who_stopped_the_other_makes_no_accomplice_before_somebody_has_looked() -> None:
    """With everything that one person has, also a device of their own to show who they are."""
    from everyfamily.accounts.models import Invitation

    mallory, ada = signed_in(Role.ADMINISTRATOR, "Mallory Crane"), signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    tom = signed_in(Role.AUTHOR, "Tom Rydal")
    cleo = signed_in(Role.ADMINISTRATOR, "Cleo Marsh")
    stop(mallory, ada)
    form = {"name": "Mo Hale", "email": "mo@example.org", "role": "administrator"}
    refused = post(mallory, "/people/invite/", **form)
    assert (refused.status_code, "nobody else has looked at it" in words_of(refused)) == (422, True)
    assert post(mallory, f"/people/{tom.account}/let-in-again/").status_code == 409
    assert Invitation.objects.count() == 0
    assert post(mallory, f"/people/{ada.account}/looked-at/").status_code == 409
    assert post(cleo, f"/people/{ada.account}/looked-at/").status_code == 302
    assert post(mallory, "/people/invite/", **form).status_code == 302
    # An invitation of an administrator is no secret either.
    assert set(told("invited")) == {"Mallory Crane", "Ada Clarke", "Cleo Marsh"}


def test_letting_a_signatory_in_again_waits_for_a_day_that_others_were_told_or_for_a_second_person() -> None:
    from everyfamily.accounts.models import Invitation, Reset

    ada, ben = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), signed_in(Role.ADMINISTRATOR, "Ben Howe")
    new = signed_in(Role.ADMINISTRATOR, "Noor Hale", is_new=True)
    ruth = signed_in(Role.SIGNATORY, "Ruth Calloway")
    assert post(ada, f"/people/{ruth.account}/let-in-again/").status_code == 302
    assert "A second administrator can send the link now" in words_of(ada.get("/people/", secure=True))
    link = f"/people/resets/{Reset.objects.get().pk}/link/"
    for client, why in ((ada, "waits for 24 hours"), (new, "less than 24 hours ago")):
        refused = post(client, link)
        assert (refused.status_code, why in words_of(refused)) == (409, True)
    # Nothing of theirs has changed, and they know of it.
    assert ruth.get("/", secure=True).status_code == 200
    assert told("reset-asked") == ["Ruth Calloway", "Ada Clarke", "Ben Howe", "Noor Hale"]
    assert Invitation.objects.count() == 0
    assert post(ben, link).status_code == 302
    assert Invitation.objects.get().account_id == ruth.account


def test_after_the_day_it_still_waits_if_no_email_went_out() -> None:
    from everyfamily.accounts.models import Reset
    from everyfamily.work.models import ToldMail

    ada, ruth = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), signed_in(Role.SIGNATORY, "Ruth Calloway")
    post(ada, f"/people/{ruth.account}/let-in-again/")
    link = f"/people/resets/{Reset.objects.get().pk}/link/"
    a_day_later()
    refused = post(ada, link)
    assert (refused.status_code, "Nobody else was told 24 hours ago" in words_of(refused)) == (409, True)
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    ToldMail.objects.update(status="accepted", changed_at=long_ago, written_at=long_ago)
    Reset.objects.update(asked_at=long_ago - timedelta(minutes=1))
    assert post(ada, link).status_code == 302


def test_somebody_who_was_stopped_works_again_by_another_and_never_by_themselves() -> None:
    from everyfamily.accounts.models import Account

    ada, ben = signed_in(Role.ADMINISTRATOR, "Ada Clarke"), signed_in(Role.ADMINISTRATOR, "Ben Howe")
    assert post(ben, "/me/stop/").headers["Location"] == "/sign-in/"
    assert not Account.objects.get(pk=ben.account).is_active
    ben.shows_codes = False
    assert post(ben, f"/people/{ben.account}/works-again/").headers["Location"].startswith("/sign-in/")
    assert post(ada, f"/people/{ben.account}/works-again/").status_code == 302
    assert Account.objects.get(pk=ben.account).is_active
    assert set(told("works-again")) == {"Ada Clarke", "Ben Howe"}


def test_the_last_administrator_keeps_the_role() -> None:
    ada = signed_in(Role.ADMINISTRATOR, "Ada Clarke")
    refused = post(ada, f"/people/roles/{role_of(ada)}/end/")
    assert (refused.status_code, "last administrator" in words_of(refused)) == (409, True)
