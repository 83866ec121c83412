"""Story: somebody comes into the room. She presses "Leave this page", and Back does not give her away."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Request, Route, expect

from tests.factories.crossed import crossed
from tests.journeys.parent_site_visits import (
    BY_NIGHT,
    DESKTOP,
    DEVICES,
    PHONE,
    TERM,
    Device,
    Exported,
    Visit,
    address,
    say,
    visiting,
)
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

LETTER = {language: address(language, TERM) for language in ("en", "ur")}
ELSEWHERE = "<!doctype html><title>Weather</title><h1>Rain later</h1>"
BEFORE = "<!doctype html><title>Before</title><h1>What was open before</h1>"
BEFORE_URL = "https://example.org/before"


# Two ways in which Back finds a page: loaded again, and kept as it was.
AGAIN, KEPT = "firm_browser", "keeping_browser"


@pytest.fixture
def any_browser(request: pytest.FixtureRequest, way: str) -> Browser:
    """The browser in which Back finds a page that way."""
    found = request.getfixturevalue(way)
    assert isinstance(found, Browser)
    return found


def with_elsewhere(visit: Visit, target: str) -> list[Request]:
    """Play the site that leaving leads to, and one that was open before; returns what is asked of the first."""
    asked: list[Request] = []

    def leave(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(body=ELSEWHERE, content_type="text/html")

    visit.context.route(target, leave)
    visit.context.route(BEFORE_URL, lambda route: route.fulfill(body=BEFORE, content_type="text/html"))
    return asked


def leave_button(page: Page, language: str) -> Locator:
    """Where a finger finds it."""
    return (
        page.get_by_role("link", name=say(language, "Leave this page"), exact=True).locator("visible=true").last
    )


def leave(page: Page, language: str, target: str) -> None:
    leave_button(page, language).click()
    page.wait_for_url(target)
    expect(page.get_by_role("heading", name="Rain later")).to_be_visible()


def back(page: Page, url: str, by: str = "back") -> None:
    """Press Back, and wait until the page that it leads to is there."""
    # Not by Playwright's own: a page that the browser kept comes without the events that it would wait for, and without
    # JavaScript nothing in the page can wait. The page may be gone before it answers.
    with suppress(Error):
        page.evaluate(f"history.{by}()")
    expect(page).to_have_url(url)
    for _ in range(100):
        with suppress(Error):
            if page.evaluate("document.readyState") == "complete":
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"{url} is not there after five seconds")


def shows_only(page: Page, title: str, words: str) -> None:
    """Every word that can be seen, and the tab's title."""
    expect(page.locator("body")).to_have_text(words, use_inner_text=True)
    assert page.evaluate("document.body.innerText").strip() == words
    assert page.title() == title


@crossed(device=[PHONE, DESKTOP], language=["en", "ur"], way=[KEPT, AGAIN])
def test_a_page_that_was_left_is_not_behind_back(
    any_browser: Browser, behind_nginx: Served, exported: Exported, device: Device, language: str
) -> None:
    target = exported.site.partnership.leave_to
    with visiting(any_browser, behind_nginx, device) as visit:
        page, asked = visit.page, with_elsewhere(visit, target)
        page.goto(BEFORE_URL)
        page.goto(LETTER[language])
        grown = page.evaluate("history.length")
        leave(page, language, target)
        assert page.evaluate("history.length") == grown
        assert ["referer" in request.all_headers() for request in asked] == [False]
        assert page.evaluate("document.referrer") == ""
        back(page, BEFORE_URL)
        shows_only(page, "Before", "What was open before")


@crossed(device=[PHONE, DESKTOP], language=["en", "ur"], way=[AGAIN, KEPT])
def test_pages_that_were_read_before_are_covered_when_back_leads_to_them(
    any_browser: Browser, served: Served, exported: Exported, device: Device, language: str
) -> None:
    target = exported.site.partnership.leave_to
    with visiting(any_browser, served, device) as visit:
        page = visit.page
        with_elsewhere(visit, target)
        page.goto(BEFORE_URL)
        for path in ("", TERM, f"{TERM}/signs"):
            page.goto(address(language, path))
        leave(page, language, target)
        back(page, served.url + address(language, TERM))
        # Not a word of ours but the one button.
        shows_only(page, "", say(language, "Show the page"))
        page.get_by_role("button", name=say(language, "Show the page")).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.title() == f"{say(language, 'A letter about keeping children safe')} – Eastmere"
        assert visit.said == []


@crossed(BY_NIGHT, device=DEVICES, way=[AGAIN, KEPT])
def test_back_between_pages_of_ours_covers_nothing(
    any_browser: Browser, served: Served, device: Device, way: str
) -> None:
    with visiting(any_browser, served, device) as visit:
        page = visit.page
        page.goto(LETTER["en"])
        page.evaluate("window.same = true")
        page.get_by_role("link", name="Get help now", exact=True).first.click()
        expect(page).to_have_url(f"{served.url}/help/")
        page.wait_for_load_state()
        title = page.title()
        back(page, served.url + LETTER["en"])
        # Both ways are tried in truth: a page that was kept is the very same.
        assert page.evaluate("window.same === true") == (way == KEPT)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.title() == "A letter about keeping children safe – Eastmere"
        back(page, f"{served.url}/help/", by="forward")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.title() == title


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_choices_are_gone_after_back_and_after_a_reload(
    request: pytest.FixtureRequest, served: Served, exported: Exported, script: bool
) -> None:
    # Without JavaScript a page that the browser keeps whole keeps its marks: the page about leaving says so.
    browser: Browser = request.getfixturevalue(KEPT if script else AGAIN)
    target = exported.site.partnership.leave_to
    with visiting(browser, served, PHONE._replace(script=script)) as visit:
        page = visit.page
        with_elsewhere(visit, target)
        for way in ("back", "reload", "leave"):
            page.goto(address("en", f"{TERM}/noticed"))
            boxes = page.get_by_role("checkbox")
            for number in (0, 3, 8):
                boxes.nth(number).check()
            if way == "reload":
                page.reload()
            else:
                page.goto(target if way == "leave" else address("en", "help"))
                back(page, served.url + address("en", f"{TERM}/noticed"))
            assert page.locator("input:checked").count() == 0, way
            words = page.locator("#sheet li:visible").all_inner_texts()
            assert not set(words) & set(page.locator("label").all_inner_texts()), way


@crossed(device=[PHONE._replace(script=False), DESKTOP._replace(script=False)], language=["en", "ur"])
def test_without_javascript_it_is_a_plain_link_that_tells_nobody_where_she_was(
    firm_browser: Browser, behind_nginx: Served, exported: Exported, device: Device, language: str
) -> None:
    target = exported.site.partnership.leave_to
    with visiting(firm_browser, behind_nginx, device) as visit:
        page, asked = visit.page, with_elsewhere(visit, target)
        page.goto(LETTER[language])
        for link in page.locator(f'a[href="{target}"]').all():
            assert "noreferrer" in (link.get_attribute("rel") or "").split()
        leave(page, language, target)
        assert ["referer" in request.all_headers() for request in asked] == [False]
