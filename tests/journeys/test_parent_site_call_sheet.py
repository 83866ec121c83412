"""Story: a mother chooses what she has noticed and prints one page to have by her; nothing of it leaves her phone."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from everyfamily.parentsite.site import choices_of
from tests.factories.crossed import crossed
from tests.journeys.parent_site_visits import (
    BY_NIGHT,
    DEVICES,
    LANGUAGES,
    PHONE,
    TERM,
    Device,
    Exported,
    Visit,
    address,
    in_urdu_at_least,
    say,
    visiting,
)
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRAVE, OTHERS = 1, (8, 14)
"""Places of the chosen signs in the page's order; the first six are the grave ones."""
NUMBERS = ("999", "0151 496 0120", "101", "0808 800 5000", "0800 1111")
A4 = (595, 842)
"""Points."""
WITHIN_MARGINS = 665
"""CSS pixels of the 176 mm between an A4 sheet's margins."""
OVER_THE_FOOT = """() => {
  const bottoms = [...document.querySelectorAll('.sheet .cols > div:last-child > *')]
    .map(one => one.getBoundingClientRect().bottom);
  return Math.max(...bottoms) - document.querySelector('.paper-foot').getBoundingClientRect().top }"""
ASSET = re.compile(r"/assets/[\w-]+\.[0-9a-f]{16}\.(css|js|woff2|svg)")
KEPT = """async () => ({
    cookie: document.cookie, local: {...localStorage}, session: {...sessionStorage},
    databases: (await indexedDB.databases()).length, caches: self.caches ? (await caches.keys()).length : 0,
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
})"""
NOTHING = {"cookie": "", "local": {}, "session": {}, "databases": 0, "caches": 0, "workers": 0}


def plain(words: str) -> str:
    """Words with every space alike, as a person reads them."""
    return re.sub(r"[\s\xa0\u200e\u200f\u2066-\u2069]+", " ", words).strip()


def signs(exported: Exported, language: str) -> list[str]:
    """Every sign that can be chosen, in the words of the topic's own text and in the page's order."""
    topic = exported.site.topics[0]
    text = {one.id.removeprefix("site/"): plain(one.text) for one in topic.pack.site[language].passages()}
    return [text[name] for name in choices_of(topic)]


def choose(page: Page, *places: int) -> None:
    for place in places:
        page.get_by_role("checkbox").nth(place).check()


def chosen_on_sheet(page: Page, every: list[str]) -> list[str]:
    """The signs that can be seen in the sheet's list of them; a line that is no sign as it is."""
    lists = page.get_by_role("region").locator("ul").all()
    noticed = [one for one in lists if plain(one.text_content() or "").startswith(every[0])]
    assert len(noticed) == 1
    lines = [plain(line) for line in noticed[0].locator("li:visible").all_inner_texts()]
    # A grave sign has next to it what to do first.
    return [next((sign for sign in every if line.startswith(sign)), line) for line in lines]


def please_call_now(page: Page, language: str) -> bool:
    """Said on the sheet; it is said next to the choices as well, or not at all."""
    words = say(language, "You chose something to tell us about now. Please call now.")
    on_sheet = page.get_by_role("region").get_by_text(words, exact=True)
    beside = page.get_by_role("group").get_by_text(words, exact=True)
    assert on_sheet.is_visible() == beside.is_visible()
    return on_sheet.is_visible()


