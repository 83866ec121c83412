"""Story: a family reads one of the languages that came later. Their pages fit, are light, and print on one sheet.

`make test` holds the site to four languages in a browser, and to all of them without one. This is the rest.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.factories.sealed import DRAFTS
from tests.journeys.parent_site_visits import LANGUAGES, PHONE, TERM, Exported, address, say, visiting
from tests.journeys.site_servers import Served
from tests.journeys.test_parent_site_call_sheet import A4, choose, chosen_on_sheet, printed, signs

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.nightly]

LATER = tuple(tag for tag in DRAFTS if tag not in LANGUAGES)
NARROW, MOST_BYTES = 320, 75_000
WITHOUT_SERIF = ("bn", "ckb", "pa", "uk")
"""Their letters are not in the serif, so only a page with English headings may fetch it."""


@pytest.mark.parametrize("language", LATER)
def test_every_page_fits_a_narrow_phone_and_is_light(
    firm_browser: Browser, everything_served: Served, everything: Exported, language: str
) -> None:
    wide, heavy, serif = {}, {}, []
    with visiting(firm_browser, everything_served, PHONE._replace(width=NARROW)) as visit:
        memory = visit.context.new_cdp_session(visit.page)
        for tag, one in everything.pages():
            if tag != language:
                continue
            where = address(tag, one.path)
            visit.page.goto("about:blank")
            memory.send("Network.clearBrowserCache")
            visit.asked.clear()
            visit.opens(where)
            if (width := visit.page.evaluate("document.documentElement.scrollWidth")) > NARROW:
                wide[where] = width
            files = [request.url.removeprefix(everything_served.url) for request in visit.asked]
            total = sum(travels(everything, file) for file in dict.fromkeys(files))
            if total >= MOST_BYTES:
                heavy[where] = total
            if one.name in ("easy", "help", "young") and any("serif" in file for file in files):
                serif.append(where)
            unread = say(language, "This translation has not been checked by a second person.")
            assert unread in visit.page.locator("body").inner_text(), where
            direction = visit.page.evaluate("getComputedStyle(document.body).direction")
            assert direction == ("rtl" if language == "ckb" else "ltr")
    assert (wide, heavy) == ({}, {})
    assert (serif == []) is (language in WITHOUT_SERIF)


def travels(everything: Exported, path: str) -> int:
    """Bytes of a file as it travels: its compressed twin where there is one."""
    file = everything.public / path.strip("/")
    file = file / "index.html" if file.is_dir() else file
    twin = file.with_name(f"{file.name}.gz")
    return (twin if twin.exists() else file).stat().st_size


@pytest.mark.parametrize("language", LATER)
def test_however_much_is_chosen_it_is_one_sheet_of_paper(
    firm_browser: Browser, everything_served: Served, everything: Exported, language: str
) -> None:
    with visiting(firm_browser, everything_served) as visit:
        visit.page.goto(address(language, f"{TERM}/noticed"))
        every = signs(everything, language)
        choose(visit.page, *range(len(every)))
        assert chosen_on_sheet(visit.page, every) == every
        _, sizes = printed(visit.page)
        assert sizes == [A4]
