"""Story: a grandfather has no telephone that shows pages; his daughter prints the signs for him."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.parent_site_visits import (
    DESKTOP,
    TERM,
    Exported,
    address,
    in_each_language,
    visiting,
)
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_SHEETS = 4
MARKED = """() => {
    const items = [...document.querySelectorAll('main li')].filter(one => one.querySelector('.aside'));
    const mark = words => { const one = document.createElement('bdi');
      one.textContent = words; one.style.fontSize = '1px'; one.style.fontFamily = 'sans-serif'; return one };
    const both = n => { const [ten, unit] = String(n).padStart(2, '0'); return ten + unit + unit + ten };
    items.forEach((one, n) => { one.prepend(mark(`QB${both(n)}BQ`)); one.append(mark(`QE${both(n)}EQ`)) });
    return items.length }"""
"""Puts a mark at the start and the end of each sign with what is next to it; how many there are.

It reads the same from both sides: from a line of Arabic the words of a PDF come in either order.
"""


def sheets(page: Page) -> list[str]:
    """The words of each A4 sheet on which the page is printed."""
    document = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    words = [sheet.get_textpage().get_text_range() for sheet in document]
    document.close()
    return words


@in_each_language
def test_the_signs_are_few_sheets_and_none_is_cut_from_what_it_could_also_be(
    firm_browser: Browser, served: Served, exported: Exported, language: str
) -> None:
    with visiting(firm_browser, served, DESKTOP) as visit:
        page = visit.page
        page.goto(address(language, f"{TERM}/signs"))
        page.evaluate("document.fonts.ready.then(() => 0)")
        assert 1 < len(sheets(page)) <= MOST_SHEETS
        items = page.evaluate(MARKED)
        topic = exported.site.topics[0].pack.site["en"]
        places = [
            one for section in topic.sections for one in section.passages if one.kind == "item" and one.aside
        ]
        assert 20 < items <= len(places)
        starts: dict[str, int] = {}
        ends: dict[str, int] = {}
        for number, words in enumerate(sheets(page)):
            starts |= dict.fromkeys(re.findall(r"[QB]{2}(\d{4})[QB]{2}", words), number)
            ends |= dict.fromkeys(re.findall(r"[QE]{2}(\d{4})[QE]{2}", words), number)
        assert len(starts) == len(ends) == items
        assert {item: (sheet, ends[item]) for item, sheet in starts.items() if ends[item] != sheet} == {}
