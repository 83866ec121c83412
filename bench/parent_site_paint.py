"""What a page of the parent site costs an old phone: bytes, first paint on a slowed processor and line, layout shift.

Debian's Chromium at 390 by 844, its processor slowed six times and the line held to 1.6 Mbit/s with 150 ms, as a cheap
phone has it; a new browser context for every visit, so nothing is kept. For comparison, each page has a page of one
line, served and visited in the same way: what the browser itself costs. The median of five visits.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.export_parent_site import real_site
from everyfamily.parentsite.export import export_site
from everyfamily.parentsite.serving import site_app
from tests.conftest import chromium

VISITS = 5
SLOWER = 6
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
PAGES = (
    *("", "spring-2027/", "spring-2027/signs/", "spring-2027/noticed/", "help/", "genuine/"),
    *("ur/spring-2027/signs/", "ar/help/", "pl/help/"),
)
PLAIN = "plain/"
_WATCH = """
window.shift = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) window.shift += one.value; })
  .observe({type: "layout-shift", buffered: true});
"""


@contextmanager
def serving(public: Path) -> Iterator[str]:
    """The site on this machine, gzip as nginx would."""
    server = create_server(site_app(public, ""), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def visit(browser: Browser, address: str) -> tuple[int, float, float]:
    """Bytes received, milliseconds to the first contentful paint, and the sum of layout shifts."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.add_init_script(_WATCH)
    wire = context.new_cdp_session(page)
    received = 0

    def count(event: dict[str, Any]) -> None:
        nonlocal received
        received += int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", count)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1200)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    shift = page.evaluate("window.shift")
    context.close()
    return received, float(paint), float(shift)


def main() -> None:
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        folder = Path(place)
        export_site(real_site(folder), folder / "site")
        public = folder / "site" / "public"
        (public / "plain").mkdir()
        (public / "plain" / "index.html").write_text(
            "<!doctype html><html lang=en><title>One line</title><p>One line."
        )
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        print(f"{'page':<26}{'kB':>8}{'first paint':>14}{'shift':>9}")
        with serving(public) as where:
            for name in (PLAIN, *PAGES):
                seen = [visit(browser, f"{where}/{name}") for _ in range(VISITS)]
                size, paint, shift = (statistics.median(values) for values in zip(*seen, strict=True))
                print(f"/{name:<25}{size / 1000:>8.1f}{paint:>11.0f} ms{shift:>9.4f}")
        browser.close()


if __name__ == "__main__":
    main()
