"""Debian's Chromium for the journeys: the shell of it that has no window, where it is there, and the whole program.

A test process starts each of them once, with the one Playwright that can run at a time: to start them takes a second of
processor time, and a context of their own keeps the stories apart.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Playwright, sync_playwright

from tests.conftest import chromium

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# Pages share a process where they can: for each that is opened, one process less is started.
ONE_PROCESS = ("--disable-site-isolation-trials", "--renderer-process-limit=1")
# So that a test may ask what a browser keeps of a page for Back: Playwright switches it off.
KEEPS_PAGES_FOR_BACK = "--disable-back-forward-cache"


@dataclass
class _Kept:
    """Playwright, its event loop, its browsers by how they were started, and who uses them now."""

    playwright: Playwright
    loop: asyncio.AbstractEventLoop
    browsers: dict[tuple[str, ...], Browser] = field(default_factory=dict)
    used: Counter[tuple[str, ...]] = field(default_factory=Counter)


_kept: list[_Kept] = []


def without_window() -> str | None:
    """The path of the Chromium that opens a page for the least work; of the whole one where there is no other.

    The shell has the same engine and takes less than half the processor time. It keeps no page for Back: what tests
    that uses the whole one.
    """
    return os.environ.get("EVERYFAMILY_CHROMIUM") or shutil.which("chromium-headless-shell") or chromium()


@contextmanager
def a_browser(*more: str) -> Iterator[Browser]:
    """A browser without a window, which keeps no page for Back; `more` are flags."""
    with _started(str(without_window()), *ONE_PROCESS, *more) as browser:
        yield browser


@contextmanager
def a_whole_browser() -> Iterator[Browser]:
    """A browser as people have it: it keeps the pages that were left, to show them at once on Back."""
    with _started(str(chromium()), keeps_pages=True) as browser:
        yield browser


@contextmanager
def _started(program: str, *more: str, keeps_pages: bool = False) -> Iterator[Browser]:
    """The browser that is started so. When the last who has it has gone, no page of it is open.

    Playwright's event loop is this thread's only while somebody has a browser: Django works in none.
    """
    how = (program, *more)
    if not _kept:
        _kept.append(_Kept(sync_playwright().start(), asyncio.get_running_loop()))
    [kept] = _kept
    asyncio._set_running_loop(kept.loop)
    kept.used[how] += 1
    try:
        if how not in kept.browsers:
            kept.browsers[how] = kept.playwright.chromium.launch(
                executable_path=program,
                args=[*FLAGS, *more],
                ignore_default_args=[KEEPS_PAGES_FOR_BACK] if keeps_pages else None,
            )
        yield kept.browsers[how]
    finally:
        kept.used[how] -= 1
        if not kept.used[how] and how in kept.browsers:
            for context in kept.browsers[how].contexts:
                context.close()
        if not kept.used.total():
            asyncio._set_running_loop(None)


def end_browsers() -> None:
    """Close what this process has started."""
    if _kept:
        kept = _kept.pop()
        asyncio._set_running_loop(kept.loop)
        for browser in kept.browsers.values():
            browser.close()
        kept.playwright.stop()


def follow(leads: Locator) -> None:
    """Press what leads to another page, and wait until that page is there: a click waits for nothing."""
    with leads.page.expect_event("domcontentloaded", timeout=60_000):
        leads.click()
