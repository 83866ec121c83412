"""Inviting schools and looking after a school's people, by the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from everyfamily_postgres.launcher import Server
from tests.factories.doors import a_client
from tests.factories.links import link_to

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _installation(database: Server, tmp_path: Path) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily.people.models import School
    from everyfamily.staff.doors.secrets_of_factors import make_key

    make_key(tmp_path / "sign-in.key")
    schools = (("Hill Primary", "office@hill.example"), ("Hillside Academy", "a@hillside.example"), ("Vale", ""))
    for number, (name, mailbox) in enumerate(schools, start=1):
        School.objects.create(
            pk=number,
            urn=900000 + number,
            name=name,
            kind="primary",
            phase="primary",
            sends="us",
            mailbox=mailbox,
            demonstration=True,
        )
    with override_settings(
        ALLOWED_HOSTS=["letters.eastmere.example"],
        EVERYFAMILY_SIGN_IN_KEY_FILE=str(tmp_path / "sign-in.key"),
        EVERYFAMILY_CLOCK="system",
        EVERYFAMILY_BASE_URL="https://letters.eastmere.example",
        SECRET_KEY="a key that only this test knows, and long enough",
    ):
        yield


def _client(name: str = "", *roles: tuple[str, int | None]) -> Client:
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import Account, Membership

    client = a_client()
    if name:
        now = datetime.now(UTC)
        email = f"{name.split()[0].lower()}@example.org"
        account = Account.objects.create(email=email, name=name, made_at=now)
        for role, school in roles:
            Membership.objects.create(account=account, role=role, school_id=school, given_by="x", given_at=now)
        Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
        client.force_login(account)
    return client


def _get(client: Client, path: str) -> str:
    return str(client.get(path, secure=True).content.decode())


def _post(client: Client, path: str, **form: str) -> tuple[int, str]:
    answer = client.post(path, form, secure=True)
    return answer.status_code, answer.content.decode() or answer.headers.get("Location", "")


def _links_of_schools() -> list[str]:
    from everyfamily.accounts.actions.links import school_link
    from everyfamily.accounts.models import SchoolInvitation

    return [school_link(row.code) for row in SchoolInvitation.objects.order_by("id")]


def test_a_coordinator_finds_a_school_by_a_part_of_its_name_and_never_sees_its_link() -> None:
    ada = _client("Ada Clarke", ("coordinator", None))
    seen = [_get(ada, "/people/"), _get(ada, "/people/schools/")]
    found = _get(ada, "/people/schools/?name=PRIM+hil")
    assert "Hill Primary" in found
    assert "Hillside" not in found
    assert "has no mailbox for it" in _get(ada, "/people/schools/?name=vale")
    assert "No school has that in its name" in _get(ada, "/people/schools/?name=harbour")
    seen += [found, _get(ada, "/people/schools/one/?urn=900001")]
    assert "office@hill.example" in seen[-1]
    status, page = _post(ada, "/people/schools/one/", urn="900001")
    assert status == 200
    assert "Hill Primary is invited" in page
    seen += [page, _get(ada, "/people/schools/"), _get(ada, "/people/schools/?name=hill"), _get(ada, "/people/")]
    assert "Invited by Ada Clarke" in seen[-2]
    (link,) = _links_of_schools()
    secret = link.split("/")[-2]
    assert all(secret not in one and "/join/" not in one for one in seen)
    assert _post(ada, "/people/schools/one/", urn="900003")[0] == 422
    assert ada.get("/people/schools/one/?urn=1", secure=True).status_code == 404


def test_all_schools_without_a_lead_are_invited_at_once_if_their_number_is_still_the_same() -> None:
    ada = _client("Ada Clarke", ("coordinator", None))
    page = _get(ada, "/people/schools/all/")
    assert "Invite 2 schools" in page
    assert "Vale" in page
    assert _post(ada, "/people/schools/all/", count="3")[0] == 409
    assert _links_of_schools() == []
    assert "2 schools are invited" in _post(ada, "/people/schools/all/", count="2")[1]
    assert len(_links_of_schools()) == 2
    assert "There is no school to invite" in _post(ada, "/people/schools/all/", count="2")[1]
    assert len(_links_of_schools()) == 2


def test_the_page_of_a_schools_invitation_asks_for_a_name_and_then_for_a_code() -> None:
    from everyfamily.accounts.actions.links import digits_of
    from everyfamily.accounts.models import SchoolInvitation

    ada, anybody = _client("Ada Clarke", ("coordinator", None)), _client()
    _post(ada, "/people/schools/one/", urn="900001")
    path = _links_of_schools()[0].removeprefix("https://letters.eastmere.example")
    page = _get(anybody, path)
    assert "Ada Clarke invited your school" in page
    assert _get(anybody, f"{path}code/") == ""
    status, page = _post(anybody, path, name="Office", email="dev@hill.example")
    assert status == 422
    assert "This is not the name of a person" in page
    status, page = _post(anybody, path, name="Dev Marchetti", email="office@hill.example")
    assert status == 422
    assert 'href="#email"' in page
    assert 'id="email-problem"' in page
    assert 'id="name-problem"' not in page
    assert _post(anybody, path, name="Dev Marchetti", email="dev@hill.example") == (302, f"{path}code/")
    code_page = _get(anybody, f"{path}code/")
    (asked,) = SchoolInvitation.objects.values_list("asked", flat=True)
    assert asked is not None
    assert digits_of(asked) not in code_page
    assert _post(anybody, f"{path}code/", code="x")[0] == 422
    status, invitation = _post(anybody, f"{path}code/", code=digits_of(asked))
    assert status == 302
    assert "Welcome, Dev Marchetti" in _get(anybody, invitation)
    assert anybody.get(path, secure=True).status_code == 410
    assert anybody.get("/join/anything/", secure=True).status_code == 410


def test_a_lead_invites_colleagues_to_their_own_school_only() -> None:
    from everyfamily.accounts.invitation_queries import open_invitations

    dev = _client("Dev Marchetti", ("lead", 1))
    form = {"name": "Mara Quill", "email": "mara@hill.example", "role": "office"}
    status, at = _post(dev, "/schools/900001/people/invite/", **form)
    assert status == 302
    page = _get(dev, at)
    assert "We are sending the link to mara@hill.example" in page
    link = link_to("mara@hill.example")
    assert link not in page + _get(dev, at) + _get(dev, "/schools/900001/people/")
    assert "We have sent the link to mara@hill.example" in _get(dev, at)
    assert "<b>school office</b> at Hill Primary" in _get(_client(), link)
    assert "Safeguarding lead (Hill Primary)" in _get(dev, "/me/")
    assert _post(dev, "/schools/900002/people/invite/", **form)[0] == 404
    status, page = _post(dev, "/schools/900001/people/invite/", **form | {"role": "coordinator"})
    assert status == 422
    (invited,) = open_invitations(datetime.now(UTC))
    assert (invited.school_id, invited.role) == (1, "office")
    listed = _get(dev, "/schools/900001/people/")
    assert "Mara Quill" in listed
    assert _post(dev, f"/schools/900001/people/invitations/{invited.id}/cancel/")[0] == 302
    assert open_invitations(datetime.now(UTC)) == []


def test_the_people_of_a_school_are_those_with_a_role_there_and_nothing_is_said_of_other_schools() -> None:
    dev = _client("Dev Marchetti", ("lead", 1))
    _client("Tom Rydal", ("dpo", 1), ("lead", 2))
    _client("Vera Holt", ("lead", 2))
    listed = _get(dev, "/schools/900001/people/")
    assert "Tom Rydal" in listed
    assert "Vera Holt" not in listed
    assert "Hillside" not in listed
    assert "2 people have a role at your school" in listed


def test_the_partnerships_list_counts_people_of_schools_and_shows_them_by_their_school() -> None:
    from everyfamily.accounts.models import Account

    ines = _client("Ines Ortega", ("administrator", None))
    _client("Dev Marchetti", ("lead", 1))
    listed = _get(ines, "/people/")
    assert "2 people have an account" in listed
    assert "1 of them is at a school" in listed
    assert "Dev Marchetti" not in listed
    assert "Who has a role there" in _get(ines, "/people/schools/?name=hill+prim")
    at = "/people/schools/people/?urn=900001"
    there = _get(ines, at)
    assert "1 person has a role at Hill Primary" in there
    assert "Dev Marchetti" in there
    dev = Account.objects.get(name="Dev Marchetti").pk
    assert _post(ines, f"/people/{dev}/let-in-again/") == (302, at)
    assert "Ines Ortega asked to let Dev Marchetti in again" in _get(ines, at)
    assert ines.get("/people/schools/people/?urn=1", secure=True).headers["Location"] == "/people/schools/"


def test_letting_a_colleague_in_again_is_asked_for_shown_and_stopped() -> None:
    from everyfamily.accounts.models import Account

    dev = _client("Dev Marchetti", ("lead", 1))
    _client("Mara Quill", ("office", 1))
    mara = Account.objects.get(name="Mara Quill").pk
    assert _post(dev, f"/schools/900001/people/{mara}/let-in-again/")[0] == 302
    page = _get(dev, "/schools/900001/people/")
    assert "Dev Marchetti asked to let Mara Quill in again" in page
    stop = re.search(r'action="(/schools/900001/people/resets/\d+/cancel/)"', page)
    assert stop
    link = stop[1].replace("cancel", "link")
    status, page = _post(dev, link)
    assert status == 409
    assert "It waits for 24 hours" in page
    assert _post(dev, stop[1])[0] == 302
    page = _get(dev, "/schools/900001/people/")
    assert "The link can be sent" not in page
    assert "stopped letting Mara Quill in again" in page


def test_somebody_with_many_schools_sees_theirs_twelve_a_page_in_so_many_queries() -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from everyfamily.people.models import School

    for number in range(4, 17):
        School.objects.create(
            pk=number, urn=900000 + number, name=f"School {number:02}", kind="x", phase="x", sends="us"
        )
    many = _client("Tom Rydal", *[("lead", number) for number in range(4, 17)])
    with CaptureQueriesContext(connections["default"]) as asked:
        page = _get(many, "/schools/")
    assert "Your 13 schools" in page
    assert page.count('href="/schools/9') == 12
    assert "Hill" not in page
    sql = [one["sql"] for one in asked if one["sql"] not in ("BEGIN", "COMMIT")]
    assert len(sql) <= 15 + 2 * 13, "\n".join(sql)
    assert "School 16" in _get(many, "/schools/?page=2")
    assert "School 04" in _get(many, "/schools/?page=no")
    with CaptureQueriesContext(connections["default"]) as asked:
        _get(many, "/schools/900004/")
    assert len([one for one in asked if one["sql"] not in ("BEGIN", "COMMIT")]) <= 15
    assert _client("Dev Marchetti", ("lead", 1)).get("/schools/", secure=True).headers["Location"] == (
        "/schools/900001/"
    )


def test_the_role_of_a_schools_only_lead_is_not_offered_to_be_ended() -> None:
    dev = _client("Dev Marchetti", ("lead", 1))
    _client("Mara Quill", ("office", 1))
    listed = _get(dev, "/schools/900001/people/")
    assert "Your school has only one lead" in listed
    assert "End the role of safeguarding lead" not in listed
    assert "End the role of school office" in listed
    _client("Vera Holt", ("lead", 1))
    listed = _get(dev, "/schools/900001/people/")
    assert "only one lead" not in listed
    assert listed.count("End the role of safeguarding lead") == 2


def test_a_lead_is_not_told_that_an_address_belongs_to_somebody_at_the_partnership() -> None:
    dev = _client("Dev Marchetti", ("lead", 1))
    ben = _client("Ben Frost", ("coordinator", None))
    form = {"name": "Ben Frost", "email": "ben@example.org", "role": "office"}
    status, at = _post(dev, "/schools/900001/people/invite/", **form)
    assert status == 302
    assert "coordinator" not in _get(dev, at)
    status, page = _post(ben, link_to("ben@example.org"))
    assert status == 422
    assert "One person cannot be both coordinator and office" in page


def test_an_email_that_has_not_gone_for_some_minutes_is_said_on_the_page_and_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from django.test import override_settings

    from everyfamily.accounts.models import SchoolInvitation
    from everyfamily.accounts.tasks import mail_to_schools
    from everyfamily.core.sending.staff_mail import LATE

    ada = _client("Ada Clarke", ("coordinator", None))
    _post(ada, "/people/schools/one/", urn="900001")
    assert "the email is about to go" in _get(ada, "/people/schools/")
    SchoolInvitation.objects.update(invited_at=datetime.now(UTC) - LATE)
    assert "the email has not gone yet: tell the people who run the server" in _get(ada, "/people/schools/")
    with override_settings(EVERYFAMILY_BASE_URL=""):
        mail_to_schools(0)
    assert "Emails about accounts do not go" in caplog.text
    assert "1 wait" in caplog.text


def test_the_worker_of_a_served_demonstration_has_what_emails_about_accounts_need(tmp_path: Path) -> None:
    from everyfamily_demo.served import worker_and_pages_agree_on
    from everyfamily_demo.simulation import start_worker
    from everyfamily_demo.workspace import Workspace

    settings = worker_and_pages_agree_on(Workspace(tmp_path, seed=7), 8127)
    assert len(settings["EVERYFAMILY_SECRET_KEY"]) >= 32
    with patch("everyfamily_demo.simulation.subprocess.Popen") as begun:
        start_worker(tmp_path / "log", settings)
    assert begun.call_args.kwargs["env"]["EVERYFAMILY_BASE_URL"] == "http://localhost:8127"
    assert begun.call_args.kwargs["env"].items() >= settings.items()


def test_sending_the_form_of_an_invitation_twice_ends_no_link_and_a_new_one_is_asked_for() -> None:
    dev = _client("Dev Marchetti", ("lead", 1))
    form = {"name": "Mara Quill", "email": "mara@hill.example", "role": "office"}
    place = "/schools/900001/people/invite/"
    assert _post(dev, place, **form)[0] == 302
    link = link_to("mara@hill.example")
    status, page = _post(dev, place, **form)
    assert status == 422
    assert "is invited already" in page
    assert "Dev Marchetti invites you to everyfamily" in _get(_client(), link)
    ends = re.search(r'name="ends" value="(\d+)"', page)
    assert ends
    assert _post(dev, place, **form, ends=ends[1])[0] == 302
    assert _client().get(link, secure=True).status_code == 410
    assert _client().get(link_to("mara@hill.example"), secure=True).status_code == 200
    assert _post(dev, place, **form, ends=ends[1])[0] == 422


def test_a_lead_sees_what_was_done_about_accounts_at_their_school_and_at_no_other() -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from everyfamily.accounts.actions.inviting import accept, invite, invite_here
    from everyfamily.accounts.actions.schools.colleagues import cancel_at, end_role_at
    from everyfamily.accounts.models import Membership
    from everyfamily.core.actors import Actor
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    now = datetime.now(UTC)
    ada, dev = _client("Ada Clarke", ("coordinator", None)), _client("Dev Marchetti", ("lead", 1))
    for school, lead, name in ((1, "Nia Lead", "Mara Quill"), (2, "Vera Holt", "Otis Reed")):
        by = Actor.typed(lead)
        offer = offer_of(name, f"{name[:4].lower()}@hill.example", Role.OFFICE, school_id=school)
        accept(invite_here(offer, by, now), now, password="copper lantern drifting meadow")
        end_role_at(school, Membership.objects.get(school_id=school, role="office").pk, by, now)
        again = invite(offer, by, now)
        cancel_at(school, again, by, now)
    with CaptureQueriesContext(connections["default"]) as asked:
        listed = _get(dev, "/schools/900001/people/")
    assert len([one for one in asked if one["sql"] not in ("BEGIN", "COMMIT")]) <= 15
    done = listed.partition("What was done about accounts at your school")[2]
    assert done.count("invited somebody to be school office") == 2
    assert "</b> accepted an invitation to be school office" in done
    assert "ended the role of school office of Mara Quill" in done
    assert "cancelled an invitation" in done
    assert "Vera Holt" not in done
    assert "Otis Reed" not in done
    assert "What was done about accounts" not in _get(ada, "/people/")
    assert 'href="/schools/900001/people/">your school' in _get(dev, "/schools/900001/audit/")
