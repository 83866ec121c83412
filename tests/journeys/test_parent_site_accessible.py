"""Story: anyone who opens the site, by eye, by ear or by keys, in light or in the dark, can use every page of it.

axe-core reads every page in every language in Chromium, and the Nu HTML checker reads every file.
"""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.factories.crossed import crossed
from tests.journeys.axe import EVERY_RULE, violations
from tests.journeys.parent_site_visits import (
    DESKTOP,
    LANGUAGES,
    PHONE,
    TERM,
    Device,
    Exported,
    address,
    say,
    visiting,
)
from tests.journeys.site_servers import HtmlFindings, Served, check_html

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = pytest.mark.slow

type Look = tuple[Device, Literal["light", "dark"]]
ALL_LOOKS: list[Look] = [(PHONE, "light"), (DESKTOP, "dark"), (PHONE, "dark"), (DESKTOP, "light")]
# In `make test` each page has one of them in English, and in Urdu the one with the other device and the other scheme.
FIRST = {"en": 0, "ur": 1}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "in_all"),
    [
        *(pytest.param(tag, False, id=tag) for tag in FIRST),
        *(pytest.param(tag, True, id=f"{tag} in all", marks=pytest.mark.nightly) for tag in LANGUAGES),
    ],
)
def test_axe_holds_nothing_against_any_page(
    firm_browser: Browser, served: Served, exported: Exported, language: str, in_all: bool
) -> None:
    mine = [address(tag, page.path) for tag, page in exported.pages() if tag == language]
    found = {}
    # Without motion: a colour on its way to another is not yet one that a reader has to read.
    with visiting(firm_browser, served, PHONE, reduced_motion="reduce") as visit:
        page = visit.page
        for number, where in enumerate([*mine, address(language, "no-such-page")]):
            page.goto(where)
            for device, scheme in ALL_LOOKS if in_all else [look_of(number, language)]:
                page.set_viewport_size({"width": device.width, "height": device.height})
                page.emulate_media(color_scheme=scheme)
                found[f"{where} on a {device}, {scheme}"] = violations(page, EVERY_RULE)
    assert {where: what for where, what in found.items() if what} == {}


def look_of(number: int, language: str) -> Look:
    """On which device, and in which scheme, `make test` has the page of this number."""
    # The two of a page stand beside each other: 0 and 1, or 2 and 3.
    return ALL_LOOKS[number % 4 ^ FIRST[language]]


def test_each_language_has_every_look_and_each_page_both_devices_and_both_schemes() -> None:
    assert {look_of(number, "en") for number in range(4)} == {look_of(number, "ur") for number in range(4)}
    for number in range(4):
        assert {*look_of(number, "en"), *look_of(number, "ur")} == {PHONE, DESKTOP, "light", "dark"}


@pytest.mark.browser
@crossed(scheme=["light", "dark"], language=["en", "ur"])
def test_axe_holds_nothing_against_what_a_tap_opens(
    firm_browser: Browser, served: Served, exported: Exported, language: str, scheme: str
) -> None:
    found = {}
    with visiting(firm_browser, served, PHONE, reduced_motion="reduce", color_scheme=scheme) as visit:
        page = visit.page
        page.goto(address(language, f"{TERM}/noticed"))
        for name in ("Menu", "Languages"):
            page.get_by_text(say(language, name), exact=True).locator("visible=true").first.click()
        for place in (0, 7):
            page.get_by_role("checkbox").nth(place).check()
        found["menus open, signs chosen"] = violations(page, EVERY_RULE)
        page.goto(address(language, "genuine"))
        field = page.get_by_label(say(language, "Type the reference from your letter"))
        field.fill("ES-2703-XXXX")
        found["a forged reference"] = violations(page, EVERY_RULE)
        field.fill(exported.letter.reference)
        found["a genuine reference"] = violations(page, EVERY_RULE)
    assert {what: rules for what, rules in found.items() if rules} == {}


@pytest.mark.browser
def test_axe_can_find_something(firm_browser: Browser, served: Served) -> None:
    with visiting(firm_browser, served) as visit:
        visit.page.goto(address("en", "help"))
        visit.page.evaluate(
            "document.querySelector('h1').style.color = '#ddd'; document.documentElement.lang = ''"
        )
        assert {one[0] for one in violations(visit.page, EVERY_RULE)} >= {"color-contrast", "html-has-lang"}


# By the address file: no page is its own 'self'.
BY_FILE = "Resource violates Content Security Policy (meta tag)"


BROKEN = "broken.css"


@pytest.fixture(scope="module")
def checked(exported: Exported, final: Exported, tmp_path_factory: pytest.TempPathFactory) -> HtmlFindings:
    """What the Nu HTML checker says of every page of both exports, their style, and a style that is wrong."""
    pages = [*sorted(exported.public.rglob("*.html")), *sorted(final.public.rglob("*.html"))]
    assert len(pages) == len(exported.pages()) + len(LANGUAGES) + len(final.pages()) + 1
    style = sorted(exported.public.rglob("*.css"))
    assert style != []
    broken = tmp_path_factory.mktemp("style") / BROKEN
    broken.write_text("p { colour: red; margin-inline: }")
    return check_html([*pages, *style, broken], css=True)


def test_the_html_checker_finds_no_error_in_any_page_or_style(checked: HtmlFindings) -> None:
    assert [line for line in checked.errors if BROKEN not in line] == []
    assert [line for line in checked.warnings if BY_FILE not in line and BROKEN not in line] == []


def test_the_checker_finds_an_error_in_a_style(checked: HtmlFindings) -> None:
    assert [line for line in checked.errors if BROKEN in line] != []
