"""Debian's Chromium for the journeys: the shell of it that has no window, where it is there, and the whole program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Playwright, sync_playwright

from tests.conftest import chromium

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# So that a test may ask what a browser keeps of a page for Back: Playwright switches it off.
KEEPS_PAGES_FOR_BACK = "--disable-back-forward-cache"


def without_window() -> str | None:
    """The path of the Chromium that opens a page for the least work; of the whole one where there is no other.

    The shell has the same engine and takes less than half the processor time. It keeps no page for Back: what tests
    that launches the whole one.
    """
    return os.environ.get("EVERYFAMILY_CHROMIUM") or shutil.which("chromium-headless-shell") or chromium()


def launched(playwright: Playwright, *more: str) -> Browser:
    """A browser without a window, which keeps no page for Back; `more` are flags."""
    return playwright.chromium.launch(executable_path=without_window(), args=[*FLAGS, *more])


def launched_whole(playwright: Playwright) -> Browser:
    """A browser as people have it: it keeps the pages that were left, to show them at once on Back."""
    return playwright.chromium.launch(
        executable_path=chromium(), args=list(FLAGS), ignore_default_args=[KEEPS_PAGES_FOR_BACK]
    )


@contextmanager
def a_browser() -> Iterator[Browser]:
    """`launched`, by a Playwright of its own that ends with the block: only one can run at a time."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


def follow(leads: Locator) -> None:
    """Press what leads to another page, and wait until that page is there: a click waits for nothing."""
    with leads.page.expect_event("domcontentloaded", timeout=60_000):
        leads.click()
