"""Story: a coordinator rings a line on a phone and hears that it is dead. The letter is paused, then withdrawn. Its
author, who asked for the parent site before, begins the correction.

A real Chromium without JavaScript, the product as it is served, at a simulated hour. Each page is then looked at once
more by axe, on the smallest phone, light and dark.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from everyfamily.core.permissions import Role
from tests.factories.city import REFERENCE, City, adult
from tests.factories.signed_in import signed_in
from tests.integration.conftest import city as city
from tests.integration.conftest import database as database
from tests.integration.conftest import database_server as database_server
from tests.journeys.browsers import follow
from tests.journeys.test_a_school_comes_in import Looking
from tests.journeys.test_doors_in_a_browser import PHONE, Doors
from tests.journeys.test_doors_in_a_browser import browser as browser
from tests.journeys.test_doors_in_a_browser import doors as doors

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def served(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Doors:
    """The product, with one letter that two adults have and that goes on."""
    from django.conf import settings

    # Playwright has an event loop in this thread, in which nothing else runs.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    for name, value in (("CLOCK", "database"), ("SITE_FOLDER", "site"), ("OUTBOX", "outbox")):
        monkeypatch.setenv(f"EVERYFAMILY_{name}", value if name == "CLOCK" else str(tmp_path / value))
    monkeypatch.setattr(settings, "EVERYFAMILY_SITE_FOLDER", tmp_path / "site")
    monkeypatch.setattr(settings, "EVERYFAMILY_CLOCK", "database")
    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(2)])
    city.school(900002, sends="school")
    city.open()
    city.send()
    # Only now: what is above is in its settings.
    doors: Doors = request.getfixturevalue("doors")
    return doors


def _as(browser: Browser, doors: Doors, role: Role, name: str) -> tuple[BrowserContext, Page]:
    """Somebody's phone, signed in."""
    from django.conf import settings

    client: Any = signed_in(role, name)
    context = browser.new_context(base_url=doors.base, **PHONE)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": "localhost", "path": "/"}
    context.add_cookies([{**cookie, "secure": True, "httpOnly": True}])  # type: ignore[typeddict-item]
    return context, context.new_page()


def _press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name))


def test_a_coordinator_stops_a_letter_with_a_dead_line_and_its_author_puts_it_right(
    browser: Browser, served: Doors, city: City
) -> None:
    looking = Looking(browser)

    # The author asks for the site.
    author, page = _as(browser, served, Role.AUTHOR, "Tom Rydal")
    page.goto("/")
    follow(page.get_by_role("link", name="Parent site"))
    looking.at(page)
    _press(page, "Publish for families")
    expect(page.get_by_text("It waits for a worker.")).to_be_visible()
    looking.at(page)

    # A coordinator rings the line, and hears nothing.
    coordinator, una = _as(browser, served, Role.COORDINATOR, "Una Marsh")
    una.goto("/")
    follow(una.get_by_role("link", name="Lines"))
    looking.at(una)
    follow(una.get_by_role("link", name=re.compile("Ring again.*0151 496 0120")))
    expect(una.get_by_text("0151 496 0120", exact=True)).to_be_visible()
    looking.at(una, una.url, f"{served.base}/routes/local/number/")
    una.get_by_label("It is dead, or it is somebody else").check()
    una.get_by_label("Who answered, or what did you hear?").fill("it only rings")
    # By keyboard: the form is sent from the field.
    with una.expect_event("domcontentloaded"):
        una.keyboard.press("Enter")
    expect(una.get_by_role("heading", level=1)).to_have_text("Say that this line is dead")
    expect(una.get_by_text("About 2 adults have the letter with it already.")).to_be_visible()
    assert una.get_by_label("What you heard").input_value() == "it only rings"
    looking.at(una, f"{served.base}/routes/local/dead/")
    _press(una, "It is dead: pause the letter")
    expect(una.get_by_role("heading", level=1)).to_have_text(f"The mailing of letter {REFERENCE} is paused")
    looking.at(una)
    _press(una, "See what happens if you withdraw it")
    looking.at(una)
    una.get_by_label("What is wrong?").fill("the children’s team does not answer")
    _press(una, "Stop it now and ask for it to be withdrawn")
    expect(una.get_by_text("Another coordinator or a signatory agrees, or takes it back.")).to_be_visible()
    looking.at(una)

    # A second coordinator finds it on their home page, sees what happens, and agrees.
    colleague, bo = _as(browser, served, Role.COORDINATOR, "Bo Lind")
    bo.goto("/")
    _press(bo, "See the letter")
    looking.at(bo)
    _press(bo, "Look at it and decide")
    looking.at(bo)
    _press(bo, "Agree, and withdraw it for good")
    expect(bo.get_by_role("heading", level=1)).to_have_text(f"Letter {REFERENCE} is withdrawn")
    expect(bo.get_by_text("Quayfield School 900002 may have sent it")).to_be_visible()
    looking.at(bo)

    # The author is told, and begins the correction, which waits for the right number.
    page.goto(f"/letters/{REFERENCE}/")
    follow(page.get_by_role("link", name="Begin the letters that put it right"))
    looking.at(page)
    page.get_by_label("To exactly those who have the withdrawn letter").check()
    page.get_by_label("which line was wrong?").select_option("local")
    page.get_by_label("Its reference.").fill("ES-2703-C0R2")
    _press(page, "Begin it")
    expect(page.get_by_text("The register still has the number that was wrong")).to_be_visible()
    for context in (author, coordinator, colleague):
        context.close()
    looking.saw_nothing()
