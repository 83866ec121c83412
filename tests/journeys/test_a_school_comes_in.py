"""Story: a coordinator invites a school, its lead comes in by the school's mailbox, and sees only their own school.

A real Chromium, a real mail server, a real worker, and the product as it is served. On a phone and without JavaScript;
each page is then looked at once more by axe, on the smallest phone, light and dark.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from everyfamily.core.actors import Actor
from tests.contract.mail_server import MailServer
from tests.factories.links import link_in
from tests.integration.conftest import database as database
from tests.integration.conftest import database_server as database_server
from tests.journeys.axe import EVERY_RULE, OF_COLOURS, violations
from tests.journeys.browsers import follow
from tests.journeys.test_doors_in_a_browser import EVERYFAMILY, PHONE, Doors, come_in, show_a_code
from tests.journeys.test_doors_in_a_browser import browser as browser
from tests.journeys.test_doors_in_a_browser import doors as doors

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

MAILBOX = "office@hill.example"


@pytest.fixture
def mail(doors: Doors, tmp_path: Path) -> Iterator[MailServer]:
    """A mail server, and a worker that sends by it."""
    serving = MailServer().start()
    settings = {
        **doors.settings,
        "EVERYFAMILY_CHANNELS": "smtp",
        "EVERYFAMILY_SMTP_PORT": str(serving.port),
        "EVERYFAMILY_POLLING_SECONDS": "0.3",
        "EVERYFAMILY_OUTBOX": str(tmp_path / "outbox"),
    }
    with subprocess.Popen([*EVERYFAMILY, "worker"], env=settings) as worker:
        yield serving
        worker.terminate()
        worker.wait(30)
    serving.stop()


@pytest.fixture
def _schools(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.people.models import School

    # Playwright has an event loop in this thread, in which nothing else runs.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")

    for urn, name, mailbox in (
        (900001, "Hill Primary", MAILBOX),
        (900002, "Vale Academy", "office@vale.example"),
    ):
        School.objects.create(
            urn=urn,
            name=name,
            kind="primary",
            phase="primary",
            sends="us",
            mailbox=mailbox,
            demonstration=True,
        )


def _has_a_task(urn: int) -> None:
    """Somebody must say which children have left this school."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask, School

    now = datetime.now(UTC)
    school = School.objects.get(urn=urn).pk
    with tenant(school):
        RollTask.objects.create(
            school_id=school, kind="leavers", owner="lead", opened_at=now, due_on=now.date() + timedelta(days=2)
        )


def _also_leads(email: str, urn: int) -> None:
    from everyfamily.accounts.models import Account, Membership
    from everyfamily.people.models import School

    account, school = Account.objects.get(email=email), School.objects.get(urn=urn).pk
    now = datetime.now(UTC)
    Membership.objects.create(account=account, role="lead", school_id=school, given_by="a test", given_at=now)


def _invited(doors: Doors, name: str, role: str) -> str:
    """The address of an invitation to the partnership."""
    from everyfamily.accounts.actions.inviting import invite_here
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    offer = offer_of(name, f"{name.split()[0].lower()}@eastmere.example", Role(role))
    return f"{doors.base}/invitations/{invite_here(offer, Actor.typed('Ines Ortega'), datetime.now(UTC))}/"


def _letter(mail: MailServer, number: int = 1, to: str = MAILBOX) -> str:
    """The text of the letter of this number among those to this address, once it has come. The school's letters to
    others come between them in any order."""
    until = time.monotonic() + 30
    while (
        len(own := [taken for taken in mail.script.taken if taken.to == to]) < number and time.monotonic() < until
    ):
        time.sleep(0.05)
    return str(own[number - 1].mail.get_content())


