"""Story: a father reads the letter at eleven at night, opens its address and wants a number he can ring now."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from everyfamily.parentsite.readiness import good_until
from tests.factories.crossed import crossed
from tests.journeys.parent_site_visits import (
    BY_NIGHT,
    DESKTOP,
    DEVICES,
    PHONE,
    TERM,
    Device,
    Exported,
    address,
    reading,
    say,
    visiting,
)
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONDON = ZoneInfo("Europe/London")
LOCAL, EMERGENCY, SURVIVORS = "tel:01514960120", "tel:999", "tel:01514960148"


def number(page: Page, target: str) -> Locator:
    """The links of a number that a person can see."""
    return page.locator(f'main a[href="{target}"]:visible')


def can_be_tapped(link: Locator) -> bool:
    """True if a finger or a mouse would reach it: nothing covers it."""
    link.click(trial=True)
    return True


@crossed(BY_NIGHT, device=[*DEVICES, PHONE._replace(width=320)], language=["en", "ur"])
def test_a_number_is_two_taps_from_the_letters_page(
    firm_browser: Browser, served: Served, device: Device, language: str
) -> None:
    # As printed, without the last slash.
    printed = f"/{TERM}" if language == "en" else f"/{language}/{TERM}"
    with reading(firm_browser, served, device) as visit:
        page = visit.page
        page.goto(printed)
        # Both are already on the first page, before its text.
        for target in (EMERGENCY, LOCAL):
            assert can_be_tapped(number(page, target).first)
        box = number(page, EMERGENCY).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < device.height

        with page.expect_navigation():
            page.get_by_role("link", name=say(language, "Get help now"), exact=True).first.click()
        assert page.url == served.url + address(language, "help")
        for target in (LOCAL, EMERGENCY):
            assert number(page, target).count() >= 1
            assert can_be_tapped(number(page, target).first)
        assert visit.said == []


OPEN_TABLE = [
    # The survivors' line: Monday to Saturday, 10am to 9pm, shut on bank holidays.
    ("2027-03-02 09:59", False),
    ("2027-03-02 10:00", True),
    ("2027-03-02 20:59", True),
    ("2027-03-02 21:00", False),
    ("2027-03-03 00:00", False),
    ("2027-03-06 12:00", True),  # a Saturday
    ("2027-03-07 12:00", False),  # a Sunday
    ("2027-03-29 12:00", False),  # Easter Monday
    ("2027-03-30 10:00", True),  # the first days of summer time
    ("2027-03-30 09:59", False),
    ("2027-07-01 20:59", True),
    ("2027-07-01 21:00", False),
    ("2027-10-31 12:00", False),  # the Sunday on which it ends
    ("2027-11-01 09:59", False),
    ("2027-11-01 10:00", True),
    ("2027-12-27 12:00", False),  # the Monday after Christmas
]


def made_to_last(route: Route) -> None:
    """Answer with the page as if nothing on it were due to be checked for a year."""
    answer = route.fetch()
    text, made = re.subn(r'data-good-until="[^"]*"', 'data-good-until="2028-03-02"', answer.text())
    assert made == 1
    route.fulfill(response=answer, body=text)


ZONES = [("en", "Pacific/Auckland"), ("ur", "America/Los_Angeles")]


@pytest.mark.parametrize(
    ("language", "zone", "table"),
    [
        # Each time in one of the two, and in both in `make nightly`.
        *(pytest.param(*one, OPEN_TABLE[at::2], id=one[0]) for at, one in enumerate(ZONES)),
        *(pytest.param(*one, OPEN_TABLE, id=f"{one[0]} at all", marks=pytest.mark.nightly) for one in ZONES),
    ],
)
def test_what_is_open_now_goes_by_londons_clock_wherever_the_device_is(
    firm_browser: Browser, served: Served, language: str, zone: str, table: list[tuple[str, bool]]
) -> None:
    found = {}
    with visiting(firm_browser, served, PHONE, timezone_id=zone) as visit:
        page = visit.page
        # The table goes through a year; a page that was made so long ago claims nothing, as the next test has it.
        page.route("**/help/", made_to_last)
        for told, _ in table:
            page.clock.set_fixed_time(datetime.fromisoformat(told).replace(tzinfo=LONDON))
            page.goto(address(language, "help"))
            said = {}
            for target in (SURVIVORS, EMERGENCY):
                section = page.get_by_role("main").locator("section", has=page.locator(f'a[href="{target}"]'))
                claims = [
                    section.get_by_text(say(language, words), exact=True) for words in ("Open now", "Closed now")
                ]
                said[target] = [claim.is_visible() for claim in claims]
            # 999 is answered at any time.
            assert said[EMERGENCY] == [True, False], told
            found[told] = said[SURVIVORS]
    assert found == {told: [is_open, not is_open] for told, is_open in table}


def test_a_page_that_stays_open_goes_with_the_time(firm_browser: Browser, served: Served) -> None:
    with visiting(firm_browser, served, DESKTOP, timezone_id="Pacific/Auckland") as visit:
        page = visit.page
        page.clock.install(time=datetime(2027, 3, 2, 20, 58, 30, tzinfo=LONDON))
        page.goto(address("en", "help"))
        section = page.get_by_role("main").locator("section", has=page.locator(f'a[href="{SURVIVORS}"]'))
        expect(section.get_by_text("Open now")).to_be_visible()
        page.clock.run_for(3 * 60 * 1000)
        expect(section.get_by_text("Closed now")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_without_javascript_nothing_is_claimed_and_the_hours_stand(
    firm_browser: Browser, served: Served, language: str
) -> None:
    with reading(firm_browser, served, PHONE._replace(script=False)) as visit:
        page = visit.page
        page.goto(address(language, "help"))
        for words in ("Open now", "Closed now"):
            assert page.get_by_text(say(language, words), exact=True).locator("visible=true").count() == 0
        section = page.get_by_role("main").locator("section", has=page.locator(f'a[href="{SURVIVORS}"]'))
        if language == "en":
            expect(section.get_by_text("Monday to Saturday, 10am to 9pm")).to_be_visible()
        else:
            assert "10:00" in section.inner_text()
            assert "21:00" in section.inner_text()


LATE = (
    "Nobody has checked these pages lately. If a number does not answer, call the school, or in danger the emergency"
    " number."
)


@crossed(language=["en", "ur"], device=[PHONE, DESKTOP])
def test_a_page_that_should_have_been_made_again_says_so_at_its_top_and_claims_nothing_open(
    firm_browser: Browser, served: Served, exported: Exported, device: Device, language: str
) -> None:
    last = datetime.combine(good_until(exported.site), time(23, 59, 30), tzinfo=LONDON)
    with visiting(firm_browser, served, device, timezone_id="Pacific/Auckland") as visit:
        page = visit.page
        late = page.get_by_text(say(language, LATE), exact=True)
        claims = page.locator(".open-now:visible")
        for path in ("help", TERM):
            page.clock.set_fixed_time(last)
            page.goto(address(language, path))
            expect(late).to_be_hidden()
            assert (claims.count() > 0) is (path == "help")
            page.clock.set_fixed_time(last + timedelta(minutes=1))
            page.goto(address(language, path))
            expect(late).to_be_visible()
            assert claims.count() == 0
            # Read before anything else: no head, no number and no word of the page is above it or on it.
            where, head = late.bounding_box(), page.locator("header.top").bounding_box()
            assert where is not None
            assert head is not None
            assert where["y"] + where["height"] <= head["y"]
            assert where["y"] + where["height"] < device.height / 2
            # What is to be rung in danger can be rung all the same.
            assert can_be_tapped(number(page, EMERGENCY).first)
        assert visit.said == []


def test_without_javascript_no_page_says_that_it_is_late(firm_browser: Browser, served: Served) -> None:
    with reading(firm_browser, served, PHONE._replace(script=False)) as visit:
        visit.page.goto(address("en", "help"))
        expect(visit.page.get_by_text(LATE, exact=True)).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_childrens_team_is_the_next_number_after_999_on_a_phone_and_beside_it_on_a_desk(
    firm_browser: Browser, served: Served, language: str
) -> None:
    for device in (PHONE, DESKTOP):
        with reading(firm_browser, served, device) as visit:
            visit.page.goto(address(language, "help"))
            boxes = [
                visit.page.get_by_role("main").locator(".number", has=visit.page.locator(f'a[href="{one}"]'))
                for one in (EMERGENCY, LOCAL)
            ]
            first, second = (one.first.bounding_box() for one in boxes)
            assert first is not None
            assert second is not None
            tops = visit.page.locator("main .number").evaluate_all(
                "all => all.map(one => one.getBoundingClientRect().top)"
            )
            assert sorted(tops)[:2] == sorted([first["y"], second["y"]])
            assert (second["y"] > first["y"] + first["height"]) is (device is PHONE)
            cards = visit.page.locator(".first-two > section").evaluate_all(
                "all => all.map(one => one.getBoundingClientRect()).map(box => [box.top, box.bottom])"
            )
            assert (cards[0] == cards[1]) is (device is DESKTOP)
