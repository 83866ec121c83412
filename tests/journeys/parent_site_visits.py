"""The parent site as families meet it: on which device, at which address, in whose words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from everyfamily.parentsite.furniture import furniture_of
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import UNKNOWN, Site, pages_of
from everyfamily.parentsite.site import Page as SitePage
from tests.factories.crossed import crossed
from tests.journeys.site_servers import Served

TERM = "spring-2027"
LANGUAGES = ("en", "ar", "pl", "ur")
"""Those that the site is given in here: both directions, and the two right-to-left hands."""
in_each_language = pytest.mark.parametrize(
    "language", [*("en", "ur"), *(pytest.param(tag, marks=pytest.mark.nightly) for tag in ("ar", "pl"))]
)
"""`make test` has the two that differ most: from left to right, and from right to left in a hand of its own."""
in_urdu_at_least = pytest.mark.parametrize(
    "language", ["ur", *(pytest.param(tag, marks=pytest.mark.nightly) for tag in ("en", "ar", "pl"))]
)
"""Where the hand of its own is what is hard, and each look takes seconds."""


class Device(NamedTuple):
    """What a parent holds, and whether it runs JavaScript."""

    name: Literal["phone", "desktop"]
    width: int
    height: int
    script: bool = True

    def __str__(self) -> str:
        return f"{self.name} of {self.width}, {'with' if self.script else 'without'} JavaScript"


PHONE, DESKTOP = Device("phone", 390, 844), Device("desktop", 1280, 900)
DEVICES = tuple(one._replace(script=script) for one in (PHONE, DESKTOP) for script in (True, False))
BY_NIGHT = tuple(one for one in DEVICES if one.script is not (one.name == "phone"))
"""`make test` has a phone with JavaScript and a desk without."""
on_each_device = crossed(BY_NIGHT, device=DEVICES)


@dataclass(frozen=True)
class Exported:
    """An export: its site, its folder, and the public key that its seals must have."""

    site: Site
    folder: Path
    sealing_key: str

    @property
    def public(self) -> Path:
        """The web root."""
        return self.folder / "public"

    @property
    def letter(self) -> SealedLetter:
        """The one letter of it."""
        return self.site.current

    def pages(self) -> list[tuple[str, SitePage]]:
        """Each page in each language, as (tag, page), except those without an address of their own."""
        every = [page for page in pages_of(self.site) if page.path != UNKNOWN]
        return [(tag, page) for tag in self.site.languages for page in every]

    def addresses(self, *languages: str) -> list[str]:
        """Address of each page in these languages (none: in each), and of one that is not there in each."""
        wanted = languages or self.site.languages
        missing = [address(tag, "no-such-page") for tag in wanted]
        return [address(tag, page.path) for tag, page in self.pages() if tag in wanted] + missing


def address(tag: str, path: str = "") -> str:
    """The address of a page ("" is home) in a language, from the site's root."""
    return "/" + "".join(f"{part}/" for part in ("" if tag == "en" else tag, path) if part)


def say(tag: str, english: str, **values: str) -> str:
    """The furniture's words in a language, as a person would name a button by."""
    return furniture_of(tag).say(english, **values)


@dataclass
class Visit:
    """A page that is open, with everything its browser asked for and every complaint in its console."""

    context: BrowserContext
    page: Page
    asked: list[Request] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def opens(self, where: str) -> None:
        """Go there, and wait until the page and all its parts have come."""
        self.page.goto(where)
        # Not in the page: it may not run JavaScript.
        for _ in range(200):
            if self.page.evaluate("document.fonts.status") == "loaded":
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{where} waits for its letters still")


@contextmanager
def visiting(browser: Browser, served: Served, device: Device = PHONE, **more: Any) -> Iterator[Visit]:
    """A browser that has kept nothing, on this device; `more` goes to Playwright's context."""
    visit = _visit(browser, served, device, **more)
    yield visit
    visit.context.close()


_reading: dict[tuple[Browser, str, str, bool], Visit] = {}


@contextmanager
def reading(browser: Browser, served: Served, device: Device = PHONE) -> Iterator[Visit]:
    """The same for a test that only reads and follows links: with the page of an earlier one of its file, if there is
    one. To open another takes longer than to read it. The browser may have kept what was read before."""
    how = (browser, served.url, device.name, device.script)
    if how not in _reading or _reading[how].page.is_closed():
        _reading[how] = _visit(browser, served, device)
    visit = _reading[how]
    visit.page.set_viewport_size({"width": device.width, "height": device.height})
    visit.asked.clear()
    visit.said.clear()
    yield visit


def _visit(browser: Browser, served: Served, device: Device, **more: Any) -> Visit:
    context = browser.new_context(
        base_url=served.url,
        viewport={"width": device.width, "height": device.height},
        java_script_enabled=device.script,
        has_touch=device.name == "phone",
        is_mobile=device.name == "phone",
        **more,
    )
    visit = Visit(context, context.new_page())
    context.on("request", lambda request: visit.asked.append(request))
    visit.page.on("console", lambda message: visit.said.append(message.text))
    visit.page.on("pageerror", lambda error: visit.said.append(str(error)))
    return visit
