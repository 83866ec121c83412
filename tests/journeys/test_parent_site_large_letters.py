"""Story: a grandmother has set her phone's letters twice as large, on the narrowest phone there is."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Playwright

from tests.conftest import chromium
from tests.journeys.browsers import FLAGS
from tests.journeys.parent_site_visits import Exported
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROW = 320
TWICE = 32
"""Pixels of a letter that the browser sets as its own; 16 unless somebody changes it."""


@pytest.fixture(scope="module")
def large_letters(
    playwright_here: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser whose owner has chosen letters twice as large: a setting of its profile, not a zoom."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "Default").mkdir()
    sizes = {"default_font_size": TWICE, "default_fixed_font_size": TWICE, "minimum_font_size": 0}
    settings = json.dumps({"webkit": {"webprefs": sizes}})
    (profile / "Default" / "Preferences").write_text(settings, encoding="utf-8")
    context = playwright_here.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=list(FLAGS),
        viewport={"width": NARROW, "height": 640},
        has_touch=True,
        is_mobile=True,
    )
    yield context
    context.close()


def test_no_page_in_any_language_is_pushed_sideways(
    large_letters: BrowserContext, served: Served, exported: Exported
) -> None:
    page = large_letters.new_page()
    wide: dict[str, object] = {}
    for where in exported.addresses():
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
    page.close()
    assert wide == {}


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
