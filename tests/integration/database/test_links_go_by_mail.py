"""The link of an invitation, or of a way in again, goes to the person's own address. Nobody who makes one sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.doors import PASSWORD, Person, a_client, is_in, open_doors, page_of, shown_to_be, with_app
from tests.factories.links import link_in, link_to, mailed_links
from tests.factories.taking_post import Post

pytestmark = [pytest.mark.database, pytest.mark.slow]

BEN = {"name": "Ben Frost", "email": "ben@example.org", "role": "author"}
MARA = {"name": "Mara Quill", "email": "mara@example.org", "role": "office"}
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _doors(database: Server, tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


def _post(client: Person, path: str, **form: str) -> Any:
    return client.post(path, form, secure=True)


def _sent(client: Person, path: str, **form: str) -> str:
    """Do it; the page to which it leads."""
    answer = _post(client, path, **form)
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    return str(answer.headers["Location"])


def _school() -> int:
    from everyfamily.people.models import School

    made = School.objects.create(
        urn=900001, name="Hill Primary", kind="primary", phase="primary", sends="us", demonstration=True
    )
    return int(made.pk)


def _id(email: str) -> int:
    from everyfamily.accounts.models import Account

    return Account.objects.get(email=email).pk


def _open() -> int:
    from everyfamily.accounts.models import Invitation

    return Invitation.objects.get(used_at=None, cancelled_at=None).pk


def _settled() -> None:
    """Everybody has had their account for some days."""
    from everyfamily.accounts.models import Account

    Account.objects.update(made_at=datetime.now(UTC) - 3 * A_DAY)


def _a_day_later() -> None:
    """What was asked for was asked for a day ago, and the emails about it went then."""
    from everyfamily.accounts.models import Reset, SchoolMail

    then = datetime.now(UTC) - A_DAY - timedelta(minutes=1)
    Reset.objects.update(asked_at=then, opens_at=then + A_DAY)
    SchoolMail.objects.update(status="accepted", changed_at=then)


def _administrator_invites() -> tuple[Person, list[str], str]:
    ada, _ = with_app("Ada Clarke", "administrator")
    return ada, [_sent(ada, "/people/invite/", **BEN), "/people/"], "ben@example.org"


def _lead_invites() -> tuple[Person, list[str], str]:
    dev, _ = with_app("Dev Marchetti", "lead", school_id=_school())
    place = "/schools/900001/people/"
    return dev, [_sent(dev, f"{place}invite/", **MARA), place], "mara@example.org"


def _administrator_lets_in_again() -> tuple[Person, list[str], str]:
    ada, _ = with_app("Ada Clarke", "administrator")
    with_app("Ben Frost", "author")
    return ada, [_sent(ada, f"/people/{_id('ben@example.org')}/let-in-again/"), "/people/"], "ben@example.org"


def _second_administrator_lets_in_a_signatory() -> tuple[Person, list[str], str]:
    from everyfamily.accounts.school_queries import waiting_resets

    ada, _ = with_app("Ada Clarke", "administrator")
    una, _ = with_app("Una Marsh", "administrator")
    with_app("Ben Frost", "signatory", body="police")
    _settled()
    ben = _id("ben@example.org")
    _post(ada, f"/people/{ben}/let-in-again/")
    reset = waiting_resets(datetime.now(UTC))[ben].id
    return una, [_sent(una, f"/people/resets/{reset}/link/"), "/people/"], "ben@example.org"


def _lead_lets_in_a_colleague() -> tuple[Person, list[str], str]:
    from everyfamily.accounts.school_queries import waiting_resets

    school, place = _school(), "/schools/900001/people/"
    dev, _ = with_app("Dev Marchetti", "lead", school_id=school)
    with_app("Mara Quill", "office", school_id=school)
    mara = _id("mara@example.org")
    _post(dev, f"{place}{mara}/let-in-again/")
    _a_day_later()
    reset = waiting_resets(datetime.now(UTC))[mara].id
    return dev, [_sent(dev, f"{place}resets/{reset}/link/"), place], "mara@example.org"


@pytest.mark.parametrize(
    "make",
    [
        _administrator_invites,
        _lead_invites,
        _administrator_lets_in_again,
        _second_administrator_lets_in_a_signatory,
        _lead_lets_in_a_colleague,
    ],
)
def test_nobody_who_makes_a_link_sees_it_and_the_person_uses_it_once(make: Any) -> None:
    maker, paths, address = make()
    before = [page_of(maker, path) for path in paths]
    assert f"We are sending the link to {address}" in before[0]
    link = link_to(address)
    after = [page_of(maker, path) for path in paths]
    assert f"We have sent the link to {address}" in after[0]
    secret = link.split("/")[2]
    for page in (*before, *after):
        assert secret not in page
        assert not re.search(r"/invitations/[^/\"]{20,}", page)
    person = a_client()
    assert _post(person, link, password="another lantern entirely soup").status_code == 302
    assert a_client().get(link, secure=True).status_code == 410
    assert person.get(paths[0], secure=True).status_code in (302, 403, 404), "nor is that page theirs"


def test_an_administrators_copied_cookie_gets_a_mail_to_the_victim_and_no_way_in() -> None:
    """The way of the review: invite, take the link, let somebody in again, take the link."""
    ada, _ = with_app("Ada Clarke", "administrator")
    with_app("Ben Frost", "author")
    ben = _id("ben@example.org")
    thief = a_client()
    thief.shows_codes = False
    thief.cookies = ada.cookies
    mallory = {"name": "Mallory Vale", "email": "mallory@evil.example", "role": "administrator"}
    for path, form in (("/people/invite/", mallory), (f"/people/{ben}/let-in-again/", {})):
        assert _post(thief, path, **form).headers["Location"].startswith("/me/again/")
    assert mailed_links() == []
    # And if the administrator is led to show a code for just this, the pages still have no link.
    shown_to_be(ada)
    thief.cookies = ada.cookies
    answer = _post(thief, f"/people/{ben}/let-in-again/")
    at = answer.headers["Location"]
    assert at.startswith("/people/invitations/"), at
    ((to, link),) = mailed_links()
    assert to == "ben@example.org"
    seen = "".join(page_of(thief, path) for path in (at, "/people/", "/audit/", "/"))
    assert link.split("/")[2] not in seen
    ended = a_client()
    _post(ended, link, password=PASSWORD)
    assert ended.get("/", secure=True).headers["Location"] == "/me/second-factor/", (
        "only the mailbox has the way in"
    )


def test_a_reader_of_the_database_cannot_make_the_link() -> None:
    from django.core import signing
    from django.test import override_settings

    from everyfamily.accounts.actions.links import person_link
    from everyfamily.accounts.models import Invitation

    _administrator_invites()
    link = link_to("ben@example.org")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                assert link.split("/")[2] not in str(cursor.fetchall()), table
    code = Invitation.objects.get(email="ben@example.org").code
    with override_settings(SECRET_KEY="a key that somebody guessed, and long enough"):
        guessed = link_in(person_link(code))
    salted = signing.Signer(key="x" * 40, salt="everyfamily.school-invitation", sep=".")
    for path in (guessed, f"/invitations/{code}/", f"/invitations/{salted.sign(str(code))}/", link[:-2] + "/"):
        assert a_client().get(path, secure=True).status_code == 410, path
    assert a_client().get(link, secure=True).status_code == 200


def test_a_link_from_before_the_key_was_changed_still_opens() -> None:
    from django.conf import settings
    from django.test import override_settings

    _administrator_invites()
    link, earlier = link_to("ben@example.org"), settings.SECRET_KEY
    new = "a newer key of this installation, long enough"
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[earlier]):
        assert a_client().get(link, secure=True).status_code == 200
    with override_settings(SECRET_KEY=new):
        assert a_client().get(link, secure=True).status_code == 410


@pytest.mark.parametrize("make", [_administrator_invites, _administrator_lets_in_again, _lead_invites])
def test_a_link_is_sent_again_to_the_same_address_and_the_earlier_one_ends(make: Any) -> None:
    maker, paths, address = make()
    first = link_to(address)
    listed = page_of(maker, paths[1])
    found = re.search(r'action="([^"]*/invitations/\d+/send/)"', listed)
    assert found, listed[-3000:]
    at = _sent(maker, found[1])
    assert f"We are sending the link to {address}" in page_of(maker, at)
    assert a_client().get(first, secure=True).status_code == 410
    second = link_to(address)
    assert second != first
    assert a_client().get(second, secure=True).status_code == 200
    assert _post(maker, found[1]).status_code == 409, "the row of the earlier link has ended"


def test_an_email_that_still_waited_is_not_sent_if_its_link_has_ended() -> None:
    ada, _, address = _administrator_invites()
    _sent(ada, f"/people/invitations/{_open()}/send/")
    assert link_to(address)
    _sent(ada, f"/people/invitations/{_open()}/send/")
    _post(ada, f"/people/invitations/{_open()}/cancel/")
    assert mailed_links() == []


def test_nobody_gets_more_than_three_links_in_a_day() -> None:
    from everyfamily.accounts.models import InvitationMail

    ada, _, _ = _administrator_invites()
    for _ in range(2):
        _sent(ada, f"/people/invitations/{_open()}/send/")
    refused = _post(ada, f"/people/invitations/{_open()}/send/")
    assert refused.status_code == 409
    assert "3 emails with a link have gone to this address since yesterday." in refused.content.decode()
    assert len(mailed_links()) == 1, "only the newest one"
    other = _post(ada, "/people/invite/", **BEN | {"role": "viewer"})
    assert other.status_code == 422
    InvitationMail.objects.update(written_at=datetime.now(UTC) - A_DAY)
    _sent(ada, f"/people/invitations/{_open()}/send/")


def test_letting_in_again_changes_nothing_if_no_email_may_go() -> None:
    ada, _ = with_app("Ada Clarke", "administrator")
    ben, _ = with_app("Ben Frost", "author")
    for _ in range(3):
        _sent(ada, "/people/invite/", **BEN | {"role": "viewer"}, ends=str(_last()))
    assert _post(ada, f"/people/{_id('ben@example.org')}/let-in-again/").status_code == 409
    assert is_in(ben), "they keep their password and their app"


def _last() -> int:
    from everyfamily.accounts.models import Invitation

    return max(Invitation.objects.values_list("pk", flat=True), default=0)


def test_an_invitation_of_a_school_is_not_sent_again_by_the_partnership_or_another_school() -> None:
    from everyfamily.people.models import School

    _lead_invites()
    vale = School.objects.create(urn=900002, name="Vale Academy", kind="x", phase="x", sends="us")
    una, _ = with_app("Una Holt", "lead", school_id=vale.pk)
    ada, _ = with_app("Ada Clarke", "administrator")
    invitation = _open()
    assert _post(ada, f"/people/invitations/{invitation}/send/").status_code == 404
    assert _post(una, f"/schools/900002/people/invitations/{invitation}/send/").status_code == 409
    assert una.get(f"/schools/900002/people/invitations/{invitation}/", secure=True).status_code == 404
    assert "mara@example.org" not in page_of(ada, f"/people/invitations/{invitation}/")


def test_while_email_is_down_the_page_says_that_the_link_waits_and_later_it_goes() -> None:
    from everyfamily.accounts.actions.invitation_mail import send_links
    from everyfamily.core.sending.staff_mail import AGAIN_AFTER

    ada, paths, _ = _administrator_invites()
    send_links(Post(refuses=True), datetime.now(UTC))
    page = page_of(ada, paths[0])
    assert "The link for ben@example.org waits" in page
    assert "Tell the people who run the server that emails wait." in page
    # The next person's page says so at once.
    other = _sent(ada, "/people/invite/", **BEN | {"name": "Mo Hale", "email": "mo@example.org"})
    assert "The link for mo@example.org waits" in page_of(ada, other)
    post = Post()
    send_links(post, datetime.now(UTC) + AGAIN_AFTER)
    assert sorted(one.to for one in post.taken) == ["ben@example.org", "mo@example.org"]
    assert "We have sent the link to ben@example.org" in page_of(ada, paths[0])


def test_without_a_worker_that_has_email_the_page_says_so_after_some_minutes(caplog: Any) -> None:
    from django.test import override_settings

    from everyfamily.accounts.models import InvitationMail
    from everyfamily.accounts.tasks import mail_links
    from everyfamily.core.sending.staff_mail import LATE

    ada, paths, _ = _administrator_invites()
    InvitationMail.objects.update(written_at=datetime.now(UTC) - LATE)
    with override_settings(EVERYFAMILY_BASE_URL=""):
        mail_links(0)
    assert "Emails with links to come in do not go" in caplog.text
    assert "ben@example.org" not in caplog.text
    assert "The link for ben@example.org waits" in page_of(ada, paths[0])
    assert "the email has not gone yet: tell the people who run the server" in page_of(ada, paths[1])


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        ("permanent-failure", "The email to ben@example.org did not arrive"),
        ("unknown", "It is not known whether the email to ben@example.org went"),
        ("delivered", "We have sent the link to ben@example.org"),
        ("temporary-failure", "The link for ben@example.org waits"),
    ],
)
def test_the_page_says_what_became_of_the_email(status: str, heading: str) -> None:
    from everyfamily.accounts.models import InvitationMail

    ada, paths, _ = _administrator_invites()
    InvitationMail.objects.update(status=status)
    assert heading in page_of(ada, paths[0])


def test_a_link_that_the_machine_showed_is_listed_without_an_email_and_can_be_sent() -> None:
    from tests.factories.doors import invited

    ada, _ = with_app("Ada Clarke", "administrator")
    shown = invited("Ben Frost", "author")
    assert mailed_links() == []
    assert "no email has gone" in page_of(ada, "/people/")
    assert "No email has gone to ben@example.org" in page_of(ada, f"/people/invitations/{_open()}/")
    _sent(ada, f"/people/invitations/{_open()}/send/")
    assert a_client().get(shown, secure=True).status_code == 410
    assert link_to("ben@example.org")


def test_the_email_says_who_invites_to_what_and_names_no_topic() -> None:
    from django.test import override_settings

    from everyfamily.accounts.actions.invitation_mail import send_links

    ada, _ = with_app("Ada Clarke", "administrator")
    with override_settings(EVERYFAMILY_PARTNERSHIP=str(PARTNERSHIP)):
        _sent(ada, "/people/invite/", **BEN | {"email": "ben@eastmere.example"})
        post = Post()
        send_links(post, datetime.now(UTC))
    (message,) = post.taken
    assert message.body.subject == "Ada Clarke invites you to everyfamily"
    assert "to be author for Eastmere Safeguarding Children Partnership." in message.body.text
    assert "The link works once, until" in message.body.text
    assert "do not pass it on" in message.body.text
    assert "exploitation" not in message.body.text


def test_the_page_refuses_an_address_outside_the_domains_and_sends_nothing(caplog: Any) -> None:
    from django.test import override_settings

    ada, _ = with_app("Ada Clarke", "administrator")
    with override_settings(EVERYFAMILY_PARTNERSHIP=str(PARTNERSHIP)):
        for form in (BEN, BEN | {"role": "signatory", "body": "police"}):
            answer = _post(ada, "/people/invite/", **form | {"email": "ben@eastmere.example.evil.example"})
            assert answer.status_code == 422
            page = answer.content.decode()
            assert "The address is not in a mail domain of" in page
            assert 'id="email-error"' in page
        _sent(ada, "/people/invite/", **BEN | {"email": "BEN@Eastmere.EXAMPLE"})
        assert [to for to, _ in mailed_links()] == ["ben@eastmere.example"]
    assert "evil.example" not in caplog.text


def test_settings_with_another_domain_wait_for_a_second_person() -> None:
    from everyfamily.core.actors import Actor, ActorKind
    from everyfamily.core.partnership.second_person import Watch
    from everyfamily.core.partnership.versions import files_at, files_given
    from everyfamily.partnership.actions import SecondPersonNeeded, change, import_settings, put_in_force
    from everyfamily.partnership.queries import in_force, newest_version

    text, kept = PARTNERSHIP.read_text(encoding="utf-8"), dict(files_at(PARTNERSHIP)[0].drawings)
    cora, ada = (Actor(ActorKind.PERSON, name, number) for number, name in ((1, "Cora Finch"), (2, "Ada Clarke")))
    now, watch = datetime.now(UTC), Watch(families_see=False)

    def given(domain: str) -> Any:
        changed = text.replace('mail_domains = ["eastmere.example"]', f'mail_domains = ["{domain}"]', 1)
        return files_given(changed.encode(), "partnership.toml", {}, kept)

    import_settings(*given("eastmere.example"), Actor.typed("Ines Ortega"), None, now, watch=watch)
    with pytest.raises(SecondPersonNeeded):
        import_settings(*given("evil.example"), Actor.typed("Ines Ortega"), None, now, watch=watch)
    proposal = change(*given("evil.example"), base=newest_version(), by=cora, now=now, watch=watch)
    assert proposal is not None
    with pytest.raises(SecondPersonNeeded):
        put_in_force(proposal, cora, now, watch=watch)
    put_in_force(proposal, ada, now, watch=watch)
    found = in_force()
    assert found is not None
    assert found.partnership.bodies[0].mail_domains == ("evil.example",)
