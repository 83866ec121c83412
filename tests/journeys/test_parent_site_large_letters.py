"""Story: a grandmother has set her phone's letters twice as large, on the narrowest phone there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.journeys.browsers import a_browser
from tests.journeys.parent_site_visits import Exported, in_each_language
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROW = 320
TWICE = 32
"""Pixels of a letter that the browser sets as its own; 16 unless somebody changes it."""


SAYS_MUCH_FIRST = """() => {
  const danger = document.querySelector('main .danger'), lead = document.querySelector('.hero .lead');
  return !!danger && !!lead && lead.getBoundingClientRect().top < danger.getBoundingClientRect().top }"""
"""Whether the opening of a page takes the screen before whom to call in danger."""


@pytest.fixture(scope="module")
def large_letters() -> Iterator[BrowserContext]:
    """A browser whose owner has chosen letters twice as large: the setting of a profile, not a zoom."""
    with a_browser(f"--blink-settings=defaultFontSize={TWICE},defaultFixedFontSize={TWICE}") as browser:
        yield browser.new_context(viewport={"width": NARROW, "height": 640}, has_touch=True, is_mobile=True)


@in_each_language
def test_no_page_in_any_language_is_pushed_sideways_or_says_much_before_whom_to_call(
    large_letters: BrowserContext, served: Served, exported: Exported, language: str
) -> None:
    page = large_letters.new_page()
    wide: dict[str, object] = {}
    late: list[str] = []
    for where in exported.addresses(language):
        page.goto(f"{served.url}{where}")
        page.evaluate("document.fonts.ready.then(() => 0)")
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= TWICE
        if (width := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
            over = page.evaluate(
                """width => [...document.querySelectorAll('body *')].filter(one =>
                  one.getBoundingClientRect().right > width + 1 || one.getBoundingClientRect().left < -1)
                  .map(one => one.outerHTML.slice(0, 90)).slice(0, 4)""",
                NARROW,
            )
            wide[where] = (width, over)
        if page.evaluate(SAYS_MUCH_FIRST):
            late.append(where)
    page.close()
    assert wide == {}
    assert late == []


def test_the_letters_are_twice_as_large_and_something_too_wide_can_be_found(
    large_letters: BrowserContext, served: Served
) -> None:
    page = large_letters.new_page()
    page.goto(f"{served.url}/help/")
    page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('pre'), "
        "{textContent: 'W'.repeat(60)}))"
    )
    assert page.evaluate("document.documentElement.scrollWidth") > NARROW
    page.close()
