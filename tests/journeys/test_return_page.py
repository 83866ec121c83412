"""Story: a school secretary files five numbers on a phone; a real browser, and the page as it is really served."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from everyfamily_postgres.launcher import Server
from tests.factories.emptied import empty_every_table
from tests.factories.the_server import superuser
from tests.integration.conftest import database_server
from tests.journeys.axe import EVERY_RULE, OF_LOOKS, violations
from tests.journeys.browsers import a_browser
from tests.repo.files import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]
__all__ = ["database_server"]

LINES = ("on_roll", "by_email", "on_paper", "by_text", "not_reached")
FRESH, FILED, ENDED, OTHER, EMPTY = "900101", "900102", "900103", "900104", "900105"


@dataclass
class Site:
    """The running program: its address, and the path of each school's link by URN."""

    base: str
    paths: dict[str, str]

    def link(self, urn: str) -> str:
        return self.base + self.paths[urn]


@pytest.fixture(scope="module")
def site(database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = subprocess.Popen(
        [sys.executable, "-m", "tests.factories.return_server", str(tmp_path_factory.mktemp("served"))],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert served.stdout is not None
    line = served.stdout.readline()
    assert line, "the program did not start"
    yield Site(**json.loads(line))
    served.communicate("", timeout=240)
    empty_every_table(superuser())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def given_five_numbers(page: Page, *numbers: str) -> None:
    for name, number in zip(LINES, numbers, strict=True):
        page.fill(f"#{name}", number)


def when_sent(page: Page) -> None:
    # A click comes back when the answer begins; what is read next needs the whole page.
    with page.expect_navigation():
        page.get_by_role("button", name="Send these numbers").click()


def test_a_secretary_files_is_helped_and_corrects(site: Site, phone: Page) -> None:
    phone.goto(site.link(FRESH))
    given_five_numbers(phone, "412", "291", "89", "18", "6")
    phone.get_by_label("Yes, and I counted those").check()
    phone.get_by_label("Still to be handed out").check()
    when_sent(phone)
    assert phone.title().startswith("Error: ")
    assert phone.get_by_role("alert").get_by_role("link").inner_text() == (
        "They make 404; you have 412 on roll. 8 children are missing."
    )
    assert [phone.input_value(f"#{name}") for name in LINES] == ["412", "291", "89", "18", "6"]
    assert phone.get_by_label("Still to be handed out").is_checked()
    phone.get_by_role("alert").get_by_role("link").click()
    assert phone.locator(":focus").get_attribute("id") == "not_reached"

    phone.fill("#not_reached", "14")
    when_sent(phone)
    assert phone.get_by_role("heading", level=1).inner_text() == "Thank you. 380 of 412 children are reached."
    assert phone.get_by_role("row").last.inner_text().split() == ["On", "roll", "412"]

    phone.get_by_role("link", name="Correct these numbers").click()
    phone.fill("#on_paper", "103")
    phone.fill("#not_reached", "0")
    when_sent(phone)
    assert "394 of 412" in phone.get_by_role("heading", level=1).inner_text()
    phone.get_by_text("What was filed before (1)").click()
    expect(phone.get_by_text("by this link: 412 on roll; by email 291, on paper 89")).to_be_visible()


def test_a_strange_number_is_asked_about_and_then_taken(site: Site, phone: Page) -> None:
    phone.goto(site.link(OTHER))
    given_five_numbers(phone, "1,233", "1 100", "100", "20", "13")
    phone.get_by_label("No, or not sure").check()
    when_sent(phone)
    expect(phone.get_by_role("heading", name="Is this right?")).to_be_visible()
    expect(phone.get_by_text("You wrote 1,233 on roll. The published number is 400.")).to_be_visible()
    when_sent(phone)
    expect(phone.get_by_role("heading", name="Is this right?")).to_be_visible()
    phone.get_by_label("Yes, these numbers are right").check()
    when_sent(phone)
    assert "100 of 1,233 children are reached" in phone.get_by_role("heading", level=1).inner_text()
    expect(phone.get_by_text("1,100 by email count as accepted")).to_be_visible()


def test_the_page_can_be_worked_by_keyboard_alone(site: Site, phone: Page) -> None:
    phone.goto(site.link(FILED))
    phone.keyboard.press("Tab")
    assert phone.locator(":focus").inner_text() == "Skip to main content"
    seen = []
    for _ in range(12):
        phone.keyboard.press("Tab")
        seen.append(phone.locator(":focus").get_attribute("id"))
    # First the kit, then the five numbers.
    assert seen[:6] == [None, *LINES]
    assert seen[6] in ("emails", "emails-no")
    assert seen[7:11] == ["reason-handing-out", "reason-away", "reason-no-contact", "reason-other"]


def test_idle_connections_keep_nobody_out(site: Site) -> None:
    where = urlsplit(site.base)
    idle = [socket.create_connection((where.hostname or "", where.port or 0)) for _ in range(150)]
    try:
        for connection in idle:
            connection.sendall(b"POST /return/x/ HTTP/1.1\r\n")
        with urlopen(site.link(EMPTY), timeout=10) as page:
            assert page.status == 200
    finally:
        for connection in idle:
            connection.close()


def _sum(page: Page, site: Site) -> None:
    page.goto(site.link(FILED))
    given_five_numbers(page, "412", "291", "89", "18", "6")
    when_sent(page)


def _lines(page: Page, site: Site) -> None:
    page.goto(site.link(FILED))
    given_five_numbers(page, "412", "abc", "-3", "1.5", "")
    when_sent(page)


def _question(page: Page, site: Site) -> None:
    page.goto(site.link(FILED))
    given_five_numbers(page, "412", "0", "412", "0", "0")
    when_sent(page)


STATES: dict[str, Callable[[Page, Site], object]] = {
    "empty": lambda page, site: page.goto(site.link(EMPTY)),
    "to correct": lambda page, site: page.goto(site.link(FILED)),
    "sum wrong": _sum,
    "lines wrong": _lines,
    "asked": _question,
    "thanks": lambda page, site: page.goto(site.link(FILED) + "thanks/"),
    "ended": lambda page, site: page.goto(site.link(ENDED)),
    "forged": lambda page, site: page.goto(site.base + "/return/abc.def/"),
    "nothing here": lambda page, site: page.goto(site.base + "/else"),
}


type Look = tuple[int, str, list[str]]
"""Pixels of width, the colour scheme, and axe's rules."""
LOOKS: list[Look] = [(320, "light", EVERY_RULE), (1280, "dark", OF_LOOKS)]
MORE_LOOKS: list[Look] = [(390, "dark", EVERY_RULE), (1280, "light", EVERY_RULE)]


@pytest.mark.parametrize(
    "looks", [pytest.param(LOOKS, id="two"), pytest.param(MORE_LOOKS, id="two more", marks=pytest.mark.nightly)]
)
def test_every_state_is_accessible_fits_and_asks_for_nothing_from_elsewhere(
    site: Site, browser: Browser, looks: list[Look]
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    found = {}
    for name, go in STATES.items():
        go(page, site)
        for width, scheme, rules in looks:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found[f"{name}, {width}, {scheme}"] = violations(page, rules)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("script, iframe, img, [style]").count() == 0, name
    assert found == {name: [] for name in found}
    assert len(found) == len(STATES) * len(looks)
    assert all(url.startswith(site.base) for url in asked)
    assert page.context.cookies() == []
    page.close()