def printed(page: Page) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of each page on paper, and its size in points."""
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    words = [plain(one.get_textpage().get_text_range()) for one in paper]
    return words, [(round(one.get_width()), round(one.get_height())) for one in paper]


def lines_on_paper(page: Page) -> list[list[str]]:
    """The lines of each page on paper."""
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return [one.get_textpage().get_text_range().splitlines() for one in paper]


def words_in_print(page: Page) -> str:
    """What is on paper, as text: a PDF gives Urdu back in pieces of letters."""
    page.emulate_media(media="print")
    words = plain(page.evaluate("document.body.innerText"))
    page.emulate_media(media="null")
    return words


def nothing_was_sent_or_kept(visit: Visit, served: Served, asked_at_first: int) -> None:
    """The whole journey asked this site for the page and its own parts, and for nothing after that."""
    page, *parts = visit.asked
    assert page.url == visit.page.url
    assert {request.method for request in visit.asked} == {"GET"}
    for request in parts:
        assert request.url.startswith(served.url)
        assert ASSET.fullmatch(request.url.removeprefix(served.url))
    assert [request.url for request in visit.asked[asked_at_first:]] == []
    assert visit.context.cookies() == []
    assert visit.page.evaluate(KEPT) == NOTHING
    assert visit.said == []


@crossed(BY_NIGHT, device=[*DEVICES, PHONE._replace(width=320)], language=["en", "ur"])
def test_a_call_sheet_is_made_and_printed_and_nothing_leaves_the_page(
    firm_browser: Browser, served: Served, exported: Exported, device: Device, language: str
) -> None:
    with visiting(firm_browser, served, device) as visit:
        page = visit.page
        visit.opens(address(language, f"{TERM}/noticed"))
        asked, url = len(visit.asked), page.url
        every = signs(exported, language)
        wanted = [every[place] for place in (GRAVE, *OTHERS)]
        nothing_chosen = page.get_by_text(say(language, "Nothing chosen yet. You can call without it."))
        assert chosen_on_sheet(page, every) == []
        assert nothing_chosen.is_visible()

        choose(page, *OTHERS)
        assert chosen_on_sheet(page, every) == wanted[1:]
        assert not nothing_chosen.is_visible()
        assert not please_call_now(page, language)
        choose(page, GRAVE)
        assert chosen_on_sheet(page, every) == wanted
        assert please_call_now(page, language)
        if device.name == "phone":
            # The bar at the foot of a phone leads to it.
            page.get_by_role("link", name=say(language, "Your call sheet"), exact=True).click(trial=True)

        unwanted = set(every) - set(wanted)
        on_paper = words_in_print(page)
        assert all(line in on_paper for line in wanted)
        assert not [line for line in unwanted if line in on_paper]
        assert say(language, "Notes") in on_paper
        assert say(language, "Leave this page") not in on_paper
        words, sizes = printed(page)
        assert sizes == [A4]
        assert all(number in words[0] for number in NUMBERS)
        if language == "en":
            assert all(line in words[0] for line in wanted)
            assert not [line for line in unwanted if line in words[0]]
            assert "Notes" in words[0]
            assert "Please call now." in words[0]

        assert page.url == url
        nothing_was_sent_or_kept(visit, served, asked)


def test_the_sheet_stands_in_the_language_of_its_page(
    firm_browser: Browser, served: Served, exported: Exported
) -> None:
    found = {}
    for language in LANGUAGES:
        with visiting(firm_browser, served) as visit:
            visit.page.goto(address(language, f"{TERM}/noticed"))
            choose(visit.page, GRAVE)
            every = signs(exported, language)
            found[language] = chosen_on_sheet(visit.page, every)
            assert found[language] == [every[GRAVE]]
            # Somebody dials from the paper: no number is cut in two by a line's end.
            lines = [plain(line) for sheet in lines_on_paper(visit.page) for line in sheet]
            assert [number for number in NUMBERS if number not in lines] == [], language
    assert len({lines[0] for lines in found.values()}) == len(LANGUAGES)


@in_urdu_at_least
def test_however_much_is_chosen_it_is_one_sheet_of_paper(
    firm_browser: Browser, served: Served, exported: Exported, language: str
) -> None:
    with visiting(firm_browser, served) as visit:
        page = visit.page
        page.goto(address(language, f"{TERM}/noticed"))
        every = signs(exported, language)
        choose(page, *range(len(every)))
        assert chosen_on_sheet(page, every) == every
        _, sizes = printed(page)
        assert sizes == [A4]
        # And nothing on it lies over something else.
        page.emulate_media(media="print")
        page.set_viewport_size({"width": WITHIN_MARGINS, "height": 1000})
        assert page.evaluate(OVER_THE_FOOT) <= 0


def test_the_button_prints(firm_browser: Browser, served: Served) -> None:
    with visiting(firm_browser, served) as visit:
        page = visit.page
        page.add_init_script("window.print = () => { window.printed = true }")
        page.goto(address("en", f"{TERM}/noticed"))
        page.get_by_role("button", name="Print the call sheet").click()
        assert page.evaluate("window.printed") is True
    with visiting(firm_browser, served, PHONE._replace(script=False)) as visit:
        visit.page.goto(address("en", f"{TERM}/noticed"))
        expect(visit.page.get_by_role("button", name="Print the call sheet")).to_be_hidden()
        expect(visit.page.get_by_text("To print: use your browser’s menu, then Print.")).to_be_visible()


def without_has(visit: Visit) -> None:
    """Make the browser one of 2021: it drops a rule whose selectors hold `:has(`, and says that it does not know it."""

    def broken(route: Route) -> None:
        got = route.fetch()
        route.fulfill(response=got, body=got.text().replace(":has(", ":nohas("))

    visit.context.route("**/*.css", broken)
    visit.context.add_init_script(
        "const known = CSS.supports.bind(CSS);"
        "CSS.supports = (...asked) => !String(asked[0]).includes(':has') && known(...asked);"
    )


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_browser_that_does_not_know_has_makes_the_sheet_by_script(
    firm_browser: Browser, served: Served, exported: Exported, language: str
) -> None:
    with visiting(firm_browser, served) as visit:
        page = visit.page
        without_has(visit)
        visit.opens(address(language, f"{TERM}/noticed"))
        every = signs(exported, language)
        wanted = [every[place] for place in (GRAVE, *OTHERS)]
        assert chosen_on_sheet(page, every) == []
        choose(page, GRAVE, *OTHERS)
        assert chosen_on_sheet(page, every) == wanted
        assert please_call_now(page, language)
        assert not page.get_by_text(say(language, "Nothing chosen yet. You can call without it.")).is_visible()
        page.get_by_role("checkbox").nth(GRAVE).uncheck()
        assert chosen_on_sheet(page, every) == wanted[1:]
        assert not please_call_now(page, language)
        on_paper = words_in_print(page)
        assert all(line in on_paper for line in wanted[1:])
        assert wanted[0] not in on_paper
        assert printed(page)[1] == [A4]
        assert visit.said == []


def test_a_phone_that_does_not_know_has_shows_the_way_to_the_sheet(firm_browser: Browser, served: Served) -> None:
    with visiting(firm_browser, served) as visit:
        without_has(visit)
        visit.page.goto(address("en", f"{TERM}/noticed"))
        choose(visit.page, GRAVE)
        visit.page.get_by_role("link", name="Your call sheet", exact=True).click(trial=True, timeout=2000)


def test_without_has_and_without_javascript_the_whole_list_is_printed_with_its_marks(
    firm_browser: Browser, served: Served, exported: Exported
) -> None:
    with visiting(firm_browser, served, PHONE._replace(script=False)) as visit:
        page = visit.page
        without_has(visit)
        page.goto(address("en", f"{TERM}/noticed"))
        choose(page, GRAVE)
        on_paper = words_in_print(page)
        assert [line for line in signs(exported, "en") if line not in on_paper] == []
        page.emulate_media(media="print")
        assert page.get_by_role("checkbox").nth(GRAVE).is_visible()
