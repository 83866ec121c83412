"""Story: a grandmother reads Urdu. The same page is there in her language, and each number can be read aloud."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from everyfamily.core.agreement.seals import fingerprint
from tests.factories.crossed import crossed
from tests.journeys.parent_site_visits import (
    LANGUAGES,
    PHONE,
    TERM,
    Device,
    Exported,
    address,
    in_each_language,
    on_each_device,
    reading,
    say,
)
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

OWN_NAMES = {"en": "English", "ar": "العربية", "pl": "Polski", "ur": "اردو"}
RIGHT_TO_LEFT = ("ar", "ur")

# For each number: shown text, whether it is isolated, and whether the eye meets its digits in their order.
READ_NUMBERS = """() => [...document.querySelectorAll('a[href^="tel:"]')].filter(a => a.checkVisibility()).map(a => {
  const walker = document.createTreeWalker(a, NodeFilter.SHOW_TEXT), places = [];
  for (let node; node = walker.nextNode();)
    for (let n = 0; n < node.length; n++) {
      if (!/[0-9]/.test(node.data[n])) continue;
      const range = document.createRange();
      range.setStart(node, n); range.setEnd(node, n + 1);
      places.push(range.getBoundingClientRect().left);
    }
  const bdi = a.querySelector('bdi[dir=ltr]');
  return {
    target: a.getAttribute('href').slice(4), shown: a.textContent,
    isolated: !!bdi && bdi.textContent === a.textContent,
    ordered: places.every((left, n) => n === 0 || left > places[n - 1]),
  };
})"""
# A text of three English words or more, with no letter of the page's script, that stands as the page's own language.
# A name of a law or a standard within a line is a name, and needs no mark (WCAG 2.2, 3.1.2).
UNMARKED_ENGLISH = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node; node = walker.nextNode();) {
    const english = /[A-Za-z’]{2,}( [A-Za-z’]+){2,}/.test(node.data) && !/[\\u0600-\\u06ff]/.test(node.data);
    if (english && node.parentElement.closest('[lang]').lang !== 'en') found.push(node.data.trim());
  }
  return found;
}"""
MISMARKED = """() => [...document.querySelectorAll('[lang=en]')]
  .filter(it => getComputedStyle(it).direction !== 'ltr').map(it => it.textContent)"""


@on_each_device
def test_the_switcher_keeps_the_page(firm_browser: Browser, served: Served, device: Device) -> None:
    with reading(firm_browser, served, device) as visit:
        page = visit.page
        page.goto(address("en", f"{TERM}/talk"))
        here = "en"
        for there in ("ur", "pl", "ar", "en"):
            page.get_by_text(say(here, "Languages"), exact=True).locator("visible=true").first.click()
            page.get_by_role("link", name=OWN_NAMES[there], exact=True).locator("visible=true").first.click()
            expect(page).to_have_url(served.url + address(there, f"{TERM}/talk"))
            html = page.locator("html")
            expect(html).to_have_attribute("lang", there)
            expect(html).to_have_attribute("dir", "rtl" if there in RIGHT_TO_LEFT else "ltr")
            here = there


@in_each_language
def test_every_page_has_itself_in_every_language(
    firm_browser: Browser, served: Served, exported: Exported, language: str
) -> None:
    """And says that its translation is unread, reads numbers in order, and marks what is English."""
    unread = say(language, "This translation has not been checked by a second person.")
    with reading(firm_browser, served) as visit:
        page = visit.page
        for tag, one in exported.pages():
            if tag != language:
                continue
            where = address(tag, one.path)
            page.goto(where, wait_until="domcontentloaded")
            links = page.locator("a[hreflang][lang]").evaluate_all(
                "all => all.map(a => [a.lang, a.getAttribute('href'), a.textContent])"
            )
            assert {tuple(link) for link in links} >= {
                (other, address(other, one.path), OWN_NAMES[other]) for other in LANGUAGES
            }, where
            for _, href, _ in links:
                assert (exported.public / href.strip("/") / "index.html").is_file(), href
            assert (unread in page.locator("body").inner_text()) == (language != "en"), where
            assert say(language, "This copy is not for families.") in page.locator("body").inner_text(), where
            for number in page.evaluate(READ_NUMBERS):
                shown = "".join(number["shown"].split())
                assert (shown, number["isolated"], number["ordered"]) == (number["target"], True, True), where
            assert page.evaluate(MISMARKED) == [], where
            if language in RIGHT_TO_LEFT:
                assert page.evaluate(UNMARKED_ENGLISH) == [], where


def test_digits_out_of_order_and_unmarked_english_can_be_found(firm_browser: Browser, served: Served) -> None:
    with reading(firm_browser, served) as visit:
        page = visit.page
        page.goto(address("ur", "help"))
        page.evaluate(
            """document.querySelectorAll('a[href^="tel:"] bdi').forEach(it => it.replaceWith("01632 960 123"))"""
        )
        assert not any(number["isolated"] or number["ordered"] for number in page.evaluate(READ_NUMBERS))
        page.goto(address("ur", TERM))
        page.evaluate("document.querySelectorAll('[lang=en]').forEach(it => it.removeAttribute('lang'))")
        assert len(page.evaluate(UNMARKED_ENGLISH)) > 20


@crossed(path=[TERM, "genuine/{reference}"], language=["ar", "pl", "ur"])
def test_the_letter_stands_in_the_language_in_which_it_was_approved(
    firm_browser: Browser, served: Served, exported: Exported, language: str, path: str
) -> None:
    with reading(firm_browser, served, PHONE._replace(script=False)) as visit:
        visit.page.goto(address(language, path.format(reference=exported.letter.reference)))
        text = visit.page.get_by_role("article").first
        assert text.get_attribute("lang") == "en"
        assert text.get_attribute("dir") == "ltr"
        assert text.evaluate("it => getComputedStyle(it).textAlign") in ("left", "start")
        if path != TERM:
            facts = visit.page.get_by_role("main").locator("dl")
            assert fingerprint(exported.letter.seal.digest) in facts.inner_text()


def test_the_english_that_families_get_bears_no_banner(exported: Exported, final: Exported) -> None:
    banners = ("Preview.", 'name="robots"', "has not been checked")
    preview, real = (
        {words for file in one.public.rglob("*.html") for words in banners if words in file.read_text("utf-8")}
        for one in (exported, final)
    )
    assert preview >= {"Preview.", 'name="robots"'}
    assert real == set()
