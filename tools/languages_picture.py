"""Make the picture of the parent site in its languages: the page about signs, as a phone shows it.

    python tools/languages_picture.py DEMO/site/public     (a demonstration's site, which shows drafts)

Letters that this machine has no typeface for are set in those of the print.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import io
import os
import shutil
import tempfile
import threading
from pathlib import Path

from pictures import chromium
from PIL import Image
from playwright.sync_api import sync_playwright

_ROOT = Path(__file__).parents[1]
_OUT = _ROOT / "docs" / "pictures" / "languages.png"
_FONTS = _ROOT / "src" / "everyfamily" / "rendering" / "fonts"
_WIDTH, _HEIGHT, _SHOWN, _GAP, _ACROSS = 390, 1560, 250, 12, 5


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Draw the page in each language beside English."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("site", type=Path, metavar="PUBLIC")
    site: Path = asked.parse_args().site
    pages = sorted(page.relative_to(site).parent.as_posix() for page in site.glob("*/*/signs/index.html"))
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        drawn = _pictures(f"http://127.0.0.1:{server.server_port}", pages)
        server.shutdown()
    height = round(_HEIGHT * _SHOWN / _WIDTH)
    down = -(-len(drawn) // _ACROSS)
    sheet = Image.new("RGB", (_GAP + _ACROSS * (_SHOWN + _GAP), _GAP + down * (height + _GAP)), "#d9dfe0")
    for number, picture in enumerate(drawn):
        at = (_GAP + number % _ACROSS * (_SHOWN + _GAP), _GAP + number // _ACROSS * (height + _GAP))
        sheet.paste(picture.resize((_SHOWN, height), Image.Resampling.LANCZOS), at)
    sheet.quantize(48).save(_OUT, optimize=True)


def _pictures(address: str, pages: list[str]) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as room, sync_playwright() as playwright:
        shutil.copytree(_FONTS, Path(room) / "fonts")
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"], env={**os.environ, "XDG_DATA_HOME": room}
        )
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        found = []
        for one in pages:
            page.goto(f"{address}/{one}/")
            page.evaluate("document.fonts.ready.then(() => 0)")
            found.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
        browser.close()
    return found


if __name__ == "__main__":
    main()
