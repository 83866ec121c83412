"""Story: what families and the partnership open, in a real browser, on a desk and on a phone.

No page asks for anything over the network, scrolls sideways on a phone, or runs a script.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.email import render_email
from everyfamily.rendering.newsletter import render_newsletter
from everyfamily.rendering.web_page import render_web_page
from everyfamily.reports.page import coverage_page
from tests.factories.coverage import listed_city, small_city
from tests.factories.crossed import crossed
from tests.factories.demonstration import demo_letter
from tests.journeys.axe import EVERY_RULE, violations
from tests.journeys.browsers import a_browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files, as they would be opened."""
    folder = tmp_path_factory.mktemp("pages")
    letter = demo_letter()
    cities = {"coverage": small_city(), "coverage with lists": listed_city()}
    newsletter = letter.english.newsletter
    assert newsletter is not None
    texts = {
        "newsletter": render_newsletter(letter, "en", newsletter),
        "email": render_email(letter, "en", PersonalGaps(school="Quayfield School")).html,
        "page": render_web_page(letter, "en"),
    }
    for name, city in cities.items():
        texts[name] = coverage_page(
            disclose(city),
            area="Eastmere Safeguarding Children Partnership",
            letter_title=letter.english.title.text,
            term=letter.term,
            next_update=datetime(2027, 3, 24, 6, tzinfo=UTC),
            demonstration=True,
        )
    files = {}
    for name, text in texts.items():
        files[name] = folder / f"{name}.html"
        files[name].write_text(text, encoding="utf-8")
    return files


def open_page(browser: Browser, file: Path, *, width: int, scheme: str = "light") -> tuple[Page, list[str]]:
    """Open a file; returns the page and what it asked for beyond itself, or complained of."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.goto(file.as_uri())
    return page, [url for url in asked if url != file.as_uri()]


@crossed(
    name=["email", "page", "newsletter", "coverage", "coverage with lists"],
    width=[320, 390, 1280],
    scheme=["light", "dark"],
)
def test_a_page_asks_for_nothing_and_does_not_scroll_sideways(
    browser: Browser, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    page, asked = open_page(browser, pages[name], width=width, scheme=scheme)
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("name", ["email", "page", "newsletter", "coverage", "coverage with lists"])
def test_a_page_says_its_language_and_has_one_first_heading(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    page, _ = open_page(browser, pages[name], width=390)
    assert page.locator("h1").count() == 1
    assert page.locator("[lang]").count() >= 1
    assert page.locator("script").count() == 0
    page.close()


def test_999_is_in_sight_on_a_phone_without_scrolling_far(browser: Browser, pages: dict[str, Path]) -> None:
    page, _ = open_page(browser, pages["email"], width=390)
    box = page.get_by_text("999").first.bounding_box()
    assert box is not None
    assert box["y"] < 700
    page.close()


def test_a_locked_phone_shows_no_topic(browser: Browser, pages: dict[str, Path]) -> None:
    """The preview is the start of the body's text: the preheader, padded, before the title."""
    page, _ = open_page(browser, pages["email"], width=390)
    preview = page.evaluate("document.body.textContent.trim().slice(0, 200)")
    assert "exploitation" not in preview
    page.close()


def test_the_newsletter_passage_is_accessible(browser: Browser, pages: dict[str, Path]) -> None:
    page, _ = open_page(browser, pages["newsletter"], width=390)
    assert violations(page, EVERY_RULE) == []
    page.close()