class Looking:
    """A second pair of eyes with the same cookies: JavaScript for axe, and the smallest phone."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(viewport={"width": 320, "height": 700})
        self._own = self._context.new_page()
        self.found: dict[str, list[list[str]]] = {}

    def at(self, page: Page, *paths: str) -> None:
        """Look at the page as it is, or at these addresses with what it is signed in as."""
        self._context.clear_cookies()
        self._context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        own = self._own
        for path in paths or (page.url,):
            own.goto(path)
            name = re.sub(r"/(join|invitations)/[^/]+", r"/\1/…", path)
            self.found[name] = violations(own, EVERY_RULE)
            own.emulate_media(color_scheme="dark")
            self.found[name] += violations(own, OF_COLOURS)
            own.emulate_media(color_scheme="light")
            assert own.evaluate("document.documentElement.scrollWidth") <= 320, name
            assert own.locator("h1").count() == 1, name

    def saw_nothing(self) -> None:
        """Every page can be used by everybody."""
        assert self.found == {name: [] for name in self.found}
        self._context.close()


@pytest.mark.usefixtures("_schools")
def test_a_coordinator_invites_a_school_whose_lead_sees_only_their_school(
    browser: Browser, doors: Doors, mail: MailServer
) -> None:
    looking = Looking(browser)
    # Given a coordinator, who invites a school by a part of its name
    page = browser.new_context(**PHONE).new_page()
    come_in(page, _invited(doors, "Ada Clarke", "coordinator"))
    page.get_by_role("link", name="People").click()
    page.get_by_role("button", name="Invite schools").click()
    expect(_heading(page)).to_have_text("2 of 2 schools have no lead yet")
    page.get_by_label("Find a school").fill("hil prim")
    follow(page.get_by_role("button", name="Find"))
    looking.at(page)
    page.get_by_role("link", name="Invite Hill Primary").click()
    expect(page.get_by_text(MAILBOX)).to_be_visible()
    looking.at(page)
    page.get_by_role("button", name="Invite Hill Primary").click()
    expect(_heading(page)).to_have_text("Hill Primary is invited")
    page.get_by_role("button", name="Go to invitations").click()
    expect(page.get_by_text("Invited by Ada Clarke")).to_be_visible()
    people = f"{doors.base}/people/"
    looking.at(page, page.url, f"{people}schools/people/?urn=900001")
    # When the school's lead opens the link in the school's mailbox
    letter = _letter(mail, 1)
    link = re.search(rf"{doors.base}/join/\S+", letter)
    assert link, letter
    assert "Ada Clarke invites your school" in letter
    lead = browser.new_context(**PHONE).new_page()
    lead.goto(link[0])
    looking.at(lead)
    lead.get_by_label("Your first and last name").fill("Dev Marchetti")
    lead.get_by_label("Your own work email").fill("dev@hill.example")
    lead.get_by_role("button", name="Send the code").click()
    code = re.search(r"^(\d{6})\r?$", _letter(mail, 2), re.MULTILINE)
    assert code
    looking.at(lead)
    lead.get_by_label("Code").fill("no")
    lead.get_by_role("button", name="Continue").click()
    expect(lead.get_by_role("alert")).to_contain_text("This code is not right, or there is a newer one.")
    lead.get_by_label("Code").fill(code[1])
    lead.get_by_role("button", name="Continue").click()
    # Then they come in like everybody else
    _has_a_task(900001)
    _has_a_task(900002)
    expect(_heading(lead)).to_have_text("Welcome, Dev Marchetti")
    secret = come_in(lead, lead.url)
    # And see their school and no other
    lead.get_by_role("link", name="Your schools").click()
    expect(lead).to_have_url(f"{doors.base}/schools/900001/")
    expect(lead.get_by_text("Hill Primary").first).to_be_visible()
    expect(_heading(lead)).to_have_text("1 thing waits for you")
    for path in ("/schools/900002/", "/schools/900002/people/", "/schools/999999/"):
        answer = lead.goto(doors.base + path)
        assert answer is not None
        assert answer.status == 404
        expect(_heading(lead)).to_have_text("There is no page here that you can see")
        expect(lead.get_by_text("Vale")).not_to_be_visible()
    answer = lead.goto(f"{doors.base}/people/")
    assert answer is not None
    assert answer.status == 403
    # And invite their own colleague
    lead.goto(f"{doors.base}/schools/900001/")
    lead.get_by_role("link", name="People", exact=True).first.click()
    lead.get_by_role("button", name="Invite somebody").click()
    lead.get_by_label("First and last name").fill("Mara Quill")
    lead.get_by_label("Work email").fill("mara@hill.example")
    lead.get_by_label("School office").check()
    lead.get_by_role("button", name="Send the invitation").click()
    show_a_code(lead, secret)
    office = doors.base + link_in(_letter(mail, to="mara@hill.example"))
    assert office not in lead.content()
    lead.reload()
    expect(_heading(lead)).to_have_text("We have sent the link to mara@hill.example")
    looking.at(lead)
    other = browser.new_context(**PHONE).new_page()
    come_in(other, office)
    other.goto(f"{doors.base}/schools/900001/people/")
    expect(_heading(other)).to_have_text("This is not part of your role")
    # Who lost their phone waits for a day, and the school is told
    lead.goto(f"{doors.base}/schools/900001/people/")
    lead.get_by_text("Lost phone or forgotten password of Mara Quill").click()
    lead.get_by_role("button", name="I have spoken to them").click()
    show_a_code(lead, secret)
    expect(lead.get_by_text("The link can be sent from")).to_be_visible()
    school = f"{doors.base}/schools/900001/"
    looking.at(lead, school)
    lead.get_by_role("button", name="Stop this").click()
    expect(lead.get_by_text("The link can be sent from")).not_to_be_visible()
    expect(lead.get_by_text("stopped letting Mara Quill in again")).to_be_visible()
    # Somebody with two schools has a list of them
    _also_leads("dev@hill.example", 900002)
    lead.goto(f"{doors.base}/schools/")
    expect(_heading(lead)).to_have_text("Your 2 schools")
    expect(lead.get_by_text("1 thing waits for you")).to_have_count(2)
    looking.at(lead)
    # The link that the mailbox got is worth nothing more
    lead.goto(link[0])
    expect(_heading(lead)).to_have_text("This invitation has ended")
    looking.at(lead)
    looking.saw_nothing()


def _heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)
